"""From a `Document` to a `Report`: tables, metadata, prose facts, and the outcome of the identities.

Here belong everything that knows the form, and nothing that knows a file format or a store.
"""

from __future__ import annotations

from dataclasses import replace

from catalogue.model import Catalogue, Edition
from disclosure.decisions import EMPTY_BOOK, DecisionBook
from disclosure.document import Document
from disclosure.findings import Finding, FindingCode, FindingSeverity, Where, finding
from disclosure.parse.classify import is_annual_report
from disclosure.parse.first_report import take_first_report
from disclosure.parse.metadata import read_metadata
from disclosure.parse.narrative import read_narrative
from disclosure.parse.tables import DISPUTES, read_tables
from disclosure.parse.two_readings import choose_readings
from disclosure.parse.warn import warn
from disclosure.reconcile import reconcile
from disclosure.reconcile.clues import Surroundings
from disclosure.reconcile.decide import describe_lapsed, describe_superseded, report_outcomes
from disclosure.reconcile.explain import describe_explanations, explain
from disclosure.reconcile.figures import collect_figures
from disclosure.reconcile.prior_year import NONE_OFFERED, OfferedPriors, evidence_for_repairs
from disclosure.report import Asserted, Metadata, ReadingStatus, Report, TableReading

# Raised whenever a change here can change a cell, a fact, a metadata field or a finding: staged reports are then read anew.
PARSER_VERSION = "23"

NARRATIVE_ONLY = "narrative_2008"


def parse_report(
    document: Document,
    asserted: Asserted,
    catalogue: Catalogue,
    book: DecisionBook = EMPTY_BOOK,
    prior: OfferedPriors = NONE_OFFERED,
) -> Report:
    """Everything a document says, reconciled with the decisions about it and held against the year before where that is
    among `prior`. A document without text or that is no report comes back as such, with its findings and nothing else."""
    document, others = take_first_report(document)
    report = _read_report(document, asserted, catalogue, book, prior)
    if others:
        report = replace(report, findings=(*others, *report.findings))
    if report.status is ReadingStatus.READ:
        report = warn(report, document, catalogue, prior.before(report.metadata))
    outcomes = report_outcomes(book.about(report.report_id), report.cells)
    stated = report.metadata
    elsewhere = book.about_other_bytes(report.report_id, stated.agency_id, stated.report_year, stated.reporting_scope)
    return replace(
        report,
        decisions=outcomes,
        decisions_version=book.version_of(report.report_id),
        findings=(*report.findings, *describe_lapsed(outcomes), *describe_superseded(elsewhere)),
    )


def _read_report(
    document: Document, asserted: Asserted, catalogue: Catalogue, book: DecisionBook, prior: OfferedPriors
) -> Report:
    if not document.blocks:
        status = ReadingStatus.NOT_A_REPORT if _is_unpacked(document) else ReadingStatus.UNREADABLE
        return _empty(document, catalogue, status, document.findings)
    readings = read_tables(document, catalogue)
    if document.other_blocks:
        other = replace(document, blocks=document.other_blocks, other_blocks=())
        readings = choose_readings(readings, read_tables(other, catalogue), catalogue)
    is_report, reason = is_annual_report(document)
    if not is_report and not any(cell.value is not None for reading in readings for cell in reading.cells):
        findings = (*document.findings, finding(FindingCode.NOT_A_REPORT, reason))
        return _empty(document, catalogue, ReadingStatus.NOT_A_REPORT, findings)
    metadata, metadata_findings = read_metadata(document, asserted, catalogue)
    readings = _date_disputes(readings, metadata, catalogue)
    narrative, narrative_findings = read_narrative(document, catalogue)
    reconciled = reconcile(readings, catalogue, book.about(document.sha256[:16]))
    forms = {reading.table: reading.edition for reading in readings}
    year_before = prior.before(metadata) if reconciled.doubted else None
    evidence = None
    if year_before is not None:
        figures = collect_figures(reconciled.cells, forms, metadata, narrative, catalogue)
        evidence = evidence_for_repairs(figures.known, reconciled.cells, forms, year_before, catalogue)
    surroundings = Surroundings(narrative, reconciled.confirmed, not document.is_plain_text, evidence)
    explanations = explain(reconciled.doubted, surroundings)
    variant = next((reading.form_variant for reading in readings if reading.form_variant), None)
    return Report(
        report_id=document.sha256[:16],
        sha256=document.sha256,
        media_type=document.media_type,
        reader=document.reader,
        reader_version=document.reader_version,
        parser_version=PARSER_VERSION,
        catalogue_version=catalogue.version,
        status=ReadingStatus.READ,
        metadata=metadata,
        form_version=forms.get("T3") or forms.get("T2") or forms.get("S14") or NARRATIVE_ONLY,
        form_variant=variant,
        t2_form=forms.get("T2"),
        t3_form=forms.get("T3"),
        t4_form=forms.get("T4"),
        s14_form=forms.get("S14"),
        cells=reconciled.cells,
        narrative=narrative,
        identities=reconciled.identities,
        findings=(
            *document.findings,
            *metadata_findings,
            *(trouble for reading in readings for trouble in reading.findings),
            *_form_findings(readings, metadata, catalogue),
            *narrative_findings,
            *reconciled.findings,
            *describe_explanations(explanations, [table.compiled for table in reconciled.doubted]),
        ),
        explanations=explanations,
    )


def _date_disputes(
    readings: tuple[TableReading, ...], metadata: Metadata, catalogue: Catalogue
) -> tuple[TableReading, ...]:
    """T4 is the same in both editions of the form: alone in a text it is taken for that of the report year."""
    edition = _edition_of_year(metadata.report_year, catalogue)
    if edition is None or edition.table(DISPUTES) is None or any(reading.table == "T3" for reading in readings):
        return readings
    return tuple(
        replace(reading, edition=edition.code) if reading.table == DISPUTES else reading for reading in readings
    )


def _is_unpacked(document: Document) -> bool:
    """Whether this is a container of which every file was registered: it is no report and nothing in it is lost."""
    lost = any(found.severity is FindingSeverity.ERROR for found in document.findings)
    return not lost and any(found.code is FindingCode.CONTAINER_UNPACKED for found in document.findings)


def _empty(document: Document, catalogue: Catalogue, status: ReadingStatus, findings: tuple[Finding, ...]) -> Report:
    if status is ReadingStatus.UNREADABLE and not any(f.severity is FindingSeverity.ERROR for f in findings):
        findings = (*findings, finding(FindingCode.NO_TEXT))
    return Report(
        report_id=document.sha256[:16],
        sha256=document.sha256,
        media_type=document.media_type,
        reader=document.reader,
        reader_version=document.reader_version,
        parser_version=PARSER_VERSION,
        catalogue_version=catalogue.version,
        status=status,
        metadata=Metadata(),
        form_version=None,
        form_variant=None,
        t2_form=None,
        t3_form=None,
        t4_form=None,
        s14_form=None,
        cells=(),
        narrative=(),
        identities=(),
        findings=findings,
    )


def _form_findings(readings: tuple[TableReading, ...], metadata: Metadata, catalogue: Catalogue) -> tuple[Finding, ...]:
    """S-04 and S-06: tables the report year's edition requires and the text lacks, and tables of another edition."""
    edition = _edition_of_year(metadata.report_year, catalogue)
    if edition is None:
        return ()
    present = {reading.table: reading for reading in readings}
    findings = [
        finding(FindingCode.TABLE_MISSING, table.chinese, Where(table=table.code))
        for table in edition.tables
        if table.code not in present
    ]
    findings += [
        finding(
            FindingCode.FORM_YEAR_MISMATCH,
            f"{metadata.report_year} 年应为 {edition.code}，实为 {reading.edition}",
            Where(table=reading.table),
        )
        for reading in readings
        if reading.edition != edition.code and edition.table(reading.table) is not None
    ]
    if edition.tables and not readings:
        findings.append(
            finding(
                FindingCode.FORM_YEAR_MISMATCH, f"{metadata.report_year} 年应为 {edition.code}，实为 {NARRATIVE_ONLY}"
            )
        )
    return tuple(findings)


def _edition_of_year(report_year: int | None, catalogue: Catalogue) -> Edition | None:
    if report_year is None:
        return None
    for edition in catalogue.editions:
        if edition.first_report_year <= report_year and report_year <= (edition.last_report_year or report_year):
            return edition
    return None
