"""What speaks for one change of a cell: how the digits differ, what the neighbours hold, what the text says.

A clue never decides what is published. Its words, its weight and whose mistake it suggests are declared in the
catalogue's wording; here is only the recognising.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from catalogue.model import Comparison
from catalogue.plausibility import Relation
from catalogue.wording import Phrase, Wording
from disclosure.reconcile.compiled import CompiledTable, Rule
from disclosure.reconcile.figures import Known
from disclosure.reconcile.places import heading_words, line_words
from disclosure.reconcile.plausibility import judge
from disclosure.reconcile.prior_year import PriorEvidence
from disclosure.reconcile.smallest import Repair
from disclosure.report import Cause, Cell, CellKey, Clue, NarrativeCount, Outcome

LOW_CONFIDENCE = 0.9


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known beside the tables of a report: the counts of its text, the cells a person has confirmed against the
    original, whether the file itself holds its tables, so that nothing had to be recognised or laid out anew, and the report
    of the year before."""

    narrative: tuple[NarrativeCount, ...] = ()
    confirmed: frozenset[CellKey] = frozenset()
    holds_tables: bool = False
    prior: PriorEvidence | None = None


NOTHING_KNOWN = Surroundings()


@dataclass(frozen=True, slots=True)
class Hints:
    """The part of the surroundings that is about one table: what the text says of its cells, and rows in doubt since
    reading."""

    surroundings: Surroundings
    stated: Mapping[CellKey, NarrativeCount]
    doubted_rows: frozenset[tuple[str, str]]  # table, row_code


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
    cells = [situation.cells[change.cell] for change in repair]
    found = list(_about_reading(situation, cells[0]) if len(cells) == 1 else about_reading_of_all(situation, cells))
    for change, cell in zip(repair, cells, strict=True):
        value = change.value
        if value is None or cell.value is None:
            continue
        found += _about_digits(situation, cell, value)
        found += _about_neighbours(situation, change.cell, value)
        if not _moves_amount(situation, repair):
            found += _about_total(situation, change.cell, value)
        found += _about_text(situation, cell, value)
    found += _about_exchange(situation, repair)
    if (prior := situation.hints.surroundings.prior) is not None:
        found += _about_prior_year(situation, repair, prior)
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
    if cell.key in situation.hints.surroundings.confirmed:
        yield situation.clue("confirmed_as_printed", printed=cell.printed)
    elif _is_of_the_file(situation, cell):
        yield situation.clue("structured_source", printed=cell.printed)


def about_reading_of_all(situation: Situation, cells: Sequence[Cell]) -> Iterator[Clue]:
    """What the reading of several cells says of all of them together."""
    unsure = [cell.confidence for cell in cells if cell.confidence is not None and cell.confidence < LOW_CONFIDENCE]
    if unsure:
        yield situation.clue("low_confidence", confidence=f"{min(unsure):.0%}")
    if any(cell.suspect or (cell.table, cell.row_code) in situation.hints.doubted_rows for cell in cells):
        yield situation.clue("reading_doubt")
    confirmed = [cell for cell in cells if cell.key in situation.hints.surroundings.confirmed]
    for cell in confirmed:
        yield situation.clue("confirmed_as_printed", printed=cell.printed)
    if not confirmed and all(_is_of_the_file(situation, cell) for cell in cells):
        yield situation.clue("structured_figures")


def _is_of_the_file(situation: Situation, cell: Cell) -> bool:
    """Whether the figure stands in a table cell of the file itself."""
    in_table = cell.grid is not None and cell.page is None and cell.confidence is None
    return in_table and situation.hints.surroundings.holds_tables


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


def _moves_amount(situation: Situation, repair: Repair) -> bool:
    """Whether a repair takes from one cell what it gives to another: then no total was left out or miscounted."""
    gains = [
        change.value - printed
        for change in repair
        if change.value is not None and (printed := situation.values[change.cell]) is not None
    ]
    return len(gains) == 2 and sum(gains) == 0


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
        inside = _addends(situation, rule, terms)
        beside = _addends(situation, rule, _line_beside(situation.compiled, rule, index))
        if line := _only_line(inside, value - printed):
            yield situation.clue("total_without_line", line=line, amount=digits_of(value - printed))
        elif line := _only_line([*beside, *inside], printed - value):
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


@dataclass(frozen=True, slots=True)
class Addend:
    """What may be left out of a sum or counted in by mistake: a line, or all rows under a heading."""

    line: Phrase
    amount: Decimal


def _addends(situation: Situation, rule: Rule, cells: Iterable[int]) -> list[Addend]:
    """The figures of some cells along the line of a rule; down a column, the headings' sums too."""
    along_row, table = rule.direction == "row", situation.compiled.table
    known = [(situation.compiled.keys[cell], situation.values[cell]) for cell in cells]
    filled = [(key, value) for key, value in known if value]
    lines = [
        Addend(line_words(table, *((None, key[2]) if along_row else (key[1], None))), value) for key, value in filled
    ]
    if along_row:
        return lines
    for heading in table.groups:
        under = [value for key, value in filled if table.row(key[1]).group == heading.code]
        if len(under) > 1:
            lines.append(Addend(heading_words(heading), sum(under, Decimal(0))))
    return lines


def _only_line(addends: Iterable[Addend], amount: Decimal) -> Phrase | None:
    """The one line or heading that holds exactly this amount; with several nothing is known."""
    fitting = [addend for addend in addends if addend.amount == amount and amount > 0]
    return fitting[0].line if len(fitting) == 1 else None


def _about_text(situation: Situation, cell: Cell, value: Decimal) -> Iterator[Clue]:
    stated = situation.hints.stated.get(cell.key)
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


def _about_prior_year(situation: Situation, repair: Repair, prior: PriorEvidence) -> Iterator[Clue]:
    """Whether a rule between two years holds because of the repair, or breaks; and whether a figure is last year's own."""
    keys = situation.compiled.keys
    changed = {keys[each.cell]: Known(each.value) for each in repair if each.value is not None}
    for instance in prior.instances:
        own = (quantity for claim in instance.claims for _, side in claim.sides for quantity in side)
        if not any(quantity.of is Relation.THIS and quantity.key in changed for quantity in own):
            continue
        before, after = judge(instance, prior.known).outcome, judge(instance, {**prior.known, **changed}).outcome
        if (before, after) == (Outcome.BROKEN, Outcome.HOLDS):
            yield situation.clue("prior_year_agrees", rule=instance.rule_id)
        elif (before, after) == (Outcome.HOLDS, Outcome.BROKEN):
            yield situation.clue("prior_year_disagrees", rule=instance.rule_id)
    for change in repair:
        printed = situation.values[change.cell]
        if printed and printed == prior.cells.get(keys[change.cell]):
            yield situation.clue("same_as_prior_year", printed=digits_of(printed))
