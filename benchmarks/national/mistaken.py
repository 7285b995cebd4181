"""Reports with a mistake, one by one through the library: cells, reconciliation, explanation, warnings."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import numpy as np

from benchmarks.national.figures import MICRO, Drawn, cells_of
from benchmarks.national.filings import FORMATS, Filings
from benchmarks.national.mistakes import Mistake, Printed, make_mistake
from benchmarks.national.printing import print_table
from benchmarks.national.prose import Statements
from benchmarks.national.staging import sentences
from catalogue.load import load_catalogue
from disclosure.parse import PARSER_VERSION
from disclosure.parse.warn import judge_report
from disclosure.reconcile import reconcile
from disclosure.reconcile.clues import Surroundings
from disclosure.reconcile.explain import describe_explanations, explain
from disclosure.reconcile.plausibility_wording import describe_warnings
from disclosure.report import Cell, CellKey, CellState, Metadata, NarrativeCount, ReadingStatus, Report, TableReading


@dataclass(frozen=True)
class Mistaken:
    report: Report
    mistakes: tuple[Mistake, ...]


def read_mistaken(
    seed: int, filings: Filings, drawn: Drawn, statements: Sequence[Statements], kinds: np.ndarray
) -> Iterator[Mistaken]:
    """The reports of these filings, each with its kind of mistake. `statements` are those of the same filings."""
    numbers = np.arange(len(filings), dtype=np.int64)
    texts = {
        code: print_table(drawn.edition, code, values, numbers).to_numpy(zero_copy_only=False).reshape(values.shape)
        for code, values in drawn.tables.items()
    }
    for place, kind in enumerate(kinds):
        counted, words = {}, {}
        for code, values in drawn.tables.items():
            for (row, column), cell in cells_of(drawn.edition, code).items():
                counted[code, row, column] = _decimal(values[place, cell])
                words[code, row, column] = texts[code][place, cell]
        said = {each.fact.code: _decimal(each.values[place]) for each in statements if each.stated[place]}
        printed = Printed(drawn.edition, dict(counted), dict(said), set())
        mistakes = make_mistake(random.Random(f"{seed}/{filings.report_id[place]}"), kind, printed)
        narrative = tuple(_state(each, place, printed.said) for each in statements if each.stated[place])
        changed = {
            key: "" if value is None else f"{value:f}" for key, value in printed.values.items() if value != counted[key]
        }
        cells = [
            _cell(key, {**words, **changed}[key], value, key in printed.suspect)
            for key, value in printed.values.items()
        ]
        yield Mistaken(_report(filings, place, drawn, cells, narrative), mistakes)


def _report(
    filings: Filings, place: int, drawn: Drawn, cells: list[Cell], narrative: tuple[NarrativeCount, ...]
) -> Report:
    catalogue, edition = load_catalogue(), drawn.edition.code
    readings = tuple(
        TableReading(code, edition, None, tuple(cell for cell in cells if cell.table == code)) for code in drawn.tables
    )
    reconciled = reconcile(readings, catalogue)
    explanations = explain(reconciled.doubted, Surroundings(narrative, reconciled.confirmed))
    media_type, reader, version, *_ = FORMATS[filings.format[place]]
    report = Report(
        report_id=filings.report_id[place],
        sha256=filings.sha256[place],
        media_type=media_type,
        reader=reader,
        reader_version=version,
        parser_version=PARSER_VERSION,
        catalogue_version=catalogue.version,
        status=ReadingStatus.READ,
        metadata=_metadata(filings, place),
        form_version=edition,
        form_variant=None,
        t2_form=edition,
        t3_form=edition,
        t4_form=edition,
        s14_form=None,
        cells=reconciled.cells,
        narrative=narrative,
        identities=reconciled.identities,
        findings=(
            *reconciled.findings,
            *describe_explanations(explanations, [table.compiled for table in reconciled.doubted]),
        ),
        explanations=explanations,
    )
    judged = judge_report(report, catalogue)
    return replace(
        report,
        plausibility=tuple(each.outcome for each in judged),
        findings=(*report.findings, *describe_warnings(judged, filings.year, catalogue)),
    )


def _metadata(filings: Filings, place: int) -> Metadata:
    agencies, year = filings.agencies, filings.year
    published = filings.published_on[place]
    period = (date(year, 1, 1), date(year, 12, 31)) if filings.states_period[place] else (None, None)
    return Metadata(
        title=filings.titles[place],
        agency_name=agencies.name[place],
        agency_id=agencies.agency_id[place],
        agency_key=agencies.agency_id[place],
        agency_short_name=agencies.short_name[place],
        organ_type=agencies.organ_type[place],
        agency_level=agencies.level[place],
        function_category=agencies.function_category[place],
        reporting_scope=agencies.scope[place],
        region_name=agencies.region_name[place],
        region_code=agencies.region_code[place],
        region_id=agencies.region_id[place],
        report_year=year,
        period_start=period[0],
        period_end=period[1],
        publication_date=None if np.isnat(published) else published.astype(object),
    )


def _cell(key: CellKey, text: str, value: Decimal | None, suspect: bool) -> Cell:
    state = CellState.BLANK if value is None else CellState.REPORTED
    return Cell(*key, text, state, value, suspect=suspect)


def _state(statements: Statements, place: int, said: dict[str, Decimal]) -> NarrativeCount:
    """A statement with the number that is said, which a mistaken filer's is not the one counted."""
    fact, number = statements.fact, said[statements.fact.code]
    values = np.array(statements.values)
    values[place] = int(number * MICRO)
    as_said = replace(statements, values=values)
    as_none = bool(as_said.as_none[place])
    [sentence] = sentences(as_said, np.array([place]), np.array([f"{number:f}"], dtype=object))
    return NarrativeCount(
        fact_code=fact.code,
        printed="无" if as_none else f"{number:f}{fact.unit}",
        value=number,
        unit=fact.unit,
        strict=next(each.strict for each in load_catalogue().narrative_facts if each.code == fact.code),
        sentence=sentence,
        stated_as_none=as_none,
        section=fact.section,
    )


def _decimal(micro: int) -> Decimal:
    whole, rest = divmod(int(micro), MICRO)
    return Decimal(whole) if not rest else (Decimal(int(micro)) / MICRO).normalize()
