"""Makes the dbt seeds of forms, identities, indicators, narrative facts, regions and successions of agencies, and the page
of the identities.

Here belongs how a declaration becomes rows of a table. What the published tables need is made in `derive_marts.py`.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from catalogue.derive_plausibility import derive_plausibility, plausibility_page
from catalogue.expand import formula_of, split_part
from catalogue.load import CATALOGUE_ROOT, load_catalogue
from catalogue.model import BreakingPage, Catalogue, Edition, Identity, Table
from catalogue.series import Series, SeriesBreak, breaks_of, read_series
from catalogue.wording import load_wording

SEEDS = Path("dbt_project/seeds/catalogue")

Field = str | int | bool | None
Line = tuple[Field, ...]

LINE_ITEM_HEADER = (
    *("edition", "table_code", "row_order", "row_code", "row_chinese", "row_english"),
    *("column_order", "column_code", "column_chinese", "column_english"),
    *("unit", "kind", "is_leaf", "row_group", "form_variant", "clause", "maximum"),
)
IDENTITY_HEADER = (
    *("rule_id", "edition", "table_code", "scope", "severity", "comparison", "tolerance", "form_variant"),
    *("chinese", "english", "source"),
)
IDENTITY_TERM_HEADER = ("rule_id", "edition", "table_code", "scope", "side", "row_code", "column_code", "sign")
NARRATIVE_FACT_HEADER = ("code", "chinese", "english", "unit", "strict", "rounding")
INDICATOR_HEADER = (
    *("code", "chinese", "english", "is_rate", "numerator", "denominator", "scopes", "factor", "shift"),
    *("small_number_floor", "note", "caveat"),
)
INDICATOR_TERM_HEADER = ("indicator_code", "part", "relation", "table_code", "row_code", "column_code", "sign")
SERIES_HEADER = ("series_code", "table_code", "row_codes", "column_code", "chinese", "english", "unit", "editions")
SERIES_TERM_HEADER = ("series_code", "edition", "table_code", "row_code", "column_code", "sign", "exact", "terms")
SERIES_BREAK_HEADER = (
    *("series_code", "break_code", "first_report_year", "comparable", "kind", "chinese", "english", "source"),
)
CLUE_HEADER = ("code", "cause", "weight")
SUCCESSION_HEADER = ("rule_id", "kind", "first_year", "last_year", "absorbed", "old_pattern", "new_pattern", "source")


def derive_forms(root: Path, catalogue: Catalogue | None = None) -> dict[Path, str]:
    """Every file derived from forms, identities, indicators, facts and regions, as path under `root` -> content."""
    catalogue = catalogue or load_catalogue()
    all_series, breaks = read_series(CATALOGUE_ROOT, catalogue.editions)
    seeds = {
        "line_items": csv_text(LINE_ITEM_HEADER, line_items(catalogue)),
        "identities": csv_text(IDENTITY_HEADER, identities(catalogue)),
        "identity_terms": csv_text(IDENTITY_TERM_HEADER, identity_terms(catalogue)),
        **{name: csv_text(header, lines) for name, (header, lines) in derive_plausibility(catalogue).items()},
        "narrative_facts": csv_text(NARRATIVE_FACT_HEADER, narrative_facts(catalogue)),
        "indicators": csv_text(INDICATOR_HEADER, indicators(catalogue)),
        "indicator_terms": csv_text(INDICATOR_TERM_HEADER, indicator_terms(catalogue)),
        "series": csv_text(SERIES_HEADER, series_lines(all_series)),
        "series_terms": csv_text(SERIES_TERM_HEADER, series_term_lines(all_series)),
        "series_breaks": csv_text(SERIES_BREAK_HEADER, series_break_lines(all_series, breaks)),
        "clues": csv_text(CLUE_HEADER, clue_lines()),
        "agency_successions": csv_text(SUCCESSION_HEADER, successions(catalogue)),
        "regions": (CATALOGUE_ROOT / "regions" / "regions.csv").read_text(encoding="utf-8"),
        "region_successions": (CATALOGUE_ROOT / "regions" / "region_successions.csv").read_text(encoding="utf-8"),
    }
    files = {root / SEEDS / f"catalogue_{name}.csv": content for name, content in seeds.items()}
    return {**files, root / "docs" / "identities.md": identities_page(catalogue)}


def clue_lines() -> Iterator[Line]:
    """What speaks for a way to mend a table, with its weight."""
    for code, clue in load_wording().clues.items():
        yield code, clue.cause, clue.weight


def csv_text(header: tuple[str, ...], lines: Iterable[Line]) -> str:
    """Comma-separated text with \\n line ends; None is an empty field, which dbt reads as null."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([field_text(field) for field in line] for line in lines)
    return buffer.getvalue()


def field_text(field: Field) -> str:
    if field is None:
        return ""
    return str(field).lower() if isinstance(field, bool) else str(field)


def line_items(catalogue: Catalogue) -> Iterator[Line]:
    """One line per cell of every table of every edition, orders counted from 1 as printed."""
    for edition in catalogue.editions:
        for table in edition.tables:
            yield from line_items_of(edition, table)


def line_items_of(edition: Edition, table: Table) -> Iterator[Line]:
    column_orders = {column.code: order for order, column in enumerate(table.columns, start=1)}
    for row_order, row in enumerate(table.rows, start=1):
        for code in row.columns:
            column = table.column(code)
            yield (
                *(edition.code, table.code, row_order, row.code, row.chinese, row.english),
                *(column_orders[code], code, column.chinese, column.english),
                *(table.unit_of(row.code, code), table.kind_of(row.code, code).value, row.leaf, row.group),
                *(row.form_variant, row.clause or table.clause, str(table.maximum_of(row.code, code))),
            )


def identities(catalogue: Catalogue) -> Iterator[Line]:
    """One line per identity instance, with the words of its rule."""
    for each in catalogue.instances:
        rule = catalogue.identity(each.rule_id)
        yield (
            *(each.rule_id, each.edition, each.table, each.scope, each.severity.value, each.comparison.value),
            *(str(each.tolerance), each.form_variant, rule.chinese, rule.english, rule.source),
        )


def identity_terms(catalogue: Catalogue) -> Iterator[Line]:
    """One line per signed cell of an instance. Terms of a variant's rows are listed; a report without the variant has
    no such cell, so joining the terms to its cells drops them."""
    for each in catalogue.instances:
        for side, terms in (("left", each.left), ("right", each.right)):
            for term in terms:
                key = (each.rule_id, each.edition, each.table, each.scope)
                yield (*key, side, term.row_code, term.column_code, term.sign)


def narrative_facts(catalogue: Catalogue) -> Iterator[Line]:
    for fact in catalogue.narrative_facts:
        yield fact.code, fact.chinese, fact.english, fact.unit, fact.strict, fact.rounding.value


def indicators(catalogue: Catalogue) -> Iterator[Line]:
    for each in catalogue.indicators:
        yield (
            *(each.code, each.chinese, each.english, each.is_rate, formula_of(each.numerator)),
            *(formula_of(each.denominator) or None, " ".join(each.scopes) or None, str(each.factor), str(each.shift)),
            *(each.small_number_floor, each.note or None, each.caveat or None),
        )


def indicator_terms(catalogue: Catalogue) -> Iterator[Line]:
    """One line per signed figure of an indicator, over all editions."""
    for each in catalogue.indicators:
        for part, terms in (("numerator", each.numerator), ("denominator", each.denominator)):
            for text in terms:
                term = split_part(text, each.code)
                yield (
                    *(each.code, part, term.relation),
                    *(term.table_code, term.row_code, term.column_code, term.sign),
                )


def series_lines(all_series: Iterable[Series]) -> Iterator[Line]:
    for each in all_series:
        editions = " ".join(dict.fromkeys(term.edition for term in each.terms))
        words = (each.chinese, each.english, each.unit, editions)
        yield (each.code, each.table, " ".join(each.row_codes), each.column_code, *words)


def series_term_lines(all_series: Iterable[Series]) -> Iterator[Line]:
    """One line per cell of a series, with how many cells make it up on that edition."""
    for each in all_series:
        counts = Counter(term.edition for term in each.terms)
        for term in each.terms:
            cell = (term.table, term.row_code, term.column_code)
            yield (each.code, term.edition, *cell, term.sign, term.exact, counts[term.edition])


def series_break_lines(all_series: Iterable[Series], breaks: Iterable[SeriesBreak]) -> Iterator[Line]:
    declared = tuple(breaks)
    for each in all_series:
        for found in breaks_of(each, declared):
            words = (found.kind, found.chinese, found.english, found.source)
            yield (each.code, found.code, found.first_report_year, found.comparable, *words)


def successions(catalogue: Catalogue) -> Iterator[Line]:
    for rule in catalogue.successions:
        yield (
            *(rule.rule_id, rule.kind, rule.first_year, rule.last_year, rule.absorbed),
            *(f"^(?:{rule.old})$", f"^(?:{rule.new})$", rule.source),
        )


def identities_page(catalogue: Catalogue) -> str:
    """docs/identities.md: every rule of the register, in words, with what breaks it."""
    lines = [
        "# Identities",
        "",
        "Derived from catalogue/identities/ by `python -m catalogue.derive`; change it there.",
        "",
        "Severity: O is printed on the form, D holds by definition (both must hold before a figure is published),",
        "X is about the reading of a table and is recorded as a finding, not in the identity ledger; P warns.",
    ]
    for rule in catalogue.identities:
        lines += ["", f"## {rule.rule_id} {rule.chinese}", "", rule.english, "", *rule_facts(rule, catalogue)]
    return "\n".join([*lines, *plausibility_page(catalogue)]) + "\n"


def words_for_page(page: BreakingPage) -> str:
    """What a page prints otherwise than a form of zeros, in one line."""
    parts = [f"row `{code}` = {figures}" for code, figures in page.rows.items()]
    parts += [f"row `{code}` a second time = {figures}" for code, figures in page.again.items()]
    parts += [f"above `{code}` {f'“{words}”' if words else 'nothing'}" for code, words in page.headers.items()]
    parts += [f"no table {code}" for code in page.without_tables]
    parts += [f"no section {words}" for words in page.without_sections]
    if page.report_year:
        parts.append(f"the tables of {page.edition} in a report of {page.report_year}")
    return "; ".join(parts)


def rule_facts(rule: Identity, catalogue: Catalogue) -> Iterator[str]:
    """The facts of a rule as a list: where it holds, how often, its source and its example."""
    instances = [each for each in catalogue.instances if each.rule_id == rule.rule_id]
    yield f"- severity {rule.severity.value}; {rule.table or 'every table'}; {', '.join(rule.editions)}"
    if instances:
        counts = [f"{sum(each.edition == edition for each in instances)} in {edition}" for edition in rule.editions]
        yield f"- instances: {', '.join(counts)}"
    if rule.finding:
        yield f"- recorded as the finding `{rule.finding}`"
    yield f"- source: {rule.source}"
    if rule.page:
        yield f"- broken by a page that prints: {words_for_page(rule.page)}"
    if rule.example:
        cells = ", ".join(f"`{cell}` = {text}" for cell, text in rule.example.cells.items())
        broken = ", ".join(f"`{scope}`" for scope in rule.example.breaks)
        yield f"- broken by (all other cells 0): {cells}; breaks {broken}"
