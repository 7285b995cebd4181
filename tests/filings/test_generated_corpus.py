"""One made filing of every structured trait, held cell by cell against its truth; more of them are read by `benchmarks.reading`."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.agreement import CheckedSource, agree
from benchmarks.corpus.stream import FORMATS, make
from disclosure.reading import read_filing

SEED = 7
STRUCTURED = ("pdf", "html", "docx", "text")
# What these print cannot be read in full by anyone from the text alone: cells are missing or in doubt, never silently wrong.
LOSSY = {
    ("pdf", "borderless_blank_zeros"),
    ("pdf", "borderless_page_break"),
    ("pdf", "horizontal_rules_blank_zeros"),
    ("text", "glued"),
    ("text", "dropped_empty_cells"),
    ("text", "dropped_empty_cell_lines"),
    ("text", "misread_encoding"),
    ("text", "misread_by_windows"),
}
RECOGNISED = {("pdf", "no_unicode_map"), ("pdf", "private_unicode_map")}  # only text recognition reads these
TRAITS = [(name, trait) for name in STRUCTURED for trait in FORMATS[name].traits]


@pytest.mark.parametrize(("format_name", "trait"), [pair for pair in TRAITS if pair not in LOSSY | RECOGNISED])
def test_every_cell_is_read(format_name: str, trait: str) -> None:
    made = make(SEED, format_name, trait, 0)
    report = read_filing(made.data, made.file_name)
    agreement = agree(report, CheckedSource(Path(made.file_name), made.cells))
    assert (agreement.wrong, agreement.missing, agreement.extra) == ((), (), ())
    assert report.metadata.report_year == made.filing.report_year


@pytest.mark.parametrize(("format_name", "trait"), sorted(LOSSY))
def test_what_is_lost_is_never_silently_wrong(format_name: str, trait: str) -> None:
    made = make(SEED, format_name, trait, 0)
    report = read_filing(made.data, made.file_name)
    agreement = agree(report, CheckedSource(Path(made.file_name), made.cells))
    assert agreement.silently_wrong == ()


@pytest.mark.parametrize("format_name", STRUCTURED)
def test_what_is_published_was_printed_or_counted(format_name: str) -> None:
    """Blanks filled by the identities carry the number the agency had, and a filer's mistake is not mended."""
    for trait in ("blank_zeros", "filer_mistake"):
        made = make(SEED, format_name, trait, 0)
        filing = made.filing
        for cell in read_filing(made.data, made.file_name).cells:
            allowed = (None, filing.figures[cell.key].value, filing.drawn[cell.key].value)
            assert cell.value_published in allowed, cell


def test_a_fax_in_fine_print_loses_a_few_cells_and_says_so() -> None:
    pytest.importorskip("onnxruntime", reason="recognition is not installed: make ocr")
    made = make(1, "scan", "serif_fax", 2)
    report = read_filing(made.data, made.file_name)
    agreement = agree(report, CheckedSource(Path(made.file_name), made.cells))
    assert agreement.wrong == ()
    assert all(each.flagged for each in agreement.missing)
    assert agreement.right >= 0.98 * len(made.cells)
