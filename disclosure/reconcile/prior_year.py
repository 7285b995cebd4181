"""The report of the year before, as far as a report can be held against it: its figures, and what they say for a repair.

It enters as data: `gouji check --prior` hands it in. The pipeline reads every report by itself, so that a report of another
year never makes it read again, and compares years set-wise in the warehouse (`quality.plausibility_ledger`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from catalogue.expand_plausibility import ANY, DOCUMENT
from catalogue.model import Catalogue
from catalogue.plausibility import REPORT, ClaimKind, Measure, PlausibilityInstance, Relation
from disclosure.reconcile.figures import FigureKey, Known, figures_of, in_relation
from disclosure.report import Cell, CellKey, Metadata, Report, ValueSource

# Of a repair only plain comparisons are asked: a rule with conditions can hold for more than one reason.
PLAIN = frozenset({ClaimKind.EQUAL, ClaimKind.AT_MOST, ClaimKind.AT_LEAST})


@dataclass(frozen=True, slots=True)
class PriorYear:
    """What is known of a report for the comparison with the one of the next year. `doubted` are the cells it withholds.

    Where organs were merged it is what their reports add up to: `report_ids` names them, and `is_one_report` is false."""

    report_ids: tuple[str, ...]
    metadata: Metadata
    form_version: str | None
    forms: Mapping[str, str]  # table -> edition
    known: Mapping[FigureKey, Known]
    cells: Mapping[CellKey, Decimal | None]
    doubted: frozenset[CellKey]
    sentences: frozenset[int] = frozenset()

    @property
    def is_one_report(self) -> bool:
        return len(self.report_ids) == 1


@dataclass(frozen=True, slots=True)
class OfferedPriors:
    """The reports of earlier years a person offers. `are_merged`: those of the year before are of the organs that were
    merged into the one that reports, and are added up; else one of them is the year before."""

    reports: tuple[PriorYear, ...] = ()
    are_merged: bool = False

    def before(self, metadata: Metadata) -> PriorYear | None:
        """The year before of the report that says this of itself."""
        return (merge_priors if self.are_merged else choose_prior)(metadata, self.reports)


NONE_OFFERED = OfferedPriors()


@dataclass(frozen=True, slots=True)
class PriorEvidence:
    """What speaks for or against a repair: the figures of both reports, and the rules that compare them."""

    known: Mapping[FigureKey, Known]
    instances: tuple[PlausibilityInstance, ...]
    cells: Mapping[CellKey, Decimal | None]  # of the year before


def prior_year_of(report: Report, catalogue: Catalogue) -> PriorYear:
    """A report as the year before of another one."""
    return PriorYear(
        report_ids=(report.report_id,),
        metadata=report.metadata,
        form_version=report.form_version,
        forms=report.forms,
        known=figures_of(report, catalogue).known,
        cells=_values(report.cells),
        doubted=frozenset(cell.key for cell in report.cells if cell.value_source is ValueSource.WITHHELD),
        sentences=frozenset(report.sentences),
    )


def choose_prior(metadata: Metadata, offered: Sequence[PriorYear]) -> PriorYear | None:
    """The report of the year before among those offered: of the same scope, by preference of the same agency.

    A person who offers one report of that year means it, whatever the agency was called then."""
    fitting = _of_the_year_before(metadata, offered)
    same = [prior for prior in fitting if is_same_agency(prior.metadata, metadata)]
    return same[0] if same else fitting[0] if len(fitting) == 1 else None


def merge_priors(metadata: Metadata, offered: Sequence[PriorYear]) -> PriorYear | None:
    """What the reports of the year before of several organs add up to, for the report of the one they were merged into.

    Each organ counts once. A figure that one of them leaves unknown is unknown; what is counted from a report, or dated,
    does not add up. The dbt model `int_plausibility_merged` says the same in SQL."""
    organs: list[PriorYear] = []
    for prior in _of_the_year_before(metadata, offered):
        if not any(is_same_agency(prior.metadata, other.metadata) for other in organs):
            organs.append(prior)
    if len(organs) < 2:
        return organs[0] if organs else None
    first = organs[0]
    shared = [key for key in first.known if ANY not in key and DOCUMENT not in key]
    return replace(
        first,
        report_ids=tuple(sorted(report_id for organ in organs for report_id in organ.report_ids)),
        form_version=first.form_version if len({organ.form_version for organ in organs}) == 1 else None,
        forms=_common_forms(organs),
        known={
            key: Known(
                sum((organ.known[key].value for organ in organs), Decimal(0)),
                sum((organ.known[key].slack for organ in organs), Decimal(0)),
            )
            for key in shared
            if all(key in organ.known for organ in organs)
        },
        cells={},
        sentences=frozenset(),
        doubted=frozenset().union(*(organ.doubted for organ in organs)),
    )


def _of_the_year_before(metadata: Metadata, offered: Sequence[PriorYear]) -> list[PriorYear]:
    if metadata.report_year is None:
        return []
    return [
        prior
        for prior in offered
        if prior.metadata.report_year == metadata.report_year - 1
        and prior.metadata.reporting_scope in (metadata.reporting_scope, None)
    ]


def _common_forms(organs: Sequence[PriorYear]) -> dict[str, str]:
    """The tables that all who have them filed on one edition."""
    editions: dict[str, set[str]] = {}
    for organ in organs:
        for table, edition in organ.forms.items():
            editions.setdefault(table, set()).add(edition)
    return {table: found.pop() for table, found in editions.items() if len(found) == 1}


def is_same_agency(one: Metadata, other: Metadata) -> bool:
    ids, names = (one.agency_id, other.agency_id), (one.agency_name, other.agency_name)
    return any(first is not None and first == second for first, second in (ids, names))


def figures_of_both(
    known: Mapping[FigureKey, Known],
    cells: Iterable[Cell],
    forms: Mapping[str, str],
    prior: PriorYear,
    sentences: Collection[int] = (),
) -> dict[FigureKey, Known]:
    """The figures of a report with those of the year before, and what is counted between the two."""
    both = dict(known)
    both |= {in_relation(key, Relation.PRIOR_YEAR): figure for key, figure in prior.known.items()}
    own = _values(cells)
    for table in forms.keys() & prior.forms.keys() if prior.is_one_report else ():
        now = {key: value for key, value in own.items() if key[0] == table}
        then = {key: value for key, value in prior.cells.items() if key[0] == table}
        both[table, ANY, Measure.TABLE_REPEATED.value] = Known(Decimal(now == then))
    if sentences and prior.sentences and prior.is_one_report:
        both[REPORT, ANY, Measure.SENTENCES_REPEATED.value] = Known(
            Decimal(len(prior.sentences.intersection(sentences)))
        )
    return both


def rules_between(
    catalogue: Catalogue, forms: Mapping[str, str], prior: PriorYear, form_version: str | None = None
) -> tuple[PlausibilityInstance, ...]:
    """The rules that compare tables of these editions with those of the year before, and, for a report on `form_version`, those
    about the report as a whole."""
    own, before = {**forms, REPORT: form_version}, {**prior.forms, REPORT: prior.form_version}
    return tuple(
        instance
        for instance in catalogue.plausibility_instances
        if instance.relation is Relation.PRIOR_YEAR
        and own.get(instance.table) == instance.edition
        and before.get(instance.table) in (None, *instance.related_editions)
    )


def evidence_for_repairs(
    known: Mapping[FigureKey, Known],
    cells: Iterable[Cell],
    forms: Mapping[str, str],
    prior: PriorYear,
    catalogue: Catalogue,
) -> PriorEvidence:
    """What the year before says of repairs; a figure it withholds says nothing."""
    trusted = {
        key: figure
        for key, figure in figures_of_both(known, cells, forms, prior).items()
        if key not in {in_relation(cell, Relation.PRIOR_YEAR) for cell in prior.doubted}
    }
    plain = tuple(
        instance
        for instance in rules_between(catalogue, forms, prior)
        if len(instance.claims) == 1 and instance.claims[0].kind in PLAIN
    )
    return PriorEvidence(trusted, plain, {key: v for key, v in prior.cells.items() if key not in prior.doubted})


def _values(cells: Iterable[Cell]) -> dict[CellKey, Decimal | None]:
    """Each cell as printed, or, where blank, as the identities determine it."""
    return {cell.key: cell.value if cell.value is not None else cell.value_imputed for cell in cells}
