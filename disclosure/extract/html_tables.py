"""Tables of HTML pages: which are data and which only lay out a page, and the grid with row and column spans resolved.

What does not belong here: the text between tables, and any knowledge of what a table says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from selectolax.lexbor import LexborNode

from disclosure.document import Grid, GridCell, GridRow, Layout
from disclosure.extract.reading import CELL_LIMIT, RefusalError, raise_digits
from disclosure.findings import FindingCode

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
# fmt: off
BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "legend", "li",
    "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead",
    "tr", "ul", "option",
    *HEADINGS,
))
SKIPPED = frozenset((
    "script", "style", "noscript", "template", "svg", "iframe", "object", "head", "-comment", "math", "canvas",
    "audio", "video", "del", "s", "strike",  # what is struck through is no longer said
))
# fmt: on
_CELLS = frozenset(("td", "th"))
_SECTIONS = frozenset(("thead", "tbody", "tfoot"))
_SPACES = re.compile(r"[ \t\r\n\f]+")
_SPAN = re.compile(r"\s*\+?(\d{1,9})")
RAISED = frozenset(("sup", "sub"))
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE
)
_WIDEST_SPAN = 1000  # the limit of the HTML standard
_TALLEST_SPAN = 65534
_DATA_ROWS = 3  # rows of three cells that make a table with another inside it data all the same


def is_hidden(node: LexborNode) -> bool:
    return _hides(node.attributes)


def _hides(attributes: Mapping[str, str | None]) -> bool:
    if not attributes:
        return False
    style = attributes.get("style")
    return "hidden" in attributes or (bool(style) and _is_hiding_style(style))


@lru_cache(maxsize=1024)  # office software gives every cell one of a few styles
def _is_hiding_style(style: str) -> bool:
    return bool(_HIDDEN_STYLE.search(style))


def tidy(text: str) -> str:
    """White space as a browser shows it; no-break and ideographic spaces stay."""
    return _SPACES.sub(" ", text)


def is_layout(table: LexborNode) -> bool:
    """Whether a table only arranges the page: it holds other tables, and has hardly a row of three cells of its own."""
    inner = table.css("table")
    if len(inner) <= 1:  # css() also finds the table itself
        return False
    rows = [[cell for cell, _ in _cells_of(row) if cell.css_first("table") is None] for row in _own_rows(table)]
    return sum(len(row) >= 3 for row in rows) < _DATA_ROWS


def read_table(table: LexborNode) -> Grid:
    """A data table as a grid. Raises RefusalError(RESOURCE_LIMIT) when its spans cover more than any table can."""
    rows: list[GridRow] = []
    covered = 0
    for section in _sections(table):
        open_spans: dict[int, int] = {}  # column -> rows still covered by a cell from above
        for position, row in enumerate(section):
            cells, open_spans = _place_cells(row, open_spans, rows_left=len(section) - position)
            covered += sum(cell.column_span for cell in cells) + len(open_spans)
            if covered > CELL_LIMIT:
                raise RefusalError(FindingCode.RESOURCE_LIMIT, "表格合并单元格跨度过大")
            rows.append(GridRow(len(rows), tuple(cells)))
    return Grid(tuple(rows), Layout.GRID)


def _place_cells(row: LexborNode, spans: dict[int, int], rows_left: int) -> tuple[list[GridCell], dict[int, int]]:
    """The cells of one row on the columns that cells from above leave free, and the spans open below it.

    A row span is cut at the end of its row group, as a browser does.
    """
    below = {column: left - 1 for column, left in spans.items() if left > 1}
    cells: list[GridCell] = []
    column = 0
    for node, attributes in _cells_of(row):
        while spans.get(column, 0) > 0:
            column += 1
        width = _span(attributes.get("colspan"), _WIDEST_SPAN) or 1
        # rowspan=0: to the end of the group
        height = min(_span(attributes.get("rowspan"), _TALLEST_SPAN) or rows_left, rows_left)
        cells.append(GridCell(cell_text(node), column, height, width))
        if height > 1:
            below.update(dict.fromkeys(range(column, column + width), height - 1))
        column += width
    return cells, below


def _span(printed: str | None, limit: int) -> int:
    """A span attribute; 1 when missing or no number, 0 when it says 0."""
    digits = _SPAN.match(printed) if printed else None
    return min(int(digits[1]), limit) if digits else 1


def cell_text(cell: LexborNode) -> str:
    """The text of a cell: <br> and block elements break lines, everything else runs on; "" when nothing is printed."""
    only = cell.child
    if only is not None and only.tag == "-text" and only.next is None:  # as in most cells of a table
        return _as_lines((only.text_content or "").replace("\v", " "))
    pieces: list[str] = []
    _gather_text(cell, pieces)
    return _as_lines("".join(pieces)) if pieces else ""


@lru_cache(maxsize=8192)
def _as_lines(gathered: str) -> str:
    """Tidied lines; a table prints the same few figures over and over."""
    lines = [tidy(line).strip(" ") for line in gathered.split("\v")]
    return "\n".join(line for line in lines if line.strip())


def _gather_text(cell: LexborNode, pieces: list[str]) -> None:
    """Walk a cell without recursion; a vertical tab marks a line break, as no page contains one."""
    pending: list[LexborNode | str] = [cell.child] if cell.child is not None else []
    while pending:
        node = pending.pop()
        if isinstance(node, str):
            pieces.append(node)
            continue
        if node.next is not None:
            pending.append(node.next)
        tag = node.tag or ""
        if tag == "-text":
            pieces.append((node.text_content or "").replace("\v", " "))
        elif tag == "br":
            pieces.append("\v")
        elif tag not in SKIPPED and not is_hidden(node):
            if tag in RAISED:
                pieces.append(raise_digits(node.text()))
                continue
            if tag in BLOCKS:
                pieces.append("\v")
                pending.append("\v")
            if node.child is not None:
                pending.append(node.child)


def _sections(table: LexborNode) -> Iterator[list[LexborNode]]:
    """The rows of each row group, in source order; the parser puts stray rows into a tbody."""
    loose: list[LexborNode] = []
    for child in table.iter():
        if child.tag in _SECTIONS:
            if loose:
                yield loose
                loose = []
            yield [row for row in child.iter() if row.tag == "tr"]
        elif child.tag == "tr":
            loose.append(child)
    if loose:
        yield loose


def _own_rows(table: LexborNode) -> Iterator[LexborNode]:
    for section in _sections(table):
        yield from section


def _cells_of(row: LexborNode) -> Iterator[tuple[LexborNode, Mapping[str, str | None]]]:
    """The cells of a row with their attributes, hidden ones left out."""
    for cell in row.iter():
        if cell.tag in _CELLS and not _hides(attributes := cell.attributes):
            yield cell, attributes
