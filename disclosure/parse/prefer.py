"""Which of two readings of one file is the better one, as a scan with a hidden text layer offers them: the identities decide.

What does not belong here: reading, and any mixture of the two.
"""

from __future__ import annotations

from dataclasses import dataclass

from catalogue.model import Catalogue
from disclosure.document import Document
from disclosure.parse.tables import read_tables
from disclosure.reconcile import reconcile
from disclosure.reconcile.compiled import compiled_table
from disclosure.report import Outcome, TableReading


@dataclass(frozen=True, slots=True, order=True)
class _Merit:
    """Compared field by field: identities that tie less those that do not, then cells with a value, then odd places."""

    ties: int
    values: int
    calm: int


def prefer_reading(first: Document, second: Document, catalogue: Catalogue) -> Document:
    """The document whose tables keep more must-hold identities and break fewer; the first when they are equal."""
    return second if _merit(second, catalogue) > _merit(first, catalogue) else first


def _merit(document: Document, catalogue: Catalogue) -> _Merit:
    readings = read_tables(document, catalogue)
    return _Merit(
        ties=sum(_ties(reading, catalogue) for reading in readings),
        values=sum(cell.value is not None for reading in readings for cell in reading.cells),
        calm=-sum(len(reading.findings) for reading in readings),
    )


def _ties(reading: TableReading, catalogue: Catalogue) -> int:
    compiled = compiled_table(catalogue, reading.edition, reading.table, reading.form_variant)
    if compiled is None:
        return 0
    must_hold = {
        (rule.instance.rule_id, rule.instance.scope) for rule in compiled.rules if rule.must_hold and rule.is_sum
    }
    outcomes = [
        one.outcome for one in reconcile((reading,), catalogue).identities if (one.rule_id, one.scope) in must_hold
    ]
    return outcomes.count(Outcome.HOLDS) - 2 * outcomes.count(Outcome.BROKEN)
