"""The corpus as a stream: file name, bytes and truth of the n-th filing of a format and trait.

Here belong the seeds and the truth file. The same seed, format, trait and number make the same bytes.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from benchmarks.corpus import docx, html, pdf, scan, text
from benchmarks.corpus.figures import CellKey
from benchmarks.corpus.filing import Filer, Filing, draw_filing

Render = Callable[[Filing, str, random.Random], bytes]


@dataclass(frozen=True, slots=True)
class Format:
    """A renderer, its traits by name, and the ending of its files (by trait where it differs)."""

    render: Render
    traits: dict[str, Any]
    ending: str

    def ending_of(self, trait: str) -> str:
        return getattr(self.traits[trait], "ending", self.ending)


FORMATS: dict[str, Format] = {
    "pdf": Format(pdf.render, pdf.TRAITS, "pdf"),
    "html": Format(html.render, html.TRAITS, "html"),
    "docx": Format(docx.render, docx.TRAITS, "docx"),
    "text": Format(text.render, text.TRAITS, "txt"),
    "scan": Format(scan.render, scan.TRAITS, "pdf"),
}


@dataclass(frozen=True, slots=True)
class Made:
    """A made filing: its bytes and what a careful reader reads in them."""

    format: str
    trait: str
    number: int
    file_name: str
    data: bytes
    filing: Filing

    @property
    def cells(self) -> dict[CellKey, Decimal | None]:
        """The value of every cell, None where nothing is printed."""
        return {key: printed.value for key, printed in self.filing.figures.items()}


def make(seed: int, format_name: str, trait: str, number: int, filer: Filer | None = None) -> Made:
    """The filing with this number, printed with this trait, by a filer of the draw's or the caller's choice. Raises
    KeyError for an unknown format or trait."""
    form = FORMATS[format_name]
    random_source = random.Random(f"{seed}/{format_name}/{trait}/{number}")
    manner = form.traits[trait]
    filing = draw_filing(random_source, getattr(manner, "busy", None), filer)
    prepare = getattr(manner, "prepare", None)
    if prepare is not None:
        filing = prepare(random_source, filing)
    name = f"{format_name}-{trait}-{number:05d}.{form.ending_of(trait)}"
    return Made(format_name, trait, number, name, form.render(filing, trait, random_source), filing)


def stream(seed: int, counts: dict[str, int]) -> Iterator[Made]:
    """So many filings of each format, their traits in turn."""
    for format_name, count in counts.items():
        traits = tuple(FORMATS[format_name].traits)
        for number in range(count):
            yield make(seed, format_name, traits[number % len(traits)], number // len(traits))


def truth_of(made: Made) -> dict[str, Any]:
    """What stands in the file, ready for JSON; values are strings, so that no digit is lost."""
    filing = made.filing
    return {
        "file": made.file_name,
        "format": made.format,
        "trait": made.trait,
        "agency_name": filing.agency_name,
        "report_year": filing.report_year,
        "publication_date": filing.signed_on.isoformat() if filing.signed_on else None,
        "form_version": filing.edition.code,
        "form_variant": filing.form_variant,
        "mistakes": [list(key) for key in filing.mistakes],
        "cells": [
            {
                "table": table,
                "row_code": row_code,
                "column_code": column_code,
                "printed": printed.text,
                "value": None if printed.value is None else str(printed.value),
            }
            for (table, row_code, column_code), printed in filing.figures.items()
        ],
    }
