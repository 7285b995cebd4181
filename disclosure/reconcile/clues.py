"""What speaks for one change of a cell: how the digits differ, what the neighbours hold, what the text says.

A clue never decides what is published. Its words, its weight and whose mistake it suggests are declared in the
catalogue's wording; here is only the recognising.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

from catalogue.model import Comparison
from catalogue.wording import Phrase, Wording
from disclosure.reconcile.compiled import CompiledTable, Rule
from disclosure.reconcile.places import line_words
from disclosure.reconcile.smallest import Repair
from disclosure.report import Cause, Cell, CellKey, Clue, NarrativeCount

LOW_CONFIDENCE = 0.9


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known beside the table: figures of the same report's text, rows in doubt since reading, cells a person
    has confirmed against the original."""

    narrative: Mapping[CellKey, NarrativeCount] = field(default_factory=dict)
    doubted_rows: frozenset[tuple[str, str]] = frozenset()  # table, row_code
    confirmed: frozenset[CellKey] = frozenset()


@dataclass(frozen=True, slots=True)
class Situation:
    """The table a change is judged in."""

    compiled: CompiledTable
    cells: Mapping[int, Cell]
    values: Sequence[Decimal | None]
    broken: Sequence[Rule]
    hints: Hints
    wording: Wording

    def clue(self, code: str, **values: object) -> Clue:
        words = self.wording.clues[code]
        filled = words.fill(**values)
        return Clue(code, Cause(words.cause) if words.cause else None, filled.chinese, filled.english)


def weigh(clues: Sequence[Clue], wording: Wording) -> int:
    return sum(wording.clues[clue.code].weight for clue in clues)


def find_clues(situation: Situation, repair: Repair) -> tuple[Clue, ...]:
    """Everything that speaks for or against a repair, or tells whose mistake it mends."""
    found: list[Clue] = []
    for change in repair:
        cell, value = situation.cells[change.cell], change.value
        found += _about_reading(situation, cell)
        if value is None or cell.value is None:
            continue
        found += _about_digits(situation, cell, value)
        found += _about_neighbours(situation, change.cell, value)
        found += _about_total(situation, change.cell, value)
        found += _about_text(situation, cell, value)
    found += _about_exchange(situation, repair)
    return tuple({clue.chinese: clue for clue in found}.values())


def edit_distance(one: str, other: str) -> int:
    """How many digits have to be changed, added or removed to make one of the other."""
    row = list(range(len(other) + 1))
    for index, left in enumerate(one, 1):
        previous, row[0] = row[0], index
        for place, right in enumerate(other, 1):
            previous, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, previous + (left != right))
    return row[-1]


def digits_of(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _about_reading(situation: Situation, cell: Cell) -> Iterator[Clue]:
    if cell.confidence is not None and cell.confidence < LOW_CONFIDENCE:
        yield situation.clue("low_confidence", confidence=f"{cell.confidence:.0%}")
    if cell.suspect or (cell.table, cell.row_code) in situation.hints.doubted_rows:
        yield situation.clue("reading_doubt")
    if cell.key in situation.hints.confirmed:
        yield situation.clue("confirmed_as_printed")
    elif cell.grid is not None and cell.page is None and cell.confidence is None:
        yield situation.clue("structured_source", printed=cell.printed)


def _about_digits(situation: Situation, cell: Cell, value: Decimal) -> Iterator[Clue]:
    assert cell.value is not None
    printed, suggested = digits_of(cell.value), digits_of(value)
    if value < 0 or cell.value == 0 or printed == suggested:
        return
    clue = partial(situation.clue, printed=printed, suggested=suggested)
    if len(printed) == len(suggested):
        places = [(a, b) for a, b in zip(printed, suggested, strict=True) if a != b]
        if len(places) == 1 and _look_alike(situation.wording, *places[0]):
            yield clue("digit_misrecognised" if cell.confidence is not None else "digit_confusion")
        elif len(places) == 2 and places[0] == places[1][::-1]:
            yield clue("digits_transposed")
    elif value and _loses_one_digit(suggested, printed):
        yield clue("digit_lost")
    elif value and _loses_one_digit(printed, suggested):
        yield clue("digit_added")


def _look_alike(wording: Wording, one: str, other: str) -> bool:
    return any(one in group and other in group for group in wording.confusable_digits)


def _loses_one_digit(longer: str, shorter: str) -> bool:
    return any(longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer)))


def _about_neighbours(situation: Situation, index: int, value: Decimal) -> Iterator[Clue]:
    """A number split over two cells of its row, or two numbers run together."""
    printed, suggested = digits_of(situation.values[index] or Decimal(0)), digits_of(value)
    own = situation.compiled.keys[index]
    for neighbour, before in ((index - 1, True), (index + 1, False)):
        beside = situation.cells.get(neighbour)
        if beside is None or beside.key[:2] != own[:2] or not beside.printed:
            continue
        ends = (beside.printed, printed) if before else (printed, beside.printed)
        if suggested == "".join(ends) and len(suggested) > 1:
            yield situation.clue("split_number", printed=printed, suggested=suggested, neighbour=beside.printed)
        run_together = (beside.printed, suggested) if before else (suggested, beside.printed)
        if printed == "".join(run_together) and len(printed) > 1:
            yield situation.clue("merged_number", printed=printed, suggested=suggested, neighbour=beside.printed)


def _about_total(situation: Situation, index: int, value: Decimal) -> Iterator[Clue]:
    """A total never filled in, or computed without one of its terms or with something that is not one of them."""
    printed = situation.values[index]
    assert printed is not None
    for rule in situation.broken:
        terms = _terms_of_total(rule, index)
        if not terms:
            continue
        if printed == 0 and value > 0:
            yield situation.clue("total_zero", suggested=digits_of(value))
            return
        inside = {term: situation.values[term] for term in terms}
        beside = {term: situation.values[term] for term in _line_beside(situation.compiled, rule, index)}
        if line := _only_line(situation, rule, inside, value - printed):
            yield situation.clue("total_without_line", line=line, amount=digits_of(value - printed))
        elif line := _only_line(situation, rule, {**beside, **inside}, printed - value):
            yield situation.clue("total_with_line", line=line, amount=digits_of(printed - value))


def _terms_of_total(rule: Rule, index: int) -> tuple[int, ...]:
    """The terms whose sum the cell is, when the rule says that it is a sum."""
    if rule.instance.comparison is not Comparison.EQUAL:
        return ()
    for one, other in ((rule.left, rule.right), (rule.right, rule.left)):
        if [cell for cell, _ in one] == [index] and len(other) > 1:
            return tuple(cell for cell, _ in other)
    return ()


def _line_beside(compiled: CompiledTable, rule: Rule, index: int) -> Iterator[int]:
    """The cells along the rule's line that are none of its terms."""
    part = 1 if rule.direction == "row" else 2
    for other, key in enumerate(compiled.keys):
        if key[part] == compiled.keys[index][part] and other not in rule.weights:
            yield other


def _only_line(
    situation: Situation, rule: Rule, candidates: Mapping[int, Decimal | None], amount: Decimal
) -> Phrase | None:
    """The one line that holds exactly this amount; with several nothing is known."""
    fitting = [cell for cell, value in candidates.items() if value == amount and amount > 0]
    if len(fitting) != 1:
        return None
    _, row_code, column_code = situation.compiled.keys[fitting[0]]
    along_row = rule.direction == "row"
    return line_words(situation.compiled.table, None if along_row else row_code, column_code if along_row else None)


def _about_text(situation: Situation, cell: Cell, value: Decimal) -> Iterator[Clue]:
    stated = situation.hints.narrative.get(cell.key)
    if stated is None or stated.value is None or stated.approximate:
        return
    code = "narrative_agrees" if stated.value == value else "narrative_disagrees"
    yield situation.clue(code, value=digits_of(stated.value))


def _about_exchange(situation: Situation, repair: Repair) -> Iterator[Clue]:
    """Two cells that exchange their values, or one value that moves to the cell beside or below."""
    if len(repair) != 2:
        return
    one, other = repair
    before = (situation.values[one.cell], situation.values[other.cell])
    if (other.value, one.value) != before:
        return
    keys = situation.compiled.keys
    same_row = keys[one.cell][1] == keys[other.cell][1]
    _, row_code, column_code = keys[other.cell]
    line = line_words(situation.compiled.table, None if same_row else row_code, column_code if same_row else None)
    yield situation.clue("value_moved" if 0 in before else "values_swapped", line=line)
