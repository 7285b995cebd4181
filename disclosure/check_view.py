"""What a clerk is told about a checked filing, in one language and in the order it is told: the answer before its layout.

Here the report, its explanations and findings become words and marked cells. How they look is in `check_terminal.py` and
`check_html.py`; labels come from the forms, fixed words from the catalogue's wording.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from catalogue.model import Catalogue, Identity
from catalogue.plausibility import REPORT, Relation
from catalogue.wording import Language, Phrase, load_wording
from disclosure.check_output import broken_must_hold, plain
from disclosure.check_tables import ShownTable, show_tables
from disclosure.findings import KINDS, Finding, FindingCode
from disclosure.reconcile.compiled import CompiledTable, compiled_table
from disclosure.reconcile.explain import say_candidate
from disclosure.reconcile.figures import date_of
from disclosure.reconcile.places import cell_phrase, scope_phrase
from disclosure.reconcile.plausibility_wording import say_warning
from disclosure.report import (
    Candidate,
    Explanation,
    IdentityOutcome,
    Outcome,
    PlausibilityOutcome,
    ReadingStatus,
    Report,
    ValueSource,
)

MISSING = frozenset(
    {
        FindingCode.TABLE_MISSING,
        FindingCode.TABLE_CELLS_LOST,
        FindingCode.ROW_MISSING,
        FindingCode.SECTION_MISSING,
    }
)
TOLD_BY_RULES = frozenset({FindingCode.NARRATIVE_CONTRADICTS, FindingCode.FIGURE_IMPLAUSIBLE})
TOLD_BY_EXPLANATIONS = frozenset({FindingCode.IDENTITY_BROKEN, FindingCode.BREAK_EXPLAINED, FindingCode.CELL_WITHHELD})
DEADLINE_SCOPE = "deadline"
ALONE = Relation.THIS.value
WAYS_SHOWN, RANGES_SHOWN = 6, 8  # a table can have dozens; all of them are in the JSON object
LONGEST_SENTENCE = 120  # characters of a sentence that are shown


@dataclass(frozen=True, slots=True)
class ShownWay:
    """One way to mend what is broken, with what speaks for it."""

    change: str
    clues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownExplanation:
    """A cause and the broken identities that follow from it."""

    sentence: str
    cause: str
    clues: tuple[str, ...]  # of all ways
    ways: tuple[ShownWay, ...]  # only where there are several
    further_ways: str  # how many are not shown; "" when all are
    ranges: tuple[str, ...]
    broken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownField:
    label: str
    value: str
    evidence: str


@dataclass(frozen=True, slots=True)
class ShownFinding:
    severity: str  # the code, for the layout
    words: str
    place: str  # table and page, where they are known and not in the words


@dataclass(frozen=True, slots=True)
class ShownWarning:
    """A rule that warns, with its figures."""

    rule_id: str
    words: str


@dataclass(frozen=True, slots=True)
class ShownContradiction:
    """A sentence of the prose, and the rules by which the tables contradict it."""

    sentence: str
    warnings: tuple[ShownWarning, ...]


@dataclass(frozen=True, slots=True)
class ShownFact:
    label: str
    figure: str
    sentence: str


@dataclass(frozen=True)
class CheckView:
    """Everything that is told about one filing. `verdict` is ties, broken or unreadable."""

    source: str
    title: str
    sha256: str
    language: Language
    verdict: str
    conclusion: tuple[str, ...]
    explanations: tuple[ShownExplanation, ...]
    unexplained: tuple[str, ...]
    contradictions: tuple[ShownContradiction, ...]
    implausible: tuple[ShownWarning, ...]
    other_year: tuple[ShownWarning, ...]  # what the report of the year before contradicts
    prior: str  # whether there was one to hold it against; "" when none was offered
    missing: tuple[ShownFinding, ...]
    deadline: str
    fields: tuple[ShownField, ...]
    tables: tuple[ShownTable, ...]
    facts: tuple[ShownFact, ...]
    findings: tuple[ShownFinding, ...]

    def word(self, name: str, **values: object) -> str:
        """A fixed word of the report in the view's language."""
        return load_wording().report[name].fill(**values).in_language(self.language)


@dataclass(frozen=True)
class Teller:
    """A report, the catalogue, and the language it is told in."""

    report: Report
    catalogue: Catalogue
    language: Language

    def say(self, phrase: Phrase) -> str:
        return phrase.in_language(self.language)

    def word(self, name: str, **values: object) -> str:
        return self.say(load_wording().report[name].fill(**values))

    def edition_of(self, table: str) -> str | None:
        return self.report.forms.get(table)

    def compiled(self, table: str) -> CompiledTable | None:
        edition = self.edition_of(table)
        return compiled_table(self.catalogue, edition, table, self.report.form_variant) if edition else None

    def identity(self, rule_id: str) -> Identity:
        return self.catalogue.identity(rule_id)


def view_report(
    report: Report, source: str, catalogue: Catalogue, language: Language = "zh", prior_offered: bool = False
) -> CheckView:
    """The whole answer for one filing. `prior_offered`: whether it was to be held against the year before."""
    teller = Teller(report, catalogue, language)
    broken = broken_must_hold(report, catalogue)
    explained = {(each.table, *rule) for each in report.explanations for rule in each.broken}
    warnings = tuple(_show_warnings(teller))
    sentences = dict.fromkeys(outcome.sentence for outcome, _ in warnings if outcome.sentence)
    return CheckView(
        source=source,
        title=report.metadata.title or "",
        sha256=report.sha256,
        language=language,
        verdict=_verdict(report, broken),
        conclusion=tuple(_conclude(teller, broken)),
        explanations=tuple(_show_explanation(teller, each, broken) for each in report.explanations),
        unexplained=tuple(
            _say_broken(teller, each) for each in broken if (each.table, each.rule_id, each.scope) not in explained
        ),
        contradictions=tuple(
            ShownContradiction(
                shorten(each, LONGEST_SENTENCE), tuple(shown for outcome, shown in warnings if outcome.sentence == each)
            )
            for each in sentences
        ),
        implausible=tuple(shown for outcome, shown in warnings if outcome.relation == ALONE and not outcome.sentence),
        other_year=tuple(shown for outcome, shown in warnings if outcome.relation != ALONE),
        prior=_tell_prior(teller) if prior_offered else "",
        missing=_show_findings(teller, MISSING),
        deadline=_tell_deadline(teller),
        fields=tuple(_show_fields(teller)),
        tables=show_tables(report, catalogue, language, broken),
        facts=tuple(_show_facts(teller)),
        findings=_other_findings(teller),
    )


def _verdict(report: Report, broken: tuple[IdentityOutcome, ...]) -> str:
    if report.status is not ReadingStatus.READ:
        return "unreadable"
    return "broken" if broken else "ties"


def _conclude(teller: Teller, broken: tuple[IdentityOutcome, ...]) -> Iterator[str]:
    report = teller.report
    if report.status is ReadingStatus.UNREADABLE:
        yield teller.word("conclusion_unreadable")
    elif report.status is ReadingStatus.NOT_A_REPORT:
        yield teller.word("conclusion_not_a_report")
    elif not report.identities:
        yield teller.word("conclusion_no_tables")
    else:
        held = [each for each in report.identities if each.outcome is Outcome.HOLDS]
        must = sum(teller.identity(each.rule_id).severity.must_hold for each in held)
        count = len(broken) if broken else must
        yield teller.word("conclusion_broken" if broken else "conclusion_ties", count=count)
        if unassessed := sum(each.outcome is Outcome.NOT_ASSESSABLE for each in report.identities):
            yield teller.word("conclusion_unassessed", count=unassessed)
        if withheld := sum(cell.value_source is ValueSource.WITHHELD for cell in report.cells):
            yield teller.word("withheld", count=withheld)


def _show_explanation(
    teller: Teller, explanation: Explanation, broken: tuple[IdentityOutcome, ...]
) -> ShownExplanation:
    compiled = teller.compiled(explanation.table)
    assert compiled is not None
    wording = load_wording()
    candidates = explanation.candidates
    only = explanation.only_candidate
    told = [_clues(teller, each) for each in candidates]
    shared = tuple(clue for clue in told[0] if all(clue in clues for clues in told)) if told else ()
    # a row that moved by one may have done so over several stretches: one way to say it
    ways = {
        teller.say(say_candidate(each, compiled, wording.explanations)): clues
        for each, clues in zip(candidates, told, strict=True)
    }
    sentence = Phrase(chinese=explanation.chinese, english=explanation.english)
    return ShownExplanation(
        # what a single change mends is listed below it, so that the change alone is said here
        sentence=teller.say(say_candidate(only, compiled, wording.explanations) if only else sentence),
        cause=teller.say(wording.causes[explanation.cause.value]),
        clues=shared,
        ways=tuple(
            ShownWay(change, tuple(clue for clue in clues if clue not in shared))
            for change, clues in (() if only else list(ways.items())[:WAYS_SHOWN])
        ),
        further_ways=_more(teller, "more_ways", len(ways) - WAYS_SHOWN),
        ranges=() if only else tuple(_show_ranges(teller, explanation, compiled)),
        broken=tuple(
            _say_broken(teller, each)
            for each in broken
            if each.table == explanation.table and (each.rule_id, each.scope) in explanation.broken
        ),
    )


def _show_ranges(teller: Teller, explanation: Explanation, compiled: CompiledTable) -> Iterator[str]:
    """What the cells left open can be, the first few of them; the sentence about an only change says its range itself."""
    bounded = [each for each in explanation.open_cells if each.lowest is not None]
    words = load_wording().explanations
    for each in bounded[:RANGES_SHOWN]:
        cell = cell_phrase(compiled.table, each.key)
        lowest, highest = format_number(each.lowest), format_number(each.highest)
        name = "open" if each.value is None else "open_one"
        yield teller.say(words[name].fill(cell=cell, lowest=lowest, highest=highest))
    if more := _more(teller, "more_cells", len(bounded) - RANGES_SHOWN):
        yield more


def _more(teller: Teller, name: str, count: int) -> str:
    return teller.word(name, count=count) if count > 0 else ""


def _clues(teller: Teller, candidate: Candidate) -> tuple[str, ...]:
    clues = candidate.clues[1:] if candidate.pattern else candidate.clues  # a pattern is told as the change itself
    return tuple(clue.chinese if teller.language == "zh" else clue.english for clue in clues)


def _say_broken(teller: Teller, outcome: IdentityOutcome) -> str:
    """The rule's own message with its place and both sides filled in."""
    identity, compiled = teller.identity(outcome.rule_id), teller.compiled(outcome.table)
    scope = teller.say(scope_phrase(compiled.table, outcome.scope)) if compiled else outcome.scope
    left, right = format_number(outcome.left), format_number(outcome.right)
    gap = None if outcome.left is None or outcome.right is None else abs(outcome.left - outcome.right)
    if teller.language == "zh":
        words = identity.message.format(scope=scope, left=left, right=right, difference=format_number(gap))
        return f"{outcome.rule_id} {words}"
    return f"{outcome.rule_id} {scope}: {identity.english} ({left} against {right}, difference {format_number(gap)})"


def _show_warnings(teller: Teller) -> Iterator[tuple[PlausibilityOutcome, ShownWarning]]:
    """The rules that are broken and block nothing, in the order of the register. What must hold of the report alone is
    told as a broken identity."""
    report = teller.report
    for outcome in report.plausibility:
        edition = teller.edition_of(outcome.table) if outcome.table != REPORT else report.form_version
        if outcome.outcome is not Outcome.BROKEN or edition is None:
            continue
        instance = teller.catalogue.plausibility_instance(outcome.rule_id, edition, outcome.table, outcome.scope)
        if not (instance.severity.must_hold and instance.within_report):
            words = say_warning(outcome, instance, report.metadata.report_year, teller.catalogue)
            yield outcome, ShownWarning(outcome.rule_id, teller.say(words))


def _show_findings(teller: Teller, codes: frozenset[FindingCode]) -> tuple[ShownFinding, ...]:
    return tuple(_show_finding(teller, found) for found in teller.report.findings if found.code in codes)


def _other_findings(teller: Teller) -> tuple[ShownFinding, ...]:
    """What else the reading noticed. Cells withheld for a broken identity have been told with its explanation."""
    told = MISSING | TOLD_BY_RULES | TOLD_BY_EXPLANATIONS
    explained = {each.table for each in teller.report.explanations}
    return tuple(
        _show_finding(teller, found)
        for found in teller.report.findings
        if found.code not in told or (found.code is FindingCode.CELL_WITHHELD and found.where.table not in explained)
    )


def _show_finding(teller: Teller, found: Finding) -> ShownFinding:
    words = found.message if teller.language == "zh" else f"{KINDS[found.code].english} ({found.message})"
    places = [teller.word("page", page=found.where.page)] if found.where.page else []
    table = load_wording().tables.get(found.where.table or "")
    if table is not None and table.chinese not in found.message:
        places.insert(0, teller.say(table))
    return ShownFinding(found.severity.value, words, " ".join(places))


def _show_fields(teller: Teller) -> Iterator[ShownField]:
    """What the report says about itself; a code stands in words, and so does the way it was found."""
    report, wording = teller.report, load_wording()
    evidence = {item.field: item for item in reversed(report.metadata.evidence)}
    for name, label in wording.fields.items():
        value = getattr(report.metadata if hasattr(report.metadata, name) else report, name)
        if value is None:
            continue
        item = evidence.get(name)
        because = ""
        if item is not None:
            method = wording.methods.get(item.method)
            quoted = f"“{shorten(item.text)}”" if item.text else ""
            because = f"{teller.say(method) if method else item.method}{quoted}"
        shown = _edition_words(teller, name, str(plain(value)))
        yield ShownField(teller.say(label), shown or teller.say(wording.value(name, str(plain(value)))), because)


def _edition_words(teller: Teller, field: str, code: str) -> str | None:
    """Editions and provincial forms have their names in the catalogue of forms."""
    editions = teller.catalogue.editions
    if field == "form_version":
        names = {each.code: Phrase(chinese=each.chinese, english=each.english) for each in editions}
    elif field == "form_variant":
        variants = [variant for edition in editions for variant in edition.variants]
        names = {each.code: Phrase(chinese=each.chinese, english=each.english) for each in variants}
    else:
        return None
    return teller.say(names[code]) if code in names else None


def _tell_prior(teller: Teller) -> str:
    """How much of the report was held against that of the year before."""
    between = [each for each in teller.report.plausibility if each.relation != ALONE]
    if not teller.report.prior_report_ids:
        return teller.word("no_prior", year=(teller.report.metadata.report_year or 0) - 1)
    assessed = sum(each.outcome is not Outcome.NOT_ASSESSABLE for each in between)
    told = teller.word("prior_compared", count=assessed, open=len(between) - assessed)
    merged = len(teller.report.prior_report_ids)
    return told if merged == 1 else f"{teller.word('prior_merged', count=merged)}{told}"


def _tell_deadline(teller: Teller) -> str:
    """Whether the report was published in time, by the rule of the register that holds for it."""
    outcome = next(
        (each for each in teller.report.plausibility if each.scope.partition(":")[0] == DEADLINE_SCOPE), None
    )
    year = teller.report.metadata.report_year
    if outcome is None or year is None or outcome.right is None:
        return teller.word("no_deadline")
    due = date_of(outcome.right, year)
    published = teller.report.metadata.publication_date
    if published is None:
        return teller.word("no_date", due=due.isoformat())
    late = (published - due).days
    name = "late" if outcome.outcome is Outcome.BROKEN else "in_time"
    return teller.word(name, published=published.isoformat(), due=due.isoformat(), days=late)


def _show_facts(teller: Teller) -> Iterator[ShownFact]:
    facts = {fact.code: fact for fact in teller.catalogue.narrative_facts}
    for count in teller.report.narrative:
        fact = facts.get(count.fact_code)
        label = count.fact_code if fact is None else fact.chinese if teller.language == "zh" else fact.english
        approximate = "≈" if count.approximate else ""
        yield ShownFact(
            label, f"{approximate}{format_number(count.value)} {count.unit}", shorten(count.sentence, LONGEST_SENTENCE)
        )


def shorten(text: str, width: int = 40) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= width else f"{flat[:width]}…"


def format_number(value: Decimal | None) -> str:
    return "—" if value is None else str(plain(value))
