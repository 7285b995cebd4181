"""What a clerk reads about broken identities and withheld cells, in the words of the form.

The sentence about an identity comes from the catalogue (`message`); here its places and figures are filled in. Only
words belong here: what is broken or withheld has been decided before.
"""

from __future__ import annotations

from decimal import Decimal

from catalogue.model import Comparison, Table
from disclosure.findings import Finding, FindingCode, Where, finding
from disclosure.reconcile.compiled import CompiledTable
from disclosure.reconcile.evaluate import Evaluation
from disclosure.report import Cell, CellKey


def describe_broken(compiled: CompiledTable, evaluation: Evaluation, cells: dict[CellKey, Cell]) -> tuple[Finding, ...]:
    """The findings for a broken identity: one for a sum, one for each offending cell of a rule about single values."""
    if not evaluation.rule.is_sum:
        return tuple(_describe_offender(compiled, evaluation, index, cells) for index in evaluation.offenders)
    rule = evaluation.rule
    known = abs(evaluation.known_left - evaluation.known_right)
    detail = rule.identity.message.format(
        scope=_scope_words(compiled.table, rule.instance.scope),
        left=_side(evaluation.known_left, bool(evaluation.missing_left)),
        right=_side(evaluation.known_right, bool(evaluation.missing_right)),
        difference=_side(known, bool(evaluation.missing)),
    )
    kind, _, code = rule.instance.scope.partition(":")
    first = next((cells[key] for index in rule.weights if (key := compiled.keys[index]) in cells), None)
    where = Where(
        page=first.page if first else None,
        table=compiled.table.code,
        row_code=code if kind == "row" else None,
        column_code=code if kind == "column" else None,
    )
    return (finding(FindingCode.IDENTITY_BROKEN, f"{compiled.table.chinese}，{detail}", where),)


def describe_withheld(table: Table, cell: Cell) -> Finding:
    """The finding for a withheld cell: where it is, what is printed, and what would mend the table."""
    detail = f"{table.chinese}，{cell_words(table, cell.row_code, cell.column_code)}印为“{cell.printed or ''}”"
    if cell.value_suggested is not None:
        detail += f"，改为 {format_number(cell.value_suggested)} 则各项勾稽关系成立，请核对原件"
    elif cell.suspect:
        detail += "，读数存疑，行、列两个方向的勾稽关系未能同时印证，请核对原件"
    else:
        detail += "，与勾稽关系不符且无法唯一确定应为何数，请核对原件"
    return finding(FindingCode.CELL_WITHHELD, detail, _where(cell))


def cell_words(table: Table, row_code: str, column_code: str) -> str:
    """A cell in the words of the form: 「予以公开」行「商业企业」栏."""
    return f"「{table.row(row_code).chinese}」行「{table.column(column_code).chinese}」栏"


def format_number(number: Decimal) -> str:
    """A number as a person writes it: no exponent, no trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _describe_offender(
    compiled: CompiledTable, evaluation: Evaluation, index: int, cells: dict[CellKey, Cell]
) -> Finding:
    cell = cells[compiled.keys[index]]
    words = cell_words(compiled.table, cell.row_code, cell.column_code)
    value = format_number(cell.value) if cell.value is not None else ""
    limited = evaluation.rule.instance.comparison is Comparison.EACH_WITHIN_MAXIMUM
    limit = format_number(compiled.maximum[index]) if limited else ""
    detail = evaluation.rule.identity.message.format(scope=words, left=value, right=limit, difference="")
    return finding(FindingCode.IDENTITY_BROKEN, f"{compiled.table.chinese}，{detail}", _where(cell))


def _scope_words(table: Table, scope: str) -> str:
    kind, _, code = scope.partition(":")
    if kind == "row":
        return f"「{table.row(code).chinese}」行"
    if kind == "column":
        return f"「{table.column(code).chinese}」栏"
    return table.chinese


def _side(known: Decimal, has_unknown: bool) -> str:
    """A side with blank terms is only known from below."""
    return f"至少 {format_number(known)}" if has_unknown else format_number(known)


def _where(cell: Cell) -> Where:
    return Where(cell.page, cell.table, cell.row_code, cell.column_code, cell.printed)
