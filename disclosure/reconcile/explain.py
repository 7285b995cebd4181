"""Why identities of a table are broken: the smallest set of cells that explains them, whose mistake it seems to be.

Here soft evidence is weighed: it ranks several repairs and never picks one. What is withheld and published has been
decided before, in `repair` and in the package itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from catalogue.wording import Phrase, Wording, load_wording
from disclosure.findings import Finding, FindingCode, Where, finding
from disclosure.reconcile.clues import (
    NOTHING_KNOWN,
    Hints,
    Situation,
    Surroundings,
    about_reading_of_all,
    digits_of,
    edit_distance,
    find_clues,
    weigh,
)
from disclosure.reconcile.compiled import CompiledTable
from disclosure.reconcile.places import cell_phrase, column_phrase, row_phrase, scope_phrase, table_phrase
from disclosure.reconcile.ranges import Range, possible_ranges
from disclosure.reconcile.rearrange import Pattern, Rearrangement
from disclosure.reconcile.repair import Doubt
from disclosure.reconcile.smallest import Fault, Repair
from disclosure.report import (
    Candidate,
    Cause,
    CellChange,
    CellKey,
    Clue,
    Explanation,
    TableReading,
)

WAYS_TOLD = 6  # in a finding; a table can have dozens
DOUBTS_OF_READING = frozenset(
    {
        FindingCode.ROW_VALUE_COUNT,
        FindingCode.ALIGNMENT_AMBIGUOUS,
        FindingCode.CELL_TWICE,
        FindingCode.LABEL_DAMAGED,
        FindingCode.HEADER_UNRESOLVED,
    }
)


@dataclass(frozen=True, slots=True)
class DoubtedTable:
    """A table with broken identities, the figures it was judged on, and what is in doubt."""

    reading: TableReading
    compiled: CompiledTable
    values: tuple[Decimal | None, ...]
    doubt: Doubt


def explain(tables: Iterable[DoubtedTable], surroundings: Surroundings = NOTHING_KNOWN) -> tuple[Explanation, ...]:
    """One explanation for each group of broken identities that share cells, in the order of the tables."""
    return tuple(
        explanation
        for table in tables
        for explanation in _explain_table(table, gather_hints(table, surroundings), load_wording())
    )


def gather_hints(table: DoubtedTable, surroundings: Surroundings) -> Hints:
    """The soft evidence about the cells of one table. A count of the text is about the cell its code names."""
    stated = {count.fact_code: count for count in reversed(surroundings.narrative) if count.derived_from is None}
    named = {key: stated[name] for key in table.compiled.keys for name in _fact_names(table, key) if name in stated}
    doubted = {
        (found.where.table or table.reading.table, found.where.row_code)
        for found in table.reading.findings
        if found.code in DOUBTS_OF_READING and found.where.row_code
    }
    return Hints(surroundings, named, frozenset(doubted))


def _fact_names(table: DoubtedTable, key: CellKey) -> tuple[str, ...]:
    """The codes a narrative fact about this cell can have: row and column, or the row alone for its total."""
    _, row_code, column_code = key
    last = table.compiled.table.row(row_code).columns[-1]
    return (f"{row_code}_{column_code}", row_code) if column_code == last else (f"{row_code}_{column_code}",)


def _explain_table(table: DoubtedTable, hints: Hints, wording: Wording) -> Iterable[Explanation]:
    cells = {
        place: cell
        for cell in table.reading.cells
        if (place := table.compiled.position.get((cell.row_code, cell.column_code))) is not None
    }
    for fault in table.doubt.faults:
        broken = [each.rule for each in fault.broken]
        concerned = {cell for rule in broken for cell in rule.weights} & table.doubt.cells
        situation = Situation(table.compiled, cells, table.values, broken, hints, wording)
        candidates = [(_rate(situation, repair), _candidate(situation, repair)) for repair in fault.repairs]
        if not fault.has_single:
            candidates += _rearranged_ways(situation, table.doubt.rearrangements, candidates)
        placed = [replace(each, weight=weight, place=place) for place, (weight, each) in enumerate(candidates)]
        ways = tuple(sorted(placed, key=lambda each: (-each.weight, each.place)))
        if ways:
            open_cells = _cover(situation, ways) if _leaves_open(ways) else ()
        else:
            open_cells = _bound(situation, possible_ranges(table.compiled, table.values, table.doubt.cells), concerned)
        yield _put_together(situation, fault, ways, open_cells)


def _rate(situation: Situation, repair: Repair) -> int:
    """The weight of the clues, less one for every digit that has to change."""
    distance = 0
    for change in repair:
        printed = situation.values[change.cell]
        if printed is not None and change.value is not None:
            distance += edit_distance(digits_of(printed), digits_of(change.value))
    return weigh(find_clues(situation, repair), situation.wording) - distance


def _candidate(situation: Situation, repair: Repair) -> Candidate:
    changes = tuple(_cell_change(situation, each.cell, each.lowest, each.highest) for each in repair)
    return Candidate(changes, find_clues(situation, repair))


def _rearranged_ways(
    situation: Situation, rearrangements: Sequence[Rearrangement], known: Sequence[tuple[int, Candidate]]
) -> list[tuple[int, Candidate]]:
    """The rearrangements that change other cells than the repairs already known."""
    ways = [_rearranged(situation, each) for each in rearrangements]
    told = {frozenset(candidate.changes) for _, candidate in known}
    return [(0, way) for way in ways if frozenset(way.changes) not in told]


def _rearranged(situation: Situation, rearrangement: Rearrangement) -> Candidate:
    changes = tuple(_cell_change(situation, cell, value, value) for cell, value in rearrangement.values.items())
    words = situation.wording.explanations[rearrangement.pattern.value]
    name = row_phrase if rearrangement.pattern in (Pattern.ROWS_SWAPPED, Pattern.ROW_SHIFTED) else column_phrase
    table = situation.compiled.table
    lines = [name(table, code) for code in rearrangement.lines]
    start = row_phrase(table, rearrangement.start) if rearrangement.start else ""
    clue = situation.clue("figures_rearranged", pattern=words.fill(first=lines[0], second=lines[-1], start=start))
    moved = [cell for place in rearrangement.values if (cell := situation.cells.get(place)) is not None]
    return Candidate(changes, (clue, *about_reading_of_all(situation, moved)), rearrangement.pattern.value)


def _cell_change(situation: Situation, index: int, lowest: Decimal | None, highest: Decimal | None) -> CellChange:
    cell = situation.cells.get(index)
    return CellChange(*situation.compiled.keys[index], cell.printed if cell else None, lowest, highest)


def _put_together(
    situation: Situation, fault: Fault, candidates: tuple[Candidate, ...], open_cells: tuple[CellChange, ...]
) -> Explanation:
    said = _say(situation, fault, candidates)
    return Explanation(
        table=situation.compiled.table.code,
        broken=tuple((each.rule.instance.rule_id, each.rule.instance.scope) for each in fault.broken),
        candidates=candidates,
        open_cells=open_cells,
        cause=judge(candidates[0].clues if candidates else ()),
        chinese=said.chinese,
        english=said.english,
    )


def judge(clues: Sequence[Clue]) -> Cause:
    """Whose mistake it seems to be: what the clues agree on; nobody's when they disagree or say nothing."""
    causes = {clue.cause for clue in clues if clue.cause is not None}
    return causes.pop() if len(causes) == 1 else Cause.UNDETERMINED


def _leaves_open(candidates: Sequence[Candidate]) -> bool:
    """Whether a cell could take more than one value: several ways to mend, or one that does not determine it."""
    return len(candidates) > 1 or any(change.value is None for change in candidates[0].changes)


def _cover(situation: Situation, candidates: Sequence[Candidate]) -> tuple[CellChange, ...]:
    """For each cell that some candidate changes, the interval that covers what all of them allow."""
    open_cells = []
    for place, key in enumerate(situation.compiled.keys):
        if not any(change.key == key for candidate in candidates for change in candidate.changes):
            continue
        printed = situation.values[place]
        bounds = [
            next(((each.lowest, each.highest) for each in candidate.changes if each.key == key), (printed, printed))
            for candidate in candidates
        ]
        lows, highs = [low for low, _ in bounds], [high for _, high in bounds]
        known = not any(bound is None for bound in (*lows, *highs))
        lowest = min(low for low in lows if low is not None) if known else None
        highest = max(high for high in highs if high is not None) if known else None
        open_cells.append(_cell_change(situation, place, lowest, highest))
    return tuple(open_cells)


def _bound(situation: Situation, ranges: Mapping[int, Range], cells: Collection[int]) -> tuple[CellChange, ...]:
    """The cells of a fault without a candidate that the figures not in doubt keep within bounds."""
    return tuple(
        _cell_change(situation, cell, lowest, highest)
        for cell, (lowest, highest) in ranges.items()
        if cell in cells and highest < situation.compiled.maximum[cell]
    )


def _say(situation: Situation, fault: Fault, candidates: Sequence[Candidate]) -> Phrase:
    words, table = situation.wording.explanations, situation.compiled.table
    rules = [
        Phrase(
            chinese=f"{each.rule.instance.rule_id} {place.chinese}",
            english=f"{each.rule.instance.rule_id} {place.english}",
        )
        for each in fault.broken
        for place in [scope_phrase(table, each.rule.instance.scope)]
    ]
    named = join(rules, words["separator"])
    if len(candidates) == 1:
        return words["one"].fill(
            changes=say_candidate(candidates[0], situation.compiled, words), count=len(rules), rules=named
        )
    kind = words["several" if candidates else "none"].fill(count=len(rules), rules=named, ways=len(candidates))
    place = table_phrase(table)
    return Phrase(chinese=f"{place.chinese}：{kind.chinese}", english=f"{place.english}: {kind.english}")


def say_candidate(candidate: Candidate, compiled: CompiledTable, words: dict[str, Phrase]) -> Phrase:
    """The changes of a candidate in words: 表三“予以公开”行“商业企业”栏印为 1，应为 0."""
    if candidate.pattern:
        clue = candidate.clues[0]
        return Phrase(chinese=clue.chinese, english=clue.english)
    return join([_say_change(change, compiled, words) for change in candidate.changes], words["and"])


def _say_change(change: CellChange, compiled: CompiledTable, words: dict[str, Phrase]) -> Phrase:
    cell = cell_phrase(compiled.table, change.key)
    if change.lowest is None or change.highest is None:
        return words["change_unknown"].fill(cell=cell, printed=change.printed)
    low, high = digits_of(change.lowest), digits_of(change.highest)
    if change.value is not None:
        return words["change"].fill(cell=cell, printed=change.printed, value=low)
    return words["change_within"].fill(cell=cell, printed=change.printed, lowest=low, highest=high)


def join(phrases: Sequence[Phrase], separator: Phrase) -> Phrase:
    return Phrase(
        chinese=separator.chinese.join(each.chinese for each in phrases),
        english=separator.english.join(each.english for each in phrases),
    )


def describe_explanations(
    explanations: Sequence[Explanation], compiled: Sequence[CompiledTable]
) -> tuple[Finding, ...]:
    """The finding of each explanation, with its ways to mend and the judgement, for those who read the quality tables."""
    tables = {each.table.code: each for each in compiled}
    return tuple(_describe(each, tables[each.table], load_wording()) for each in explanations)


def _describe(explanation: Explanation, compiled: CompiledTable, wording: Wording) -> Finding:
    parts = [explanation.chinese]
    if len(explanation.candidates) > 1:
        shown = explanation.candidates[:WAYS_TOLD]
        parts += [say_candidate(each, compiled, wording.explanations).chinese for each in shown]
    parts += [clue.chinese for clue in explanation.candidates[0].clues] if explanation.candidates else []
    parts.append(wording.causes[explanation.cause.value].chinese)
    only = explanation.only_candidate
    place = only.changes[0] if only and len(only.changes) == 1 else None
    where = Where(
        table=explanation.table,
        row_code=place.row_code if place else None,
        column_code=place.column_code if place else None,
        text=place.printed if place else None,
    )
    return finding(FindingCode.BREAK_EXPLAINED, "；".join(parts), where)
