"""Each rule that warns, judged set-wise: it fires on its example, both years of a contradiction are shown, and nothing
fires on reports that tie."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from register_examples import broken_filing, clean_filings, related_filing, relation_of
from reorganised import LINEAGE, LISTS, RANKED, filing_of
from staged_filings import StagedFiling, as_report, stage_filings

from catalogue.load import load_catalogue
from catalogue.plausibility import PlausibilityRule, Relation
from disclosure.parse.warn import judge_report
from disclosure.reconcile.prior_year import OfferedPriors, prior_year_of

PROJECT = Path(__file__).parents[3] / "dbt_project"
RULES = load_catalogue().plausibility


def build_ledger(folder: Path) -> Path:
    """Seeds and the models under the ledger, over every example and the clean reports."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    filings = [filing for rule in RULES for filing in (broken_filing(rule), related_filing(rule)) if filing]
    stage_filings(folder / "staging", [*filings, *clean_filings(), *LINEAGE, *RANKED], LISTS)
    warehouse = folder / "warehouse.duckdb"
    places = ("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT))
    written = ("--target-path", str(folder / "target"), "--log-path", str(folder / "logs"))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("GOUJI_WAREHOUSE", str(warehouse))
        environment.setenv("GOUJI_STAGING", str(folder / "staging"))
        environment.setenv("DO_NOT_TRACK", "1")
        try:
            for command in (
                ("seed",),
                ("run", "--select", "+plausibility_ledger", "+identity_ledger", "+repair_candidates", "stg_identities"),
                ("test", "--select", "plausibility_equals_parser", "ledger_equals_parser"),
            ):
                result = dbtRunner().invoke([*command, "--quiet", *places, *written])
                assert result.success, (command, [each.message for each in result.result or () if each.message])
        finally:
            DuckDBConnectionManager.close_all_connections()
    return warehouse


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(build_ledger(tmp_path_factory.mktemp("register"))), read_only=True) as connection:
        yield connection


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.rule_id)
def test_rule_fires_on_its_example_where_it_says(ledger: duckdb.DuckDBPyConnection, rule: PlausibilityRule) -> None:
    broken = ledger.execute(
        "SELECT scope FROM quality.plausibility_ledger WHERE report_id = ? AND rule_id = ? AND outcome = 'broken' "
        "AND relation <> 'following_year'",
        [broken_filing(rule).report_id, rule.rule_id],
    ).fetchall()
    assert sorted(scope for (scope,) in broken) == sorted(rule.example.breaks)


def test_nothing_fires_on_reports_that_tie(ledger: duckdb.DuckDBPyConnection) -> None:
    clean = [filing.report_id for filing in clean_filings()]
    rows = ledger.execute(
        "SELECT report_id, rule_id, scope, left_value, right_value FROM quality.plausibility_ledger "
        "WHERE outcome = 'broken' AND report_id IN (SELECT unnest(?))",
        [clean],
    ).fetchall()
    assert rows == []
    assessed = ledger.execute(
        "SELECT count(DISTINCT rule_id) FROM quality.plausibility_ledger WHERE outcome = 'holds' "
        "AND report_id IN (SELECT unnest(?))",
        [clean],
    ).fetchone()
    assert assessed is not None and assessed[0] >= 30  # of 46; the others need the annex, a fact or another version


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if relation_of(rule) is Relation.PRIOR_YEAR], ids=lambda rule: rule.rule_id
)
def test_what_two_years_contradict_stands_with_both(ledger: duckdb.DuckDBPyConnection, rule: PlausibilityRule) -> None:
    later, earlier = broken_filing(rule), related_filing(rule)
    assert earlier is not None
    query = (
        "SELECT scope, related_report_id FROM quality.plausibility_ledger "
        "WHERE report_id = ? AND rule_id = ? AND relation = ? AND outcome = 'broken' ORDER BY scope"
    )
    with_later = ledger.execute(query, [later.report_id, rule.rule_id, "prior_year"]).fetchall()
    with_earlier = ledger.execute(query, [earlier.report_id, rule.rule_id, "following_year"]).fetchall()
    assert with_later and {related for _, related in with_later} == {earlier.report_id}
    assert with_earlier == [(scope, later.report_id) for scope, _ in with_later]


def test_a_missing_year_is_named_and_not_taken_for_zero(ledger: duckdb.DuckDBPyConnection) -> None:
    first = next(filing for filing in clean_filings() if filing.report_year == 2019)
    rows = ledger.execute(
        "SELECT DISTINCT outcome, missing, related_report_id FROM quality.plausibility_ledger "
        "WHERE report_id = ? AND relation = 'prior_year'",
        [first.report_id],
    ).fetchall()
    assert rows == [("not_assessable", ["prior_year"], None)]


def test_a_unknown_figure_of_the_other_year_is_named(ledger: duckdb.DuckDBPyConnection) -> None:
    """FY2021 on the new form: the year before has no documents in force."""
    [filing] = [each for each in clean_filings() if each.name == "clean-1-2021"]
    rows = ledger.execute(
        "SELECT rule_id, scope, outcome FROM quality.plausibility_ledger "
        "WHERE report_id = ? AND rule_id IN ('T2B-W01', 'T2B-W06') ORDER BY ALL",
        [filing.report_id],
    ).fetchall()
    assert rows == [("T2B-W06", "row:normative_documents", "holds"), ("T2B-W06", "row:rules", "holds")]


def test_the_register_of_what_must_hold_stays_by_itself(ledger: duckdb.DuckDBPyConnection) -> None:
    warn = {rule.rule_id for rule in RULES}
    rows = ledger.execute("SELECT DISTINCT rule_id FROM quality.identity_ledger").fetchall()
    assert not warn & {rule_id for (rule_id,) in rows}


def test_which_reading_of_the_prose_held_is_recorded(ledger: duckdb.DuckDBPyConnection) -> None:
    [filing] = [each for each in clean_filings() if each.name == "clean-2-2022"]
    rows = ledger.execute(
        "SELECT scope, matched FROM quality.plausibility_ledger WHERE report_id = ? AND rule_id IN ('N-R01', 'N-R02') "
        "AND matched IS NOT NULL ORDER BY scope",
        [filing.report_id],
    ).fetchall()
    assert rows == [("fact:denied_share", "of_outcomes"), ("fact:requests_received", "received")]


def carried(ledger: duckdb.DuckDBPyConnection, agency: str, year: int = 2022) -> list[tuple[object, ...]]:
    """What T3-R04 says of the total column of a report: relation, outcome, sides, missing."""
    return ledger.execute(
        "SELECT relation, outcome, left_value::int, right_value::int, missing FROM quality.plausibility_ledger "
        "WHERE report_id = ? AND rule_id = 'T3-R04' AND scope = 'column:total' ORDER BY relation DESC",
        [filing_of(agency, year).report_id],
    ).fetchall()


def test_what_merged_organs_carried_out_is_added_up_and_flagged_with_each(ledger: duckdb.DuckDBPyConnection) -> None:
    assert carried(ledger, "resources") == [("prior_year", "broken", 7, 8, [])]
    parts = [filing_of(agency, 2021).report_id for agency in ("lands", "plans")]
    for agency in ("lands", "plans"):
        assert ("following_year", "broken", 7, 8, []) in carried(ledger, agency, 2021)
    related = ledger.execute(
        "SELECT DISTINCT related_report_id, merged_report_ids FROM quality.plausibility_ledger "
        "WHERE report_id = ? AND relation = 'prior_year' AND outcome <> 'not_assessable'",
        [filing_of("resources", 2022).report_id],
    ).fetchall()
    assert related == [(None, sorted(parts))]
    documents = ledger.execute(
        "SELECT outcome, left_value::int, right_value::int FROM quality.plausibility_ledger "
        "WHERE report_id = ? AND rule_id = 'T2B-W01' AND scope = 'row:normative_documents'",
        [filing_of("resources", 2022).report_id],
    ).fetchall()
    assert documents == [("holds", 11, 11)]


def test_an_organ_that_absorbs_another_adds_its_own_figures(ledger: duckdb.DuckDBPyConnection) -> None:
    assert carried(ledger, "justice") == [("prior_year", "holds", 7, 7, [])]


def test_a_renamed_organ_is_held_against_its_former_name(ledger: duckdb.DuckDBPyConnection) -> None:
    assert carried(ledger, "new_name") == [("prior_year", "broken", 2, 3, [])]
    assert ("following_year", "broken", 2, 3, []) in carried(ledger, "old_name", 2021)


def test_a_predecessor_whose_report_is_missing_is_named(ledger: duckdb.DuckDBPyConnection) -> None:
    assert carried(ledger, "commerce") == [("prior_year", "not_assessable", None, None, ["prior_year:supplies"])]


@pytest.mark.parametrize(
    ("agency", "divided"),
    [("heritage", "culture"), ("tourism", "culture"), ("medicines", "health"), ("health", "health")],
)
def test_figures_that_were_shared_out_cannot_be_assessed(
    ledger: duckdb.DuckDBPyConnection, agency: str, divided: str
) -> None:
    assert carried(ledger, agency) == [("prior_year", "not_assessable", None, None, [f"split:{divided}"])]


def test_an_organ_that_still_closes_its_last_year_hands_over_after_it(ledger: duckdb.DuckDBPyConnection) -> None:
    assert carried(ledger, "petitions") == [("prior_year", "holds", 1, 1, [])]
    assert carried(ledger, "letters") == [("prior_year", "not_assessable", None, None, ["prior_year"])]
    assert carried(ledger, "letters", 2023) == [("prior_year", "holds", 5, 5, [])]


def test_what_is_counted_of_one_report_is_not_counted_of_several(ledger: duckdb.DuckDBPyConnection) -> None:
    rows = ledger.execute(
        "SELECT rule_id, outcome, missing FROM quality.plausibility_ledger "
        "WHERE report_id = ? AND rule_id IN ('D-W06', 'T3-W06') ORDER BY rule_id",
        [filing_of("resources", 2022).report_id],
    ).fetchall()
    assert rows == [
        ("D-W06", "not_assessable", ["report/*/sentences", "report/*/sentences_repeated"]),
        ("T3-W06", "not_assessable", ["T3/*/table_repeated"]),
    ]


def test_gouji_check_judges_two_years_as_the_ledger_does(ledger: duckdb.DuckDBPyConnection) -> None:
    """Every report whose year before is one report or several added up."""
    filings: dict[str, StagedFiling] = {filing.report_id: filing for filing in (*clean_filings(), *LINEAGE, *RANKED)}
    for rule in RULES:
        filings |= {each.report_id: each for each in (broken_filing(rule), related_filing(rule)) if each}
    rows = ledger.execute(
        "SELECT report_id, ifnull(merged_report_ids, [related_report_id]), rule_id, table_code, scope, outcome, "
        "left_value, right_value, list_sort(missing) FROM quality.plausibility_ledger WHERE relation = 'prior_year' "
        "AND ifnull(merged_report_ids, [related_report_id]) <> [NULL]"
    ).fetchall()
    in_sql: dict[tuple[str, tuple[str, ...]], set[tuple[object, ...]]] = {}
    for report_id, before, *said, missing in rows:
        in_sql.setdefault((report_id, tuple(before)), set()).add((*said, tuple(missing)))
    catalogue = load_catalogue()
    for (report_id, before), judged in in_sql.items():
        report = as_report(filings[report_id])
        offered = OfferedPriors(
            tuple(prior_year_of(as_report(filings[each]), catalogue) for each in before), are_merged=len(before) > 1
        )
        said_in_python = {
            (
                each.rule_id,
                each.table,
                each.scope,
                each.outcome.value,
                each.left,
                each.right,
                tuple(sorted(each.missing)),
            )
            for each in (found.outcome for found in judge_report(report, catalogue, offered.before(report.metadata)))
            if each.relation == "prior_year"
        }
        assert said_in_python == judged, filings[report_id].name
    assert len(in_sql) > 25
    about_prose = [said for judged in in_sql.values() for said in judged if said[0] == "D-W06" and said[4] is not None]
    assert {said[3:6] for said in about_prose} >= {("holds", 5, Decimal("5.7")), ("broken", 6, Decimal("5.7"))}


def ranked(ledger: duckdb.DuckDBPyConnection, agency: str) -> list[tuple[frozenset[object], list[str], list[str]]]:
    """The ways to mend the report of 2022, the likeliest first: what they change, and the rules between years they suit and break."""
    rows = ledger.execute(
        "SELECT list((row_code, column_code, lowest, highest)), any_value(prior_year_agrees), any_value(prior_year_disagrees) "
        "FROM quality.repair_candidates WHERE report_id = ? GROUP BY explanation, rank ORDER BY explanation, rank",
        [filing_of(agency, 2022).report_id],
    ).fetchall()
    return [(frozenset(changes), agrees, disagrees) for changes, agrees, disagrees in rows]


@pytest.mark.parametrize(
    ("agency", "before"),
    [
        ("sports", ("sports",)),
        ("audit", ("audit",)),
        ("reserves", ("grain", "stores")),
        ("water", ()),
        ("taxes", ("taxes",)),
    ],
)
def test_ways_to_mend_are_ranked_by_the_year_before_as_gouji_check_ranks_them(
    ledger: duckdb.DuckDBPyConnection, agency: str, before: tuple[str, ...]
) -> None:
    catalogue = load_catalogue()
    priors = tuple(prior_year_of(as_report(filing_of(each, 2021)), catalogue) for each in before)
    report = as_report(filing_of(agency, 2022), OfferedPriors(priors, are_merged=len(before) > 1))
    [explanation] = report.explanations
    in_python = [
        (
            frozenset((each.row_code, each.column_code, each.lowest, each.highest) for each in candidate.changes),
            sorted(
                {
                    rule
                    for clue in candidate.clues
                    if clue.code == "prior_year_agrees"
                    for rule in rules_in(clue.chinese)
                }
            ),
            sorted(
                {
                    rule
                    for clue in candidate.clues
                    if clue.code == "prior_year_disagrees"
                    for rule in rules_in(clue.chinese)
                }
            ),
        )
        for candidate in explanation.candidates
    ]
    assert len(in_python) == 2
    assert ranked(ledger, agency) == in_python


def rules_in(words: str) -> list[str]:
    return [rule.rule_id for rule in RULES if rule.rule_id in words]


def test_the_year_before_puts_the_way_it_agrees_with_first(ledger: duckdb.DuckDBPyConnection) -> None:
    carried_in = {("requests_carried_in", column, 6, 6) for column in ("natural_person", "total")}
    for agency in ("sports", "reserves"):
        changes, agrees, _ = ranked(ledger, agency)[0]
        assert (changes, agrees) == (carried_in, ["T3-R04"])
    [against] = [disagrees for changes, _, disagrees in ranked(ledger, "audit") if changes == carried_in]
    assert against == ["T3-R04"]
    assert [way for way in ranked(ledger, "water") if way[1] or way[2]] == [], "its year before is missing"


def test_no_way_to_mend_is_picked(ledger: duckdb.DuckDBPyConnection) -> None:
    rows = ledger.execute(
        "SELECT count(*) FILTER (value_suggested IS NOT NULL), count(*) FILTER (value_source = 'withheld') FROM staging.stg_cells "
        "WHERE report_id = ?",
        [filing_of("sports", 2022).report_id],
    ).fetchone()
    assert rows is not None and rows[0] == 0 and rows[1] > 0
