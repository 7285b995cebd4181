"""One filing that never was: agency, year, tables as printed, sections, signature, and the truth about all of it.

Here belong the agency's name, the composed sentences and the filers' own mistakes. The sentences are the project's own and state
only what the tables hold. What does not belong here: numbers (`figures`) and page layout.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from benchmarks.corpus.continuity import Career
from benchmarks.corpus.figures import CellKey, Figures, Printed, draw_figures, edition_for
from catalogue.load import CATALOGUE_ROOT
from catalogue.model import Edition, Table

FIRST_YEAR, LAST_YEAR = 2019, 2025
_DEPARTMENTS = (
    "财政局", "教育局", "司法局", "公安局", "民政局", "卫生健康局", "交通运输局", "农业农村局", "审计局", "水利局", "统计局", "医疗保障局",
    "应急管理局", "市场监督管理局", "人力资源和社会保障局", "住房和城乡建设局", "自然资源局", "文化和旅游局", "退役军人事务局", "发展和改革局",
)  # fmt: skip
_JURISDICTION_SHARE = 0.08


@dataclass(frozen=True, slots=True)
class Section:
    """One of the six parts: `table` is the code of the statutory table it holds."""

    heading: str
    paragraphs: tuple[str, ...]
    table: str | None = None


@dataclass(frozen=True, slots=True)
class Filing:
    """A filing before it is printed in some format. `mistakes` are cells the filer got wrong: printed and read as such."""

    agency_name: str
    region_code: str
    report_year: int
    edition: Edition
    form_variant: str | None
    figures: Figures
    title: str
    sections: tuple[Section, ...]
    signed_on: date | None  # None: nowhere dated
    drawn: Figures  # what the agency really counted, before mistakes and nil marks
    mistakes: tuple[CellKey, ...] = ()
    page_code: str | None = None  # unified social credit code on the card of the page

    def table(self, code: str) -> Table:
        table = self.edition.table(code)
        if table is None:
            raise ValueError(f"{self.edition.code} has no table {code}")
        return table

    def printed(self, table: str, row_code: str, column_code: str) -> str | None:
        return self.figures[(table, row_code, column_code)].text

    def with_printed(self, changes: dict[CellKey, Printed]) -> Filing:
        """The filing with other texts in some cells."""
        return replace(self, figures={**self.figures, **changes})


@dataclass(frozen=True, slots=True)
class Filer:
    """Who reports on which year."""

    agency_name: str
    region_code: str
    report_year: int


def draw_filer(random_source: random.Random, year: int) -> Filer:
    """A county-level agency, now and then a government."""
    region_code, region = random_source.choice(counties(year))
    jurisdiction = random_source.random() < _JURISDICTION_SHARE
    return Filer(f"{region}{'人民政府' if jurisdiction else random_source.choice(_DEPARTMENTS)}", region_code, year)


def every_filer(year: int) -> list[Filer]:
    """All county-level agencies of a year, in a fixed order."""
    return [Filer(f"{region}{body}", code, year) for code, region in counties(year) for body in _DEPARTMENTS]


def draw_filing(random_source: random.Random, busy: bool | None = None, filer: Filer | None = None) -> Filing:
    """A filing; the draw decides edition, figures and words, and who files it unless that is given: the figures of a filer
    that is given fit those of its other years."""
    year = filer.report_year if filer else random_source.randint(FIRST_YEAR, LAST_YEAR)
    edition, variant = edition_for(year, random_source)
    career = Career(filer.agency_name, year) if filer else None
    figures = draw_figures(random_source, edition, variant, busy, career)
    filer = filer or draw_filer(random_source, year)
    signed_on = date(year + 1, 1, 4) + timedelta(days=random_source.randint(0, 26))
    received = figures["T3", "requests_received", "total"].value or Decimal(0)
    return compose_filing(random_source, filer, (edition, variant), figures, received, signed_on)


def compose_filing(
    random_source: random.Random,
    filer: Filer,
    form: tuple[Edition, str | None],
    figures: Figures,
    received: Decimal,
    signed_on: date | None,
) -> Filing:
    """The filing of these figures on an edition and its variant; the draw decides its words. An edition without tables is
    prose alone, which states how many requests were received."""
    edition, variant = form
    return Filing(
        agency_name=filer.agency_name,
        region_code=filer.region_code,
        report_year=filer.report_year,
        edition=edition,
        form_variant=variant,
        figures=figures,
        title=f"{filer.agency_name}{filer.report_year}年政府信息公开工作年度报告",
        sections=_write_sections(random_source, edition, received, filer),
        signed_on=signed_on,
        drawn=figures,
    )


@lru_cache(maxsize=16)
def counties(year: int) -> tuple[tuple[str, str], ...]:
    """Code and full name, with the prefecture before it, of the county-level units of a year."""
    with (CATALOGUE_ROOT / "regions" / "regions.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if int(row["valid_from"]) <= year <= int(row["valid_to"] or 9999)]
    names = {row["code"]: row["name"] for row in rows}
    return tuple(
        (row["code"], f"{names[row['parent_code']]}{row['name']}")
        for row in rows
        if row["level"] == "county" and row["parent_code"] in names and names[row["parent_code"]].endswith(("市", "州"))
    )


def date_line(signed_on: date | None) -> tuple[str, ...]:
    """The date below the text, of a filing that has one."""
    return (f"{signed_on.year}年{signed_on.month}月{signed_on.day}日",) if signed_on else ()


def make_mistake(random_source: random.Random, filing: Filing) -> Filing:
    """One cell of 表三 that the filer got wrong by a little: printed so, and to be read so."""
    keys = sorted(key for key in filing.figures if key[0] == "T3")
    key = random_source.choice(keys)
    value = (filing.figures[key].value or Decimal(0)) + random_source.choice((1, 1, 2, 5, 10))
    changed = filing.with_printed({key: Printed(str(value), value)})
    return replace(changed, mistakes=(key,))


def leave_totals_blank(random_source: random.Random, filing: Filing) -> Filing:
    """The total column of the outcome rows left empty, as some agencies do."""
    del random_source
    leaves = {row.code for row in filing.table("T3").rows if row.leaf}
    blank = {
        key: Printed("", None) for key in filing.figures if key[0] == "T3" and key[1] in leaves and key[2] == "total"
    }
    return filing.with_printed(blank)


def mark_nothing(random_source: random.Random, filing: Filing) -> Filing:
    """Zeros of 表二 and 表三 printed as one of the marks for nothing; the totals of 表三 stay numbers."""
    mark, value = random_source.choice(
        (("/", None), ("-", None), ("——", None), ("", None), ("无", Decimal(0)), ("０", Decimal(0)))
    )
    changes = {
        key: Printed(mark, value)
        for key, printed in filing.figures.items()
        if printed.value == 0 and key[0] in ("T2", "T3") and key[2] != "total"
    }
    return filing.with_printed(changes)


def leave_zeros_blank(random_source: random.Random, filing: Filing) -> Filing:
    """Some of the zeros of 表三 left empty, without any order."""
    changes = {
        key: Printed("", None)
        for key, printed in filing.figures.items()
        if printed.value == 0 and key[0] == "T3" and random_source.random() < 0.5
    }
    return filing.with_printed(changes)


def add_units(random_source: random.Random, filing: Filing) -> Filing:
    """Counts with their unit, or between wide spaces, as some agencies type them."""
    wording = random_source.choice(("{}件", "{} 件", "\u3000{}", "{}\u00a0"))
    changes = {
        key: Printed(wording.format(printed.text), printed.value)
        for key, printed in filing.figures.items()
        if key[0] in ("T3", "T4") and printed.text and printed.text.isdigit()
    }
    return filing.with_printed(changes)


def _write_sections(
    random_source: random.Random, edition: Edition, received: Decimal, filer: Filer
) -> tuple[Section, ...]:
    headings = {
        "T2": "二、主动公开政府信息情况",
        "T3": "三、收到和处理政府信息公开申请情况",
        "T4": "四、政府信息公开行政复议、行政诉讼情况",
    }
    return (
        Section("一、总体情况", _write_overview(random_source, received, filer)),
        *(Section(heading, (), code) for code, heading in headings.items() if edition.table(code)),
        Section("五、存在的主要问题及改进情况", (random_source.choice(_PROBLEMS), random_source.choice(_IMPROVEMENTS))),
        Section("六、其他需要报告的事项", (random_source.choice(_OTHER_MATTERS),)),
    )


Prepare = Callable[[random.Random, Filing], Filing]  # a change of what a filing prints, made before it is printed

_PROBLEMS = (
    "过去一年的工作仍有短板：栏目更新有快有慢，解读材料以文字为主，基层经办人员流动较大，业务衔接不够顺畅。",
    "从检查的情况看，公开内容与群众关心的事项贴得还不够紧，少数栏目内容偏旧，台账登记也不够细致。",
)
_IMPROVEMENTS = (
    "下一步将逐栏核对内容，明确每个栏目的经办人和更新时限，按季组织一次业务交流，把发布前的审核做实做细。",
    "今后准备把公开要求写进办文流程，增加图表和问答形式的解读，并安排新任经办人员跟班学习。",
)
_OTHER_MATTERS = ("无其他需要报告的事项。", "本年度未收取信息处理费，没有其他需要报告的事项。", "无。")


def _write_overview(random_source: random.Random, received: Decimal, filer: Filer) -> tuple[str, ...]:
    agency, year = filer.agency_name, filer.report_year
    published = random_source.randint(20, 4000)
    requests = (
        f"全年共收到政府信息公开申请{received}件，均按规定登记办理。" if received else "全年未收到政府信息公开申请。"
    )
    return (
        f"本报告由{agency}按照《中华人民共和国政府信息公开条例》的要求编制，所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。",
        f"（一）主动公开。全年通过门户网站主动公开政府信息{published}条。",
        f"（二）依申请公开。{requests}",
        "（三）政府信息管理。各科室报送的信息先审后发，已发布的内容定期复核，失效的及时标注。",
        "（四）平台建设。栏目按统一目录设置，检索和下载功能保持可用。",
        "（五）监督保障。公开工作列入年度考核，设有意见箱和监督电话。",
    )
