"""Run, decide, run again, from the inbox to the release: what people decide is published, outlasts another version of the
parser, and lapses in sight of all where the printed text or the bytes change.

The tests share one home and follow each other in the order of the file.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from composed_report import write_report
from sample_release import MOMENT, build_warehouse, fixed_moment, publish_warehouse, read_inbox, run_dbt
from typer.testing import CliRunner

from disclosure.publish import Release
from orchestration.cli import app
from orchestration.resources import Home
from orchestration.validation import validate_now

YEAR = 2023
A_DAY_LATER = str(int(MOMENT) + 86_400)
AUDIT, SPORTS, FINANCE, WATER = "绥滨县审计局", "绥滨县体育局", "绥滨县财政局", "绥滨县水务局"
VETERANS = "绥滨县退役军人事务局"
MISPRINTED = {
    "requests_received": "6 0 0 0 0 0 6",
    "granted_full": "6 1 0 0 0 0 6",
    "outcomes_total": "6 0 0 0 0 0 6",
}


@dataclass(frozen=True)
class Deciding:
    """The home of the tests, and its inbox."""

    home: Home
    inbox: Path

    def release(self, again: bool = True, moment: str = MOMENT) -> Release:
        """What a run does, without Dagster's records and without the gate."""
        with fixed_moment(moment):
            read_inbox(self.home)
            run_dbt(self.home, "run") if again else build_warehouse(self.home)
            return publish_warehouse(self.home)

    def decide(self, agency: str, cell: str, *how: str) -> None:
        """`gouji decide` about the report of an agency."""
        report = next(self.inbox.glob(f"{agency}*")).name
        who = ("--who", "张三", "--why", "与原件核对", "--on", "2024-03-01", "--home", str(self.home.path))
        result = CliRunner().invoke(app, ["decide", "--report", report, "--cell", cell, *how, *who])
        assert result.exit_code == 0, result.output


def ask(release: Release, query: str, *values: object) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(release.marts), read_only=True) as marts:
        return marts.execute(query, list(values)).fetchall()


def published(release: Release, table: str) -> dict[str, tuple[Any, ...]]:
    """Agency -> the decided cell as filed and as published."""
    rows = ask(
        release,
        "SELECT agency_name, printed, value::int, value_published::int, value_source FROM quality.cells_as_filed "
        "WHERE (table_code, row_code, column_code) IN (('T3', 'granted_full', 'org_business'), "
        f"('T4', 'reconsideration', 'total'), ('T2', 'administrative_licensing', 'decisions')) AND table_code = '{table}'",
    )
    return {agency: tuple(rest) for agency, *rest in rows}


def corrections(release: Release) -> dict[tuple[str, str], tuple[Any, ...]]:
    rows = ask(
        release,
        "SELECT agency_name, table_code, state, reason, decided_value::int, value_published::int, who, evidence, decided_on "
        "FROM quality.corrections",
    )
    return {(agency, table): tuple(rest) for agency, table, *rest in rows}


@pytest.fixture(scope="module")
def deciding(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deciding]:
    folder = tmp_path_factory.mktemp("deciding")
    inbox = folder / "inbox"
    inbox.mkdir()
    write_report(inbox, "html", applications=MISPRINTED, agency=AUDIT, year=YEAR)
    write_report(inbox, "html", applications=MISPRINTED, agency=WATER, year=YEAR)
    for agency in (SPORTS, VETERANS):
        write_report(inbox, "html", disputes={"reconsideration": "4 0 0 0 3"}, agency=agency, year=YEAR)
    write_doubtful(inbox)
    yield Deciding(Home(folder=str(folder / "home"), inbox_folder=str(inbox)), inbox)


def write_doubtful(inbox: Path) -> None:
    """A text of one cell a line that lost two rows: whose the figure above them is, the text does not tell."""
    path = write_report(inbox, "dump", disclosure={"administrative_licensing": "25"}, agency=FINANCE, year=YEAR)
    lines = [cell for line in path.read_text(encoding="utf-8").split("\n") for cell in line.split("\t") if cell]
    lost = slice(lines.index("第二十条第(六)项"), lines.index("第二十条第(八)项"))
    del lines[lost]
    path.write_text("\n".join(lines), encoding="utf-8")


@pytest.fixture(scope="module")
def before(deciding: Deciding) -> Release:
    return deciding.release(again=False)


@pytest.fixture(scope="module")
def decided(deciding: Deciding, before: Release) -> Release:
    deciding.decide(AUDIT, "T3/granted_full/org_business", "--accept-suggestion")
    deciding.decide(WATER, "T3/granted_full/org_business", "--accept-suggestion")
    for agency in (SPORTS, VETERANS):
        deciding.decide(agency, "T4/reconsideration/total", "--value", "4", "--evidence", "更正公告〔2024〕3号")
    deciding.decide(FINANCE, "T2/administrative_licensing/decisions", "--confirm-printed")
    return deciding.release()


def test_before_anyone_decides_doubtful_figures_are_withheld(before: Release) -> None:
    assert published(before, "T3")[AUDIT] == ("1", 1, None, "withheld")
    assert published(before, "T4")[SPORTS] == ("3", 3, None, "withheld")
    assert published(before, "T2")[FINANCE] == ("25", 25, None, "withheld")
    assert corrections(before) == {}


def test_three_kinds_of_decisions_are_published_with_who_and_why(decided: Release) -> None:
    assert published(decided, "T3")[AUDIT] == ("1", 1, 0, "corrected")
    assert published(decided, "T4")[SPORTS] == ("3", 3, 4, "corrected")
    assert published(decided, "T2")[FINANCE] == ("25", 25, 25, "printed")
    said, on = ("张三", None), (date(2024, 3, 1),)
    assert corrections(decided) == {
        (AUDIT, "T3"): ("applied", None, 0, 0, *said, *on),
        (WATER, "T3"): ("applied", None, 0, 0, *said, *on),
        (SPORTS, "T4"): ("applied", None, 4, 4, "张三", "更正公告〔2024〕3号", *on),
        (VETERANS, "T4"): ("applied", None, 4, 4, "张三", "更正公告〔2024〕3号", *on),
        (FINANCE, "T2"): ("applied", None, None, 25, *said, *on),
    }
    facts = ask(
        decided,
        "SELECT value::int, value_source, count(*) FROM marts.fct_review_litigation WHERE agency_name = ? "
        "AND row_code = 'reconsideration' GROUP BY ALL ORDER BY ALL",
        SPORTS,
    )
    assert facts == [(0, "printed", 3), (4, "corrected", 1), (4, "printed", 1)], "the row ties now and is released"
    withheld = "SELECT count(*) FROM quality.quarantine WHERE kind = 'cell'"
    assert ask(decided, withheld) == [(0,)]


def test_the_ledger_goes_on_judging_what_is_printed(decided: Release) -> None:
    broken = ask(decided, "SELECT DISTINCT rule_id FROM quality.identity_ledger WHERE outcome = 'broken' ORDER BY 1")
    assert broken == [("T3-R02",), ("T3-R03",), ("T4-R01",)]


def test_the_gate_passes_decided_figures(deciding: Deciding, decided: Release) -> None:
    run = validate_now(deciding.home)
    assert run.passed, run.reasons
    compared = {check.table: check for check in run.checks if check.rule_id == "F-REGRESSION"}
    assert compared.keys() == {"quality.identity_ledger", "quality.plausibility_ledger"}, "with the release before"
    assert all(check.state == "passed" and check.population for check in compared.values())


@pytest.fixture(scope="module")
def later(deciding: Deciding, decided: Release) -> Release:
    """One agency replaces its report by one with another figure; every other report is read by another parser; and the store says
    of one that another text was printed there, as after a reader that reads the cell otherwise."""
    new = deciding.inbox / "new"
    new.mkdir()
    replaced = write_report(
        new, "html", applications={**MISPRINTED, "granted_full": "6 2 0 0 0 0 6"}, agency=WATER, year=YEAR
    )
    shutil.move(replaced, deciding.inbox / f"更正后{replaced.name}")
    new.rmdir()
    expect_another_text(deciding.home.path, report_of(decided, VETERANS))
    with pytest.MonkeyPatch.context() as patch:
        for module in ("disclosure.parse", "orchestration.assets.extract", "orchestration.plan"):
            patch.setattr(f"{module}.PARSER_VERSION", "another")
        return deciding.release(moment=A_DAY_LATER)


def report_of(release: Release, agency: str) -> str:
    ((report_id,),) = ask(release, "SELECT report_id FROM marts.dim_report WHERE agency_name = ?", agency)
    return str(report_id)


def expect_another_text(home: Path, report_id: str) -> None:
    [store] = [path for path in (home / "decisions").glob("*.yaml") if report_id in path.read_text(encoding="utf-8")]
    text = store.read_text(encoding="utf-8")
    assert text.count("expect: '3'") == 1, text
    store.write_text(text.replace("expect: '3'", "expect: '8'"), encoding="utf-8")


def test_decisions_outlast_the_parser_and_lapse_with_the_bytes(later: Release) -> None:
    assert {version for (version,) in ask(later, "SELECT DISTINCT parser_version FROM marts.dim_report")} == {"another"}
    assert published(later, "T3")[AUDIT] == ("1", 1, 0, "corrected")
    assert published(later, "T4")[SPORTS] == ("3", 3, 4, "corrected")
    assert published(later, "T2")[FINANCE] == ("25", 25, 25, "printed")
    states = {key: found[:2] for key, found in corrections(later).items()}
    assert states[AUDIT, "T3"] == ("applied", None)
    assert states[WATER, "T3"] == ("lapsed", "report_superseded")
    current = ask(
        later,
        "SELECT printed, value, value_source FROM marts.fct_applications WHERE agency_name = ? "
        "AND (row_code, column_code) = ('granted_full', 'org_business')",
        WATER,
    )
    assert current == [("2", None, "withheld")], "nobody has decided about this one"
    told = ask(
        later,
        "SELECT message FROM quality.findings WHERE code = 'decision_lapsed' AND agency_name = ? AND source LIKE '%更正后%'",
        WATER,
    )
    assert len(told) == 1 and "另一版本" in told[0][0] and "张三" in told[0][0]


def test_a_decision_lapses_where_the_reading_gives_another_text(later: Release) -> None:
    assert published(later, "T4")[VETERANS] == ("3", 3, None, "withheld")
    assert corrections(later)[VETERANS, "T4"][:2] == ("lapsed", "printed_text_differs")
    (told,) = ask(
        later, "SELECT message FROM quality.findings WHERE code = 'decision_lapsed' AND agency_name = ?", VETERANS
    )
    assert "决定时印为“8”，现印为“3”" in told[0]
