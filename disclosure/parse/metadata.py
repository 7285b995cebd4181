"""What a report says about itself, every field with the words it was read from.

Here belongs the order in which the readers of title, agency, region, year, publication and contacts are asked, and the
findings when the answer is missing. How each answer is found is in the module of that name.
"""

from __future__ import annotations

from dataclasses import replace

from catalogue.model import Catalogue
from disclosure.document import Document
from disclosure.findings import Finding, FindingCode, Where, finding
from disclosure.parse.agency import Candidate, is_bare, read_agency
from disclosure.parse.agency_identity import (
    AgencyIdentity,
    AgencyKind,
    classify_agency,
    credit_code_in,
    identify_agency,
)
from disclosure.parse.contacts import read_contacts
from disclosure.parse.placing import place_agency
from disclosure.parse.prose import Line, read_prose
from disclosure.parse.publication import read_publication
from disclosure.parse.region import RegionReading, region_named_in
from disclosure.parse.report_year import read_period, read_report_year
from disclosure.parse.titles import read_title
from disclosure.report import Asserted, Evidence, Metadata

_FROM_THE_NAME = (
    *("agency_id", "agency_key", "agency_short_name", "agency_level", "function_category", "organ_type"),
    "reporting_scope",
)


def read_metadata(document: Document, asserted: Asserted, catalogue: Catalogue) -> tuple[Metadata, tuple[Finding, ...]]:
    """The metadata of a report with its evidence, and findings for what is unknown or contradictory."""
    prose = read_prose(document)
    lines, sentences = prose.lines, prose.sentences
    title = read_title(lines)
    publication = read_publication(lines, document.properties)
    period = read_period(sentences)
    publication_year = publication.day.year if publication.day else publication.year_hint
    year = read_report_year(period, title, sentences, publication.document_year, publication_year, asserted.report_year)
    agency = read_agency(lines, sentences, title, _page_title(document), asserted.agency_name, year.year)
    region = _region_of(agency, year.year, lines)
    credit_code = credit_code_in(publication.index_number)
    kind = classify_agency(agency.name, region, catalogue, credit_code) if agency else AgencyKind(None, None, None)
    identity = _identify(agency, region, kind, publication.index_number, asserted.source, year.year)
    contacts, contact_evidence = read_contacts(sentences)
    metadata = Metadata(
        title=title.text if title else None,
        agency_name=agency.name if agency else None,
        agency_id=identity.agency_id if identity else None,
        agency_key=identity.key if identity else None,
        agency_short_name=identity.short_name if identity else None,
        credit_code=credit_code,
        agency_level=kind.level,
        function_category=kind.function_category,
        organ_type=kind.organ_type,
        reporting_scope=kind.reporting_scope,
        region_name=region.name,
        region_code=region.region.code if region.region else None,
        region_id=region.region.region_id if region.region else None,
        report_year=year.year,
        period_start=period.start if period else None,
        period_end=period.end if period else None,
        publication_date=publication.day,
        publication_year_hint=publication.year_hint,
        document_number=publication.document_number,
        index_number=publication.index_number,
        signatory=publication.signatory,
        **contacts,
        evidence=(*year.evidence, *publication.evidence, *contact_evidence),
    )
    derived = _evidence(metadata, agency, region, title.text if title else "", period.text if period else "")
    findings = (*year.findings, *_agency_findings(agency, region, kind, year.year))
    return replace(metadata, evidence=(*derived, *metadata.evidence)), findings


def _page_title(document: Document) -> str:
    return next((value for key, value in document.properties.items() if key.lower() in ("title", "articletitle")), "")


def _region_of(agency: Candidate | None, year: int | None, lines: tuple[Line, ...]) -> RegionReading:
    """The agency's region; where the agency is not named at all the text may still name its region alone."""
    text = "".join(line.text for line in lines)
    return place_agency(agency.name, year, text) if agency else region_named_in(text, year)


def _identify(
    agency: Candidate | None,
    region: RegionReading,
    kind: AgencyKind,
    index_number: str | None,
    source: str | None,
    year: int | None,
) -> AgencyIdentity | None:
    """The identity, or None where the name alone (教育局) would throw many agencies together."""
    if agency is None or (region.region is None and is_bare(agency.name, year)):
        return None
    return identify_agency(agency.name, region, kind, index_number, source)


def _agency_findings(
    agency: Candidate | None, region: RegionReading, kind: AgencyKind, year: int | None
) -> tuple[Finding, ...]:
    if agency is None:
        return (finding(FindingCode.AGENCY_UNKNOWN),)
    where = Where(text=agency.text[:200])
    found: list[Finding] = []
    if region.region is None and is_bare(agency.name, year):
        found.append(finding(FindingCode.AGENCY_UNKNOWN, f"正文只有“{agency.name}”，未写明所在地区", where))
    if region.ambiguous:
        names = "、".join(f"{candidate.name}（{candidate.code}）" for candidate in region.candidates)
        found.append(finding(FindingCode.REGION_AMBIGUOUS, names, where))
    elif region.region is None and kind.level != "national":
        found.append(finding(FindingCode.REGION_UNKNOWN, agency.name, where))
    return tuple(found)


def _evidence(
    metadata: Metadata, agency: Candidate | None, region: RegionReading, title: str, period: str
) -> tuple[Evidence, ...]:
    """Evidence for the fields that do not bring their own."""
    derived: list[Evidence] = []
    if metadata.title:
        derived.append(Evidence("title", metadata.title, "title", title))
    if agency:
        derived.append(Evidence("agency_name", agency.name, agency.method, agency.text))
        for field in _FROM_THE_NAME:
            value = getattr(metadata, field)
            if value:
                derived.append(Evidence(field, value, "agency_name", agency.name))
    if metadata.credit_code and metadata.index_number:
        derived.append(Evidence("credit_code", metadata.credit_code, "index_number", metadata.index_number))
    method, named = ("region_table", agency.name) if agency else ("only_region_named", region.name or "")
    for field in ("region_name", "region_code", "region_id"):
        if getattr(metadata, field):
            derived.append(Evidence(field, getattr(metadata, field), method, named))
    for field in ("period_start", "period_end"):
        if getattr(metadata, field):
            derived.append(Evidence(field, getattr(metadata, field).isoformat(), "stated_period", period))
    return tuple(derived)
