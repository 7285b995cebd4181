"""Add to a report what the rules that warn say of it: their outcomes, and findings in the words of a clerk.

Here belongs the order of the steps; in `disclosure.reconcile` the figures are collected (`figures.py`), judged
(`plausibility.py`) and worded (`plausibility_wording.py`). The sections of the text are looked for here too, because only the document shows them.
"""

from __future__ import annotations

from dataclasses import replace

from catalogue.model import Catalogue, Edition
from disclosure.document import Document
from disclosure.findings import Finding, FindingCode, Where, finding
from disclosure.parse.prose import read_prose
from disclosure.parse.sentence_numbers import number_sentences
from disclosure.parse.sentence_parts import read_sentence_parts
from disclosure.reconcile.figures import figures_of
from disclosure.reconcile.plausibility import Judged, judge_plausibility
from disclosure.reconcile.plausibility_wording import describe_warnings
from disclosure.reconcile.prior_year import PriorYear, figures_of_both, rules_between
from disclosure.report import Report


def warn(report: Report, document: Document, catalogue: Catalogue, prior: PriorYear | None = None) -> Report:
    """The report with its `plausibility` outcomes and the findings that follow from them, those between it and the year
    before too where that report is at hand, and the numbers of its sentences. Cells stay as they are."""
    report = replace(
        report, sentences=number_sentences(sentence.folded.text for sentence in read_prose(document).sentences)
    )
    judged = judge_report(report, catalogue, prior)
    return replace(
        report,
        prior_report_ids=prior.report_ids if prior else (),
        plausibility=tuple(each.outcome for each in judged),
        findings=(
            *report.findings,
            *find_missing_sections(document, report.form_version, catalogue),
            *describe_warnings(judged, report.metadata.report_year, catalogue),
        ),
    )


def judge_report(report: Report, catalogue: Catalogue, prior: PriorYear | None = None) -> tuple[Judged, ...]:
    """Every rule about this report, alone or beside the year before, that says something of it."""
    figures = figures_of(report, catalogue)
    if prior is not None:
        known = figures_of_both(figures.known, report.cells, report.forms, prior, report.sentences)
        figures = replace(figures, known=known)
    return judge_plausibility(
        figures,
        read_sentence_parts(count.sentence for count in report.narrative),
        report.forms,
        report.form_version or "",
        report.form_variant,
        report.metadata,
        catalogue,
        rules_between(catalogue, report.forms, prior, report.form_version) if prior is not None else (),
    )


def find_missing_sections(document: Document, form_version: str | None, catalogue: Catalogue) -> tuple[Finding, ...]:
    """S-05: the sections of the edition that no heading names after the one before."""
    edition: Edition | None = next((each for each in catalogue.editions if each.code == form_version), None)
    if edition is None or not edition.sections:
        return ()
    headings = [line.text for line in read_prose(document).lines if line.heading]
    missing, place = [], 0
    for section in edition.sections:
        found = next(
            (at for at in range(place, len(headings)) if any(word in headings[at] for word in section.keywords)), None
        )
        if found is None:
            missing.append(section.chinese)
        else:
            place = found + 1
    return tuple(finding(FindingCode.SECTION_MISSING, each, Where(text=each)) for each in missing)
