"""Continuous series over the editions of the form, made of the cells they share and of the bridges between them.

Here belong what a series is and which cells make it up on each edition; which of them are published and where they break is
declared in `series.yaml`. The figures are joined in the warehouse.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path
from typing import Literal

from catalogue.declaration import Frozen
from catalogue.errors import CatalogueError
from catalogue.load import read_yaml, validate
from catalogue.model import Edition, SeriesBridge, Table

PLACE = "series.yaml"


class SeriesMeasure(Frozen):
    """The columns of a table of which series are published."""

    table: str
    columns: tuple[str, ...]


class SeriesBreak(Frozen):
    """A year from which on the figures of some series are another measure, or only another layout (`comparable`)."""

    code: str
    first_report_year: int
    table: str
    rows: tuple[str, ...] = ()  # empty: every row
    columns: tuple[str, ...] = ()
    comparable: bool
    kind: Literal["law", "form"]
    chinese: str
    english: str
    source: str


class SeriesTerm(Frozen):
    """A cell that counts for a series on one edition; not `exact` where the measure is only roughly the same."""

    edition: str
    table: str
    row_code: str
    column_code: str
    sign: Literal[1, -1]
    exact: bool


class Series(Frozen):
    """A measure that goes on over editions, with the words of the newest edition that has it in one cell or group."""

    code: str
    table: str
    row_codes: tuple[str, ...]  # of the form of reference
    column_code: str
    chinese: str
    english: str
    unit: str
    terms: tuple[SeriesTerm, ...]


def name_count(row_code: str, column_code: str) -> str:
    """<row>_<column>, without saying "total" twice."""
    return row_code if row_code.endswith(f"_{column_code}") else f"{row_code}_{column_code}"


def read_series(root: Path, editions: Iterable[Edition]) -> tuple[tuple[Series, ...], tuple[SeriesBreak, ...]]:
    """The series and their breaks as series.yaml under `root` declares them. Raises CatalogueError."""
    declared = read_yaml(root / PLACE)
    measures = tuple(validate(SeriesMeasure, each, PLACE) for each in declared["measures"])
    breaks = tuple(validate(SeriesBreak, each, PLACE) for each in declared["breaks"])
    series = make_series(editions, measures)
    for each in breaks:
        if not any(each in breaks_of(one, breaks) for one in series):
            raise CatalogueError(PLACE, each.code, "concerns no series")
    return series, breaks


def make_series(editions: Iterable[Edition], measures: Iterable[SeriesMeasure]) -> tuple[Series, ...]:
    """Every series of the measures, in the order of the forms: what continues of itself, then what is bridged."""
    editions = tuple(editions)
    found: dict[str, Series] = {}
    for measure, edition in product(measures, editions):
        for series in _own_series(edition, editions, measure):
            found.setdefault(series.code, series)
    for edition in editions:
        for bridge in edition.bridges:
            for series in _bridged(bridge, edition, editions, tuple(measures)):
                known = found.get(series.code)
                own = known.terms if known else ()
                terms = {(term.edition, term.row_code): term for term in (*own, *series.terms)}
                found[series.code] = (known or series).model_copy(update={"terms": tuple(terms.values())})
    continued = (series for series in found.values() if len({term.edition for term in series.terms}) > 1)
    return tuple(continued)


def _own_series(edition: Edition, editions: tuple[Edition, ...], measure: SeriesMeasure) -> Iterator[Series]:
    """One series per cell of a measure on an edition, with the same cell of the other editions."""
    table = edition.table(measure.table)
    for row in table.rows if table else ():
        for column_code in row.columns:
            if table and column_code in measure.columns and row.form_variant is None:
                column = table.column(column_code)
                yield Series(
                    code=name_count(row.code, column_code),
                    table=table.code,
                    row_codes=(row.code,),
                    column_code=column_code,
                    chinese=f"{row.chinese}（{column.chinese}）",
                    english=f"{row.english}, {column.english}",
                    unit=table.unit_of(row.code, column_code),
                    terms=tuple(_terms_on(editions, table.code, (row.code,), column_code)),
                )


def _terms_on(
    editions: Iterable[Edition], table_code: str, row_codes: tuple[str, ...], column_code: str
) -> Iterator[SeriesTerm]:
    """The rows on every edition that has all of them."""
    for edition in editions:
        table = edition.table(table_code)
        cells = table.cells() if table else ()
        if all((row, column_code) in cells for row in row_codes):
            for row in row_codes:
                yield SeriesTerm(
                    edition=edition.code, table=table_code, row_code=row, column_code=column_code, sign=1, exact=True
                )


def _bridged(
    bridge: SeriesBridge, edition: Edition, editions: tuple[Edition, ...], measures: tuple[SeriesMeasure, ...]
) -> Iterator[Series]:
    """The series a bridge leads to, with the terms it gives them."""
    target = next(each for each in editions if each.code == bridge.to_edition).table(bridge.to_table)
    columns = next((measure.columns for measure in measures if measure.table == bridge.to_table), ())
    for column_code in columns:
        if target is None or (bridge.to_column_codes and column_code not in bridge.to_column_codes):
            continue
        chinese, english, row_name = _words(target, bridge.to_row_codes)
        source = edition.table(bridge.table)
        from_column = column_code if bridge.table == bridge.to_table or source is None else source.columns[0].code
        weighted = [*((row, 1) for row in bridge.row_codes), *((row, -1) for row in bridge.subtract)]
        yield Series(
            code=name_count(row_name, column_code),
            table=bridge.to_table,
            row_codes=bridge.to_row_codes,
            column_code=column_code,
            chinese=f"{chinese}（{target.column(column_code).chinese}）",
            english=f"{english}, {target.column(column_code).english}",
            unit=target.unit_of(bridge.to_row_codes[0], column_code),
            terms=(
                *_terms_on(editions, bridge.to_table, bridge.to_row_codes, column_code),
                *(
                    SeriesTerm(
                        edition=edition.code,
                        table=bridge.table,
                        row_code=row,
                        column_code=from_column,
                        sign=sign,  # type: ignore[arg-type]
                        exact=bridge.exact,
                    )
                    for row, sign in weighted
                ),
            ),
        )


def _words(table: Table, row_codes: tuple[str, ...]) -> tuple[str, str, str]:
    """Chinese and English words and the code of a row, or of the group that is made of exactly these rows."""
    if len(row_codes) == 1:
        row = table.row(row_codes[0])
        return row.chinese, row.english, row.code
    for group in table.groups:
        if set(table.row_sets.get(group.code, ())) == set(row_codes):
            return group.chinese, group.english, group.code.removesuffix("_group")
    raise CatalogueError(PLACE, "+".join(row_codes), f"{table.code} has no heading for these rows")


def breaks_of(series: Series, breaks: Iterable[SeriesBreak]) -> Iterator[SeriesBreak]:
    """The breaks that concern a series."""
    for each in breaks:
        if (
            each.table == series.table
            and (not each.rows or set(series.row_codes) & set(each.rows))
            and (not each.columns or series.column_code in each.columns)
        ):
            yield each
