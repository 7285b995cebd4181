"""A raw page laid out: its characters as tables, ruled or not, and as the lines around them.

The one road for every format that gives characters and rules in place (PDF, OFD). What does not belong here: reading the raw
page, and joining pages.
"""

from __future__ import annotations

from disclosure.extract.pdf_pages import RawPage
from disclosure.extract.pdf_stitch import PageContents
from disclosure.extract.pdf_tables import find_tables
from disclosure.extract.pdf_text import Character, drop_page_number, drop_repeats, gather_lines
from disclosure.extract.pdf_unruled import find_unruled


def lay_out(raw: RawPage, printed: list[Character], unreadable: str) -> PageContents:
    """The contents of a page from its `printed` characters and its rules; `unreadable` says why it has no text, or is empty."""
    characters = drop_page_number(drop_repeats(printed), raw.height)
    tables, outside = find_tables(raw.rules, characters)
    unruled, lines = find_unruled(list(gather_lines(outside)))
    return PageContents(
        number=raw.number,
        width=raw.width,
        height=raw.height,
        character_count=len(characters),
        lines=tuple(lines),
        tables=tuple(sorted((*tables, *unruled), key=lambda table: table.box[1])),
        unreadable=unreadable,
    )
