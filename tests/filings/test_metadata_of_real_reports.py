"""Metadata of the hand-checked reports: the seeds field by field, the others by year, agency and date."""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from catalogue.load import load_catalogue
from disclosure.archive.media_type import sniff
from disclosure.document import Document
from disclosure.extract import extract
from disclosure.findings import Finding, FindingCode
from disclosure.parse.agency import same_organ
from disclosure.parse.classify import is_annual_report
from disclosure.parse.metadata import read_metadata
from disclosure.parse.region import resolve_region
from disclosure.report import Asserted, Metadata

FIELDS = (
    "title", "agency_name", "agency_level", "function_category", "reporting_scope", "region_name", "region_code",
    "report_year", "period_start", "period_end", "publication_date", "publication_year_hint", "document_number",
    "signatory", "contact_office", "contact_phone", "contact_fax", "contact_email", "contact_address",
    "contact_postcode",
)  # fmt: skip

# Right at the time of writing; the bar only rises. Two golds take the agency from the address of the page, one the year.
AGENCIES_RIGHT, YEARS_RIGHT = 43, 52
REGIONS_NAMED = 35  # golds that name a region


@lru_cache(maxsize=128)
def document_at(path: Path) -> Document:
    data = path.read_bytes()
    return extract(data, sniff(data), "0" * 64, path.name)


def read(path: Path) -> tuple[Metadata, tuple[Finding, ...]]:
    return read_metadata(document_at(path), Asserted(), load_catalogue())


def filings(folder: Path) -> list[tuple[Path, dict[str, Any]]]:
    found = []
    for gold_path in sorted((folder / "real").glob("*.gold.json")):
        stem = gold_path.name.removesuffix(".gold.json")
        text = next(path for path in (folder / "real").glob(f"{stem}.*") if path.suffix in (".txt", ".html"))
        found.append((text, json.loads(gold_path.read_text("utf-8"))))
    return found


@pytest.mark.parametrize("seed", range(5))
def test_seed_metadata_is_exact(real_reports: Path, seed: int) -> None:
    gold = json.loads((real_reports / "gold" / f"seed_{seed:03}.json").read_text("utf-8"))["metadata"]
    metadata, _ = read(next((real_reports / "seeds").glob(f"{seed:03}_*")))
    values = {field: getattr(metadata, field) for field in FIELDS}
    printed = {field: v.isoformat() if isinstance(v, date) else v for field, v in values.items()}
    assert printed == {field: gold[field] for field in FIELDS}


def test_years_are_right_or_unknown_and_never_silently_wrong(real_reports: Path) -> None:
    right, wrong = 0, []
    for path, gold in filings(real_reports):
        metadata, findings = read(path)
        if path.name.startswith("NEG-"):
            continue
        right += metadata.report_year == gold["report_year"]
        if metadata.report_year not in (None, gold["report_year"]):
            wrong.append((path.name, metadata.report_year, [finding.code for finding in findings]))
    assert wrong == []
    assert right >= YEARS_RIGHT


def test_agencies_are_right_or_unknown(real_reports: Path) -> None:
    right, wrong = 0, []
    for path, gold in filings(real_reports):
        if path.name.startswith("NEG-"):
            continue
        metadata, findings = read(path)
        name, expected = metadata.agency_name, gold["agency_name"]
        if name is None:
            assert FindingCode.AGENCY_UNKNOWN in {finding.code for finding in findings}
        elif expected and (same_organ(expected, name) or name.removesuffix("人民政府").endswith(expected)):
            right += 1
        else:
            wrong.append((path.name, name, expected))
    assert wrong == []
    assert right >= AGENCIES_RIGHT


def test_every_region_a_report_names_is_read(real_reports: Path) -> None:
    """As of the report year; where several bear the name and nothing tells which is meant, none is taken and it is said."""
    differing, named = [], 0
    for path, gold in filings(real_reports):
        if path.name.startswith("NEG-") or not gold["region"]:
            continue
        named += 1
        metadata, findings = read(path)
        meant = resolve_region(gold["region"], gold["report_year"])
        if meant.ambiguous:
            right = metadata.region_code is None and FindingCode.REGION_AMBIGUOUS in {each.code for each in findings}
        else:
            right = meant.region is not None and metadata.region_code == meant.region.code
        if not right:
            differing.append((path.name, metadata.region_code))
    assert differing == []
    assert named >= REGIONS_NAMED


def test_publication_dates_are_right(real_reports: Path) -> None:
    differing = []
    for path, gold in filings(real_reports):
        metadata, _ = read(path)
        expected = gold["publication_date"]
        if expected and len(expected) == len("2017-03"):
            assert metadata.publication_year_hint == int(expected[:4])
            expected = None
        read_date = metadata.publication_date.isoformat() if metadata.publication_date else None
        if read_date != expected:
            differing.append((path.name, read_date, expected))
    assert differing == []


def test_only_the_interpretation_is_no_report(real_reports: Path) -> None:
    refused = [path.name for path, _ in filings(real_reports) if not is_annual_report(document_at(path))[0]]
    assert refused == ["NEG-lixia-daminghu-2022-interpretation.txt"]
