"""Proves that the declarations agree with each other: unique codes, real cells, key words that find their own row.

Each check raises CatalogueError at the first contradiction. Whether a rule's example breaks the rule is not judged
here but in the tests, with an evaluator of their own.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import Protocol

from catalogue.errors import CatalogueError
from catalogue.expand import split_part
from catalogue.model import (
    AgencySuccession,
    Comparison,
    Edition,
    GroupRow,
    Identity,
    Indicator,
    Row,
    Scope,
    SeriesBridge,
    Table,
)


class Named(Protocol):
    @property
    def code(self) -> str: ...


def check_names(entries: Iterable[Named], place: str) -> None:
    """No code stands twice."""
    for code, count in Counter(entry.code for entry in entries).items():
        if count > 1:
            raise CatalogueError(place, code, f"stands {count} times, a code stands once")


def check_editions(editions: tuple[Edition, ...]) -> None:
    check_names(editions, "forms")
    by_code = {edition.code: edition for edition in editions}
    for edition in editions:
        place = f"{edition.code}.yaml"
        check_names(edition.tables, place)
        check_names(edition.variants, place)
        for table in edition.tables:
            check_table(table, {variant.code for variant in edition.variants}, place)
    for edition in editions:
        for bridge in edition.bridges:
            check_bridge(bridge, edition, by_code, f"{edition.code}.yaml")


def check_table(table: Table, variants: set[str], place: str) -> None:
    check_names(table.columns, f"{place} {table.code} columns")
    check_names((*table.rows, *table.groups), f"{place} {table.code} rows")
    rows = {row.code for row in table.rows}
    columns = {column.code for column in table.columns}
    groups = {group.code for group in table.groups}
    for row in table.rows:
        entry = f"{table.code} {row.code}"
        require(set(row.columns) <= columns and row.columns, place, entry, "fills columns the table does not have")
        require(row.group is None or row.group in groups, place, entry, f"is under the unknown group {row.group}")
        require(row.part_of is None or row.part_of in rows, place, entry, f"is part of the unknown row {row.part_of}")
        require(row.form_variant in {None, *variants}, place, entry, f"is of the unknown variant {row.form_variant}")
    for group in table.groups:
        require(group.parent is None or group.parent in groups, place, group.code, f"has no group {group.parent} above")
    for kind, sets, codes in (("row", table.row_sets, rows), ("column", table.column_sets, columns)):
        for name, members in sets.items():
            require(set(members) <= codes, place, f"{table.code} {kind} set {name}", "names codes the table lacks")
    check_keywords(table, place)


def check_keywords(table: Table, place: str) -> None:
    """The key words of a row occur in its own label and tell it from its neighbours under the same heading."""
    seen: dict[tuple[object, ...], str] = {}
    lines: tuple[Row | GroupRow, ...] = (*table.rows, *table.groups)
    for row in lines:
        entry = f"{table.code} {row.code}"
        require(row.keywords, place, entry, "has no key words")
        for keyword in row.keywords:
            require(plain(keyword) in plain(row.chinese), place, entry, f"key word {keyword} is not in its own label")
        under = (row.group, row.part_of) if isinstance(row, Row) else (row.parent, None)
        key = (*under, frozenset(plain(keyword) for keyword in row.keywords))
        require(key not in seen, place, entry, f"has the key words of {seen.get(key)}")
        seen[key] = row.code


def check_bridge(bridge: SeriesBridge, edition: Edition, editions: dict[str, Edition], place: str) -> None:
    """A bridge leads from cells of this edition to cells of another one."""
    entry = f"bridge {bridge.table} {'+'.join(bridge.row_codes)}"
    ends = (
        (edition, bridge.table, (*bridge.row_codes, *bridge.subtract), bridge.column_codes),
        (editions.get(bridge.to_edition), bridge.to_table, bridge.to_row_codes, bridge.to_column_codes),
    )
    for end, table_code, rows, columns in ends:
        table = end.table(table_code) if end else None
        require(table is not None, place, entry, f"leads to no table {table_code}")
        assert table is not None
        cells = set(table.cells_of_all_variants())
        for row in rows:
            require(any(cell[0] == row for cell in cells), place, entry, f"{table_code} has no row {row}")
            for column in columns:
                require((row, column) in cells, place, entry, f"{table_code} has no cell {row}/{column}")


def check_identities(identities: tuple[Identity, ...], editions: tuple[Edition, ...]) -> None:
    """Rule ids are unique, name known editions and tables, and carry an example wherever the ledger can break them."""
    known = {edition.code: edition for edition in editions}
    for rule_id, count in Counter(identity.rule_id for identity in identities).items():
        require(count == 1, "identities", rule_id, f"stands {count} times")
    for identity in identities:
        rule = identity.rule_id
        for code in identity.editions:
            require(code in known, "identities", rule, f"unknown edition {code}")
            tables = {table.code for table in known[code].tables}
            require(identity.table is None or identity.table in tables, "identities", rule, f"{code} lacks its table")
        reading = identity.comparison is Comparison.READING
        require(
            reading == (identity.finding is not None),
            "identities",
            rule,
            "reading rules, and only they, name a finding",
        )
        require(
            reading or identity.severity.must_hold, "identities", rule, "warns: what warns stands under plausibility"
        )
        require(reading or identity.left or identity.cases, "identities", rule, "has no terms")
        require(not identity.cases or identity.scope is Scope.EACH_ROW, "identities", rule, "cases need each_row")
        breaking = identity.page if reading else identity.example
        require(breaking is not None, "identities", rule, "has no example that breaks it")
        check_example(identity, known)
        check_page(identity, known)


def check_page(identity: Identity, editions: dict[str, Edition]) -> None:
    """The page is of an edition the rule is for, and names its tables, rows, headings, columns and sections."""
    page = identity.page
    if page is None:
        return
    edition = editions.get(page.edition) if page.edition in identity.editions else None
    require(edition is not None, "identities", identity.rule_id, f"page of the edition {page.edition}, not the rule's")
    assert edition is not None
    tables = {table.code: table for table in edition.tables}
    named = {*page.without_tables, *((page.table,) if page.table else ())}
    require(named <= set(tables), "identities", identity.rule_id, f"page names unknown tables {sorted(named)}")
    sections = {section.chinese for section in edition.sections}
    require(set(page.without_sections) <= sections, "identities", identity.rule_id, "page names unknown sections")
    table = tables.get(page.table or "")
    lines = {*(row.code for row in table.rows), *(group.code for group in table.groups)} if table else set()
    columns = {column.code for column in table.columns} if table else set()
    unknown = ({*page.rows, *page.again} - lines) | (set(page.headers) - columns)
    require(not unknown, "identities", identity.rule_id, f"page names what is not on the form: {sorted(unknown)}")


def check_example(identity: Identity, editions: dict[str, Edition]) -> None:
    """The example is a table of an edition the rule is for, and names real cells."""
    example = identity.example
    if example is None:
        return
    table_code = identity.table or example.table
    edition = editions.get(example.edition)
    table = edition.table(table_code) if edition and table_code else None
    require(
        table is not None and example.edition in identity.editions,
        "identities",
        identity.rule_id,
        "example of no table",
    )
    assert table is not None
    cells = {"/".join(cell) for cell in table.cells_of_all_variants()}
    unknown = set(example.cells) - cells
    require(not unknown, "identities", identity.rule_id, f"example names cells not on the form: {sorted(unknown)}")


def check_indicators(indicators: tuple[Indicator, ...], editions: tuple[Edition, ...]) -> None:
    """Every term of an indicator is a cell of at least one edition."""
    cells = {
        (table.code, *cell)
        for edition in editions
        for table in edition.tables
        for cell in table.cells_of_all_variants()
    }
    for indicator in indicators:
        for part in (*indicator.numerator, *indicator.denominator):
            term = split_part(part, indicator.code)
            known = not term.is_cell or (term.table_code, term.row_code, term.column_code) in cells
            require(known, "indicators.yaml", indicator.code, f"no edition has the cell {part}")


def check_successions(successions: tuple[AgencySuccession, ...]) -> None:
    """Ids are unique, years in order, and each rule's example is an old and a new name and not the other way round."""
    place = "successions.yaml"
    for rule_id, count in Counter(rule.rule_id for rule in successions).items():
        require(count == 1, place, rule_id, f"stands {count} times")
    for rule in successions:
        old, new = rule.example
        require(rule.first_year <= rule.last_year + 1, place, rule.rule_id, "the new organ begins after a gap")
        require(
            re.fullmatch(rule.old, old) and re.fullmatch(rule.new, new), place, rule.rule_id, "misses its own example"
        )
        require(not re.fullmatch(rule.old, new), place, rule.rule_id, "takes the new name for an old one")


def plain(text: str) -> str:
    """Text for comparing labels: compatibility forms unified, white space gone."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def require(condition: object, file_name: str, entry: str, problem: str) -> None:
    if not condition:
        raise CatalogueError(file_name, entry, problem)
