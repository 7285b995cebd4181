"""The words of the form for places of a table, in both languages.

Labels come from the catalogue. Only naming belongs here: a row whose label stands several times is named with the
heading above it, and what the form puts in brackets behind a label is left out of prose.
"""

from __future__ import annotations

from catalogue.model import GroupRow, Table
from catalogue.wording import Phrase, load_wording
from disclosure.report import CellKey


def cell_phrase(table: Table, key: CellKey) -> Phrase:
    """A cell in words: 表三“予以公开”行“商业企业”栏."""
    words = load_wording()
    return words.explanations["cell"].fill(
        table=table_phrase(table), row=row_phrase(table, key[1]), column=column_phrase(table, key[2])
    )


def table_phrase(table: Table) -> Phrase:
    return load_wording().tables.get(table.code) or Phrase(chinese=table.chinese, english=table.english)


def scope_phrase(table: Table, scope: str) -> Phrase:
    """The place of an identity instance: a row, a column, or the whole table."""
    kind, _, code = scope.partition(":")
    if kind == "row":
        return line_words(table, code, None)
    return line_words(table, None, code) if kind == "column" else load_wording().explanations["table_scope"]


def line_words(table: Table, row_code: str | None, column_code: str | None) -> Phrase:
    """A row or a column in words: “予以公开”行."""
    words = load_wording().explanations
    if row_code is not None:
        return words["row_scope"].fill(line=row_phrase(table, row_code))
    assert column_code is not None
    return words["column_scope"].fill(line=column_phrase(table, column_code))


def heading_words(heading: GroupRow) -> Phrase:
    """All rows under a heading, in words: 「（五）不予处理」各行."""
    name = Phrase(chinese=f"{heading.number or ''}{heading.chinese}", english=heading.english)
    return load_wording().explanations["heading_scope"].fill(line=name)


def row_phrase(table: Table, code: str) -> Phrase:
    """The label of a row, with its heading when the same label stands on several rows."""
    row = table.row(code)
    label = Phrase(chinese=without_remark(row.chinese), english=row.english)
    same = [other for other in table.rows if other.chinese == row.chinese]
    group = next((each for each in table.groups if each.code == row.group), None)
    if len(same) < 2 or group is None:
        return label
    chinese = load_wording().explanations["cell_of_group"].chinese.format(group=group.chinese, row=label.chinese)
    return Phrase(chinese=chinese, english=label.english)


def column_phrase(table: Table, code: str) -> Phrase:
    """The label of a column, with the header above it when the label alone says little."""
    column = table.column(code)
    return Phrase(chinese=column.chinese, english=column.english)


def without_remark(label: str) -> str:
    """部分公开（区分处理的，…） -> 部分公开; brackets within a label stay (第二十条第（一）项)."""
    short = label.partition("（")[0]
    return short if short and label.endswith("）") else label
