"""A stored document comes back equal, whatever is in it."""

from __future__ import annotations

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure.document import Document, Grid, GridCell, GridRow, Layout, Paragraph
from disclosure.extract.serialise import StoredDocumentError, dump_document, load_document
from disclosure.findings import Finding, FindingCode, Where

_TEXT = st.text(max_size=12)
_PAGE = st.none() | st.integers(1, 9)
_FLOAT = st.floats(allow_nan=False, allow_infinity=False)
_CELL = st.builds(
    GridCell,
    text=_TEXT,
    column=st.integers(0, 20),
    row_span=st.integers(1, 9),
    column_span=st.integers(1, 9),
    page=_PAGE,
    box=st.none() | st.tuples(_FLOAT, _FLOAT, _FLOAT, _FLOAT),
    confidence=st.none() | st.floats(0, 1),
    alternatives=st.lists(st.tuples(_TEXT, st.floats(0, 1)), max_size=2).map(tuple),
    agreed=st.none() | st.booleans(),
)
_ROW = st.builds(GridRow, index=st.integers(0, 30), cells=st.lists(_CELL, max_size=4).map(tuple), page=_PAGE)
_GRID = st.builds(Grid, rows=st.lists(_ROW, max_size=3).map(tuple), layout=st.sampled_from(Layout), page=_PAGE)
_PARAGRAPH = st.builds(
    Paragraph,
    text=_TEXT,
    level=st.none() | st.integers(1, 6),
    page=_PAGE,
    confidence=st.none() | _FLOAT,
    doubts=st.lists(st.tuples(st.integers(0, 99), _FLOAT), max_size=2).map(tuple),
)
_WHERE = st.builds(Where, page=_PAGE, table=st.none() | _TEXT, text=st.none() | _TEXT)
_DOCUMENT = st.builds(
    Document,
    sha256=_TEXT,
    media_type=_TEXT,
    reader=_TEXT,
    reader_version=_TEXT,
    blocks=st.lists(_PARAGRAPH | _GRID, max_size=4).map(tuple),
    findings=st.lists(st.builds(Finding, st.sampled_from(FindingCode), _TEXT, _WHERE), max_size=2).map(tuple),
    page_count=_PAGE,
    properties=st.dictionaries(_TEXT, _TEXT, max_size=3),
)


@given(_DOCUMENT)
@settings(max_examples=150, deadline=None)
def test_round_trip(document: Document) -> None:
    assert load_document(dump_document(document)) == document


def test_half_surrogates_survive() -> None:
    document = Document("a", "text/plain", "text", "text 1", (Paragraph("坏\ud800字"),))
    assert load_document(dump_document(document)) == document


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not compressed",
        zstandard.compress(b"[]"),
        zstandard.compress(b'{"format": 99}'),
        zstandard.compress(b"{"),
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(StoredDocumentError):
        load_document(data)
