"""Drawn figures hold every must-hold identity, and the corpus is the same for the same seed."""

from __future__ import annotations

import json
import random
from decimal import Decimal

import pytest

from benchmarks.corpus.continuity import Career
from benchmarks.corpus.figures import draw_figures
from benchmarks.corpus.filing import Filer, draw_filing, leave_zeros_blank, make_mistake, mark_nothing
from benchmarks.corpus.layout import Labels, place_table
from benchmarks.corpus.stream import FORMATS, make, stream, truth_of
from catalogue.load import load_catalogue
from catalogue.model import Comparison, IdentityInstance
from disclosure.parse.cell_text import read_cell_text

AGENCIES = [
    f"济南市历下区{name}" for name in ("财政局", "教育局", "司法局", "公安局", "审计局", "水利局", "统计局", "民政局")
]
FORMS = [("table_2019", None), ("table_2019", "hubei_2020"), ("table_2021", None)]
_HOLDS = {
    Comparison.EQUAL: lambda left, right: left == right,
    Comparison.AT_MOST: lambda left, right: left <= right,
    Comparison.AT_LEAST: lambda left, right: left >= right,
}


def must_hold(edition: str, table: str, variant: str | None) -> list[IdentityInstance]:
    every = load_catalogue().instances_of(edition, table, variant)
    return [each for each in every if each.severity.must_hold and each.comparison in _HOLDS]


@pytest.mark.parametrize(("edition", "variant"), FORMS)
def test_figures_hold_every_identity(edition: str, variant: str | None) -> None:
    for seed in range(40):
        figures = draw_figures(random.Random(seed), load_catalogue().edition(edition), variant, busy=seed % 4 != 0)
        for table in ("T2", "T3", "T4"):
            for rule in must_hold(edition, table, variant):
                left, right = (
                    sum(
                        (term.sign * (figures[table, term.row_code, term.column_code].value or 0) for term in terms),
                        Decimal(0),
                    )
                    for terms in (rule.left, rule.right)
                )
                assert _HOLDS[rule.comparison](left, right), (seed, rule.rule_id, rule.scope, left, right)


def draw_year(agency: str, year: int) -> dict[tuple[str, str, str], Decimal]:
    edition = load_catalogue().edition("table_2019" if year < 2021 else "table_2021")
    figures = draw_figures(random.Random(f"{agency}{year}"), edition, career=Career(agency, year))
    return {key: printed.value or Decimal(0) for key, printed in figures.items()}


@pytest.mark.parametrize("agency", AGENCIES)
@pytest.mark.parametrize("year", range(2020, 2026))
def test_years_of_one_agency_fit(agency: str, year: int) -> None:
    before, now = draw_year(agency, year - 1), draw_year(agency, year)
    for column in ("natural_person", "org_business", "total"):
        assert now["T3", "requests_carried_in", column] == before["T3", "requests_carried_out", column]
    stock = ("T2", "normative_documents", "in_force_total" if year >= 2021 else "disclosed_total")
    stock_before = (*stock[:2], "in_force_total" if year > 2021 else "disclosed_total")
    if year >= 2021:
        flow = now[*stock[:2], "issued_this_year"] - now[*stock[:2], "repealed_this_year"]
        assert now[stock] == before[stock_before] + flow
    else:
        items = ("T2", "administrative_licensing")
        assert now[*items, "items_prior_year"] == before[*items, "items_prior_year"] + before[*items, "items_change"]
        assert now[stock] - before[stock_before] <= now[*stock[:2], "newly_disclosed_this_year"] <= now[stock]


def test_some_of_the_agencies_have_something_to_carry() -> None:
    years = [draw_year(agency, year) for agency in AGENCIES for year in range(2019, 2026)]
    assert {year["T3", "requests_carried_in", "total"] > 0 for year in years} == {True, False}


@pytest.mark.parametrize(("edition", "variant"), FORMS)
def test_every_cell_of_the_form_is_drawn_once(edition: str, variant: str | None) -> None:
    form = load_catalogue().edition(edition)
    figures = draw_figures(random.Random(3), form, variant)
    on_form = {(table.code, *cell) for table in form.tables for cell in table.cells(variant)}
    assert set(figures) == on_form


def test_the_printed_text_means_the_value() -> None:
    """Except an amount without any unit, which a reader takes as 万元 too."""
    for seed in range(60):
        filing = draw_filing(random.Random(seed))
        for (table, row, column), printed in filing.figures.items():
            kind = filing.table(table).kind_of(row, column)
            assert read_cell_text(printed.text or "", kind).value == printed.value, (seed, row, column, printed)


def test_more_than_half_of_the_agencies_had_no_request() -> None:
    totals = [draw_filing(random.Random(seed)).figures["T3", "requests_received", "total"].value for seed in range(400)]
    assert 0.45 < sum(total == 0 for total in totals) / len(totals) < 0.65
    assert max(total for total in totals if total is not None) > 300


def test_a_mistake_is_one_cell_and_breaks_an_identity() -> None:
    for seed in range(20):
        filing = draw_filing(random.Random(seed), busy=True)
        wrong = make_mistake(random.Random(seed), filing)
        (key,) = wrong.mistakes
        assert [each for each in filing.figures if filing.figures[each] != wrong.figures[each]] == [key]
        assert wrong.drawn == filing.figures


def test_marks_for_nothing_replace_zeros_only() -> None:
    filing = draw_filing(random.Random(5), busy=True)
    for change in (mark_nothing, leave_zeros_blank):
        marked = change(random.Random(5), filing)
        changed = [key for key in filing.figures if filing.figures[key] != marked.figures[key]]
        assert changed
        assert all(filing.figures[key].value == 0 for key in changed)


@pytest.mark.parametrize("labels", list(Labels))
def test_the_laid_out_table_has_every_figure_once_and_no_overlap(labels: Labels) -> None:
    filing = draw_filing(random.Random(11), filer=Filer("某市某某区司法局", "000000", 2023))
    for code in ("T2", "T3", "T4"):
        placed = place_table(filing, code, labels)
        taken = [
            (row, column)
            for cell in placed.cells
            for row in range(cell.row, cell.row + cell.row_span)
            for column in range(cell.column, cell.column + cell.column_span)
        ]
        assert len(taken) == len(set(taken)) == placed.height * placed.width
        assert sum(cell.figure for cell in placed.cells) == sum(key[0] == code for key in filing.figures)


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "scan"])
def test_the_same_seed_makes_the_same_bytes(name: str) -> None:
    trait = next(iter(FORMATS[name].traits))
    first, second, other = (make(seed, name, trait, 4) for seed in (1, 1, 2))
    assert first.data == second.data
    assert first.data != other.data


def test_the_stream_takes_the_traits_in_turn_and_its_truth_is_json() -> None:
    made = list(stream(1, {"html": 3, "text": 2}))
    assert [each.trait for each in made] == [*list(FORMATS["html"].traits)[:3], *list(FORMATS["text"].traits)[:2]]
    truth = json.loads(json.dumps(truth_of(made[0]), ensure_ascii=False))
    assert truth["agency_name"] == made[0].filing.agency_name
    assert len(truth["cells"]) == len(made[0].filing.figures)
