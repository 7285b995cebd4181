"""A made nation of some tens of agencies, as raw files with an operator's lists, through the whole run: what is published of its agencies,
its coverage and its roll-ups is exactly what the nation knows of itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pytest
from sample_release import build_warehouse, publish_warehouse, read_inbox

from benchmarks.nationwide.careers import Told
from benchmarks.nationwide.compare import compare
from benchmarks.nationwide.inbox import Entered, Nation, Plan, plan_nation, write_inbox
from benchmarks.nationwide.known import Known
from benchmarks.nationwide.papers import Fate
from benchmarks.nationwide.truth import COLUMNS, Truth
from orchestration.resources import Home

YEARS = range(2018, 2024)
PLACES, ORGANS = 8, 4


@dataclass(frozen=True)
class Published:
    nation: Nation
    entered: list[Entered]
    known: Known
    truth: Truth
    release: Path


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    folder = tmp_path_factory.mktemp("nation")
    nation = plan_nation(Plan(folder, PLACES, ORGANS, YEARS))
    entered = write_inbox(nation)
    home = Home(folder=str(folder / "home"), inbox_folder=str(nation.plan.inbox))
    read_inbox(home)
    build_warehouse(home)
    known = Known(nation, entered)
    return Published(nation, entered, known, Truth(known), publish_warehouse(home).path)


def test_everything_that_can_befall_a_filing_does(published: Published) -> None:
    fates = Counter(each.filing.fate for each in published.entered)
    assert set(fates) == set(Fate)
    papers = [file.paper for each in published.entered for file in each.files if file.paper]
    assert any(not paper.is_named for paper in papers), "a copy that does not say whose it is"
    assert any(paper.is_twice for paper in papers), "the same bytes again"
    assert any(paper.content for paper in papers), "a report that was reissued"
    assert any(len({file.paper for file in each.files}) > len(each.filing.contents) for each in published.entered)
    assert {career.takeover.told for career in published.nation.careers if career.takeover} >= {
        Told.DECLARED,
        Told.INFERRED,
    }
    assert {each.kind for each in published.known.lineage} >= {"merge", "rename", "succession"}
    assert any(career.place.successor_id for career in published.nation.careers)
    assert any(career.is_ambiguous for career in published.nation.careers)
    timeliness = {
        row[COLUMNS["coverage_by_agency"].index("timeliness")] for row in published.truth.rows("coverage_by_agency")
    }
    assert timeliness == {"on_time", "late", "undated", "no_deadline", None}


@pytest.mark.parametrize("table", COLUMNS)
def test_a_table_is_what_the_nation_knows_of_itself(table: str, published: Published) -> None:
    [difference] = [each for each in compare(published.truth, published.release) if each.table == table]
    assert difference.rows > 0
    assert difference.is_none, difference.shown()


def test_what_differs_is_noticed(published: Published) -> None:
    """A nation in which one report was never filed: coverage, roll-ups and versions of the release do not fit it."""
    [filed, *_] = [
        each for each in published.entered if each.filing.fate is Fate.FILED and each.filing.year == YEARS[2]
    ]
    missing = replace(
        filed, filing=replace(filed.filing, fate=Fate.MISSING, contents=(), papers=()), files=(), versions=()
    )
    other = Truth(Known(published.nation, [missing if each is filed else each for each in published.entered]))
    differing = {each.table for each in compare(other, published.release) if not each.is_none}
    assert differing >= {"coverage_by_agency", "coverage_rollups", "indicator_rollups", "report_versions", "coverage"}


def test_figures_go_on_from_year_to_year(published: Published) -> None:
    """What an agency carries out of a year it carries into the next, over both editions of the form and over renames, and the
    rule that watches over it agrees; only a new organ, which took nothing over, begins anew. What an organ takes over from
    another that ends is not drawn, so the years of a takeover are left out."""
    with duckdb.connect(str(published.release / "marts.duckdb"), read_only=True) as connection:
        years = connection.execute(
            """
            select later.form_version <> earlier.form_version as new_form, later.agency_id <> earlier.agency_id as renamed,
                later.requests_carried_in_total = earlier.requests_carried_out_total as goes_on, ledger.outcome = 'holds' as agreed
            from marts.agency_year as later
            join marts.dim_agency as these using (agency_id)
            join marts.agency_year as earlier on earlier.report_year = later.report_year - 1
                and earlier.reporting_scope = later.reporting_scope
            join marts.dim_agency as those on those.agency_id = earlier.agency_id and those.lineage_id = these.lineage_id
            left join quality.plausibility_ledger as ledger
                on ledger.report_id = later.report_id and ledger.rule_id = 'T3-R04' and ledger.scope = 'column:total'
                and ledger.relation = 'prior_year'
            anti join marts.dim_agency_lineage as takeover
                on takeover.agency_id = later.agency_id and takeover.year = later.report_year
            where later.reporting_scope = 'agency' and later.requests_carried_in_total is not null
                and earlier.requests_carried_out_total is not null
            """
        ).fetchall()
    assert len(years) > 60
    assert any(new_form for new_form, *_ in years)
    assert [row for row in years if not row[1] and row[2:] != (True, True)] == []


def test_the_lists_are_read_without_complaint(published: Published) -> None:
    with duckdb.connect(str(published.release / "marts.duckdb"), read_only=True) as connection:
        assert connection.execute("select * from quality.list_findings").fetchall() == []
