"""Writes a small report in a native format from the rows that are not 0, for the tests of `gouji check`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from samples.recipe.page import write_page
from samples.recipe.pdf import write_pdf
from samples.recipe.plain import write_dump
from samples.recipe.sample import Expected, Sample, Section
from samples.recipe.word import write_word

WRITERS: dict[str, Callable[[Sample], bytes]] = {
    "html": write_page,
    "docx": write_word,
    "dump": write_dump,
    "pdf": write_pdf,
}
SUFFIXES = {"html": "html", "docx": "docx", "dump": "txt", "pdf": "pdf"}
Rows = Mapping[str, str]  # row code -> its figures, separated by spaces


def write_report(
    folder: Path,
    form: str,
    applications: Rows | None = None,
    disputes: Rows | None = None,
    disclosure: Rows | None = None,
    year: int = 2023,
    said: Sequence[str] = (),
    agency: str = "某县水务局",
    edition: str | None = None,
) -> Path:
    """The report of an agency for a year, with `said` as its first paragraphs."""
    title = f"{agency}{year}年政府信息公开工作年度报告"
    period = f"本报告所列数据的统计期限自{year}年1月1日起，至{year}年12月31日止。"
    headings = [section.chinese for section in _edition(edition, year).sections]
    tables = {1: "T2", 2: "T3", 3: "T4"}
    sections = tuple(
        Section(
            heading=f"{number}、{heading}",
            paragraphs=tuple(said) if place == 0 else (() if place in tables else ("无。",)),
            table=tables.get(place),
        )
        for place, (number, heading) in enumerate(zip("一二三四五六", headings, strict=True))
    )
    sample = Sample(
        file=f"{title}.{SUFFIXES[form]}",
        format=form,  # type: ignore[arg-type]
        edition=_edition(edition, year).code,
        title=title,
        title_lines=(title,),
        letterhead=f"{agency}文件",
        document_number=f"水发〔{year + 1}〕2号",
        signatory="甲",
        opening=(title, period) if form == "html" else (period,),
        signature=(agency, f"{year + 1}年1月20日"),
        sections=sections,
        cells={
            table: {row: tuple(figures.split()) for row, figures in (rows or {}).items()}
            for table, rows in (("T2", disclosure), ("T3", applications), ("T4", disputes))
        },
        expected=Expected(metadata={}, forms={}, facts=()),
    )
    path = folder / sample.file
    path.write_bytes(WRITERS[form](sample))
    return path


def _edition(code: str | None, year: int):  # type: ignore[no-untyped-def]
    from catalogue.load import load_catalogue

    return load_catalogue().edition(code or ("table_2021" if year >= 2021 else "table_2019"))
