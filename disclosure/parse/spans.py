"""Where the statutory tables stand in the token sequence, and of which edition each one is.

A table opens at words that only its own header or first rows carry (the catalogue's anchors) and closes where another
table or the next section heading begins. The edition is decided by header words, never by the year.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from rapidfuzz.fuzz import partial_ratio

from catalogue.model import Catalogue, Edition, Table
from disclosure.parse.labels import EXACT, match_label, squeeze
from disclosure.parse.tokens import LABEL, PROSE, VALUE, Token

_HEADING_NUMBER = re.compile(r"[一二三四五六七八九十]、")
_LONGEST_ANCHOR_TOKEN = 90
_LONGEST_ANCHOR_LINE = 45
_LABELS_OF_A_WHOLE = 6  # labels of rows that two printings of a table share
_PIECES_AHEAD = 12  # tokens behind what looks like a heading in which a row of the table shows that it is none
_SHORTEST_MISREAD, _MISREAD = 5, 80.0  # characters; likeness of 100


@dataclass(frozen=True, slots=True)
class TableSpan:
    """The tokens of one statutory table and one edition they can be read as."""

    table: Table
    edition: Edition
    form_variant: str | None
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Printing:
    """A table each time that it opens after another table or a heading: its code, where in the document's tokens it begins,
    and its tokens up to the next."""

    code: str
    start: int
    tokens: list[Token]


def find_tables(printings: Sequence[Printing], catalogue: Catalogue) -> tuple[tuple[TableSpan, ...], ...]:
    """The statutory tables that are printed, in the order of their codes; empty when there is none.

    A table whose words prove its edition comes as one span. One that could be of several (identical in both, or cut
    before the words that differ) comes as one span an edition, the likeliest by the report's other tables first.
    """
    collected: dict[str, list[Token]] = {}
    for printing in printings:
        collected.setdefault(printing.code, []).extend(printing.tokens)
    proven = {code: _edition_of(code, span, catalogue) for code, span in collected.items()}
    likely = proven.get("T3") or proven.get("T2")
    found = []
    for code in sorted(collected):
        certain = proven[code]
        editions = [certain] if certain else _editions_with(code, catalogue, likely)
        spans = (_span(code, edition, collected) for edition in editions)
        found.append(tuple(span for span in spans if span is not None))
    return tuple(spans for spans in found if spans)


def _span(code: str, edition: Edition, collected: dict[str, list[Token]]) -> TableSpan | None:
    table = edition.table(code)
    if table is None:
        return None
    return TableSpan(table, edition, _variant_of(edition, collected), tuple(collected[code]))


def find_second_report(printings: Iterable[Printing], catalogue: Catalogue) -> int | None:
    """The place among the tokens where tables of a second report begin, or last year's: where one opens again that was printed before."""
    seen: dict[str, set[str]] = {}
    for printing in printings:
        code = printing.code
        labels = _labels_of(printing.tokens) - _column_words(code, catalogue)
        if len(labels & seen.get(code, set())) >= _LABELS_OF_A_WHOLE:
            return printing.start
        if any(token.kind is VALUE for token in printing.tokens):  # the blank form is no report
            seen[code] = seen.get(code, set()) | labels
    return None


def _labels_of(tokens: list[Token]) -> set[str]:
    """The labels among tokens, without figures that ran together with them."""
    labels = (token.plain.rstrip("0123456789.") for token in tokens if token.kind is LABEL)
    return {label for label in labels if label}


@lru_cache(maxsize=64)
def _column_words(code: str, catalogue: Catalogue) -> frozenset[str]:
    """The words over the columns of a table, which are printed again on every page."""
    tables = [table for edition in catalogue.editions if (table := edition.table(code)) is not None]
    columns = [column for table in tables for column in table.columns]
    words = {words for column in columns for words in (column.chinese, column.spanning or "", *column.variants)}
    return frozenset(map(squeeze, words))


def _editions_with(code: str, catalogue: Catalogue, likely: Edition | None) -> list[Edition]:
    """One edition for each different shape of the table, the likely edition first."""
    editions = sorted(
        (edition for edition in catalogue.editions if edition.table(code) is not None),
        key=lambda edition: edition is not likely,
    )
    shapes: dict[tuple[tuple[str, str], ...], Edition] = {}
    for edition in editions:
        table = edition.table(code)
        if table is not None:
            shapes.setdefault(table.cells(), edition)
    return list(shapes.values())


def find_printings(tokens: tuple[Token, ...], catalogue: Catalogue) -> list[Printing]:
    """The tables among the tokens, every time that one is printed."""
    printings: list[Printing] = []
    current: str | None = None
    for place, token in enumerate(tokens):
        opened = _opens(token, catalogue) if token.kind is LABEL else None
        if opened:
            if opened != current:
                upper = _upper_header(tokens[:place], opened, catalogue) if current is None else ()
                printings.append(Printing(opened, place - len(upper), list(upper)))
            current = opened
        elif current and token.layout is None and _is_section_heading(token, current, catalogue):
            goes_on = not _names_a_section(token, catalogue) and _goes_on(tokens[place + 1 :], current, catalogue)
            current = current if goes_on else None
        if current:
            printings[-1].tokens.append(token)
    return printings


def _upper_header(before: tuple[Token, ...], opened: str, catalogue: Catalogue) -> tuple[Token, ...]:
    """The words right before the first sure ones of a table that name its rows or groups: 行政复议 over 结果维持."""
    tables = [table for edition in catalogue.editions if (table := edition.table(opened)) is not None]
    start = len(before)
    while start and before[start - 1].kind is LABEL and _names_rows(before[start - 1], tables):
        start -= 1
    return before[start:]


def _names_rows(token: Token, tables: list[Table]) -> bool:
    """Whether a line or cell holds nothing but words of a table's rows and groups, or pieces of them."""
    return any(_row_words(table).fullmatch(token.plain.replace("|", "")) for table in tables)


@lru_cache(maxsize=64)
def _row_words(table: Table) -> re.Pattern[str]:
    """Words of rows and groups one after the other, or the pieces into which lines broke them."""
    names = [
        squeeze(words) for words in (*(row.chinese for row in table.rows), *(group.chinese for group in table.groups))
    ]
    pieces = {name[start:end] for name in names for start, end in combinations(range(len(name) + 1), 2)}
    return re.compile(f"(?:{'|'.join(map(re.escape, sorted(pieces, key=len, reverse=True)))})+")


@lru_cache(maxsize=8)
def _anchors(catalogue: Catalogue) -> tuple[tuple[str, str], ...]:
    pairs = {
        (squeeze(anchor), table.code)
        for edition in catalogue.editions
        for table in edition.tables
        for anchor in table.anchors
    }
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def _opens(token: Token, catalogue: Catalogue) -> str | None:
    longest = _LONGEST_ANCHOR_LINE if token.layout is None else _LONGEST_ANCHOR_TOKEN
    if len(token.plain) > longest:
        return None
    is_recognised = token.confidence is not None and token.layout is not None and token.kind is LABEL
    return _opened_by(token.plain, catalogue) or (_opened_misread(token.plain, catalogue) if is_recognised else None)


@lru_cache(maxsize=65536)
def _opened_by(words: str, catalogue: Catalogue) -> str | None:
    return next((code for anchor, code in _anchors(catalogue) if anchor in words), None)


@lru_cache(maxsize=4096)
def _opened_misread(words: str, catalogue: Catalogue) -> str | None:
    """The table whose words recognition read in a cell with about one character wrong."""
    if len(words) < _SHORTEST_MISREAD:
        return None
    score, code = max((partial_ratio(anchor, words), code) for anchor, code in _anchors(catalogue))
    return code if score >= _MISREAD else None


def _is_section_heading(token: Token, current: str, catalogue: Catalogue) -> bool:
    """一、…六、 headings of the report, as against 一、…四、 rows of T3."""
    if token.layout is not None or not _HEADING_NUMBER.match(token.plain) or len(token.plain) < 5:
        return False
    for edition in catalogue.editions:
        table = edition.table(current)
        if table is None:
            continue
        matched = match_label(token.text, table, -1)
        if matched and matched.score >= EXACT - 5:
            return False
    return True


def _names_a_section(token: Token, catalogue: Catalogue) -> bool:
    """Whether the words are those of a section of the report."""
    words = (word for edition in catalogue.editions for section in edition.sections for word in section.keywords)
    return any(squeeze(word) in token.plain for word in words)


def _goes_on(following: tuple[Token, ...], current: str, catalogue: Catalogue) -> bool:
    """Whether rows of the same table follow before any sentence or heading: then 三、本法提供 was no heading but the pieces
    of labels that stood beside each other."""
    tables = [table for edition in catalogue.editions if (table := edition.table(current)) is not None]
    for token in following[:_PIECES_AHEAD]:
        if token.kind is PROSE or _HEADING_NUMBER.match(token.plain):
            return False
        if token.kind is LABEL and any(_is_row(token, table) for table in tables):
            return True
    return False


def _is_row(token: Token, table: Table) -> bool:
    matched = match_label(token.text, table, -1)
    return matched is not None and matched.score >= EXACT and not matched.target.is_group


def _edition_of(code: str, tokens: list[Token], catalogue: Catalogue) -> Edition | None:
    """The edition whose own header words or rows stand among the tokens most often; None when none does."""
    words = "\n".join(token.plain for token in tokens if token.kind is LABEL)
    scores = []
    for edition in catalogue.editions:
        table = edition.table(code)
        if table is None:
            continue
        hits = sum([squeeze(anchor) in words for anchor in table.edition_anchors])
        scores.append((hits, edition.code, edition))
    best = max(scores, key=lambda score: score[0], default=None)
    if best is None or best[0] == 0 or sum(1 for score in scores if score[0] == best[0]) > 1:
        return None
    return best[2]


def _variant_of(edition: Edition, collected: dict[str, list[Token]]) -> str | None:
    words = "\n".join(token.plain for token in collected.get("T2", ())) if edition.variants else ""
    for variant in edition.variants:
        if any(squeeze(mark) in words for mark in variant.marks):
            return variant.code
    return None
