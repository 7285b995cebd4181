"""Who each agency is, who took over from whom and who is expected to file: told from the careers, the lists and what was filed.

Nothing here reads a release. The rules are those of docs/agency_lists.md, applied to what the nation knows of itself.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from benchmarks.nationwide.careers import Career, Takeover, Told, describe
from benchmarks.nationwide.inbox import Entered, File, Nation, names_listed
from benchmarks.nationwide.papers import CARD, Fate
from benchmarks.nationwide.papers import Told as ToldBy
from catalogue.load import load_catalogue

TELLING_FIGURES = 12  # as dbt_project.yml has it: fewer figures tell nothing of who filed an unnamed copy

Slot = tuple[str, int]  # agency_id and report year; an agency files under one scope throughout


@dataclass(frozen=True)
class Version:
    """A version of a report that is in the release, with its files; the one they stand under is the head."""

    entered: Entered
    content: int
    files: tuple[File, ...]

    @property
    def head(self) -> str:
        """Of copies of one version the one at a government's address, else the last by its id."""
        return max(self.files, key=lambda file: (_is_government(file), file.report_id)).report_id

    @property
    def report_ids(self) -> tuple[str, ...]:
        return tuple(sorted({file.report_id for file in self.files}))


@dataclass(frozen=True)
class Lineage:
    agency_id: str
    predecessor_id: str
    year: int
    kind: str
    basis: str


class Known:
    """What is known once everything is filed."""

    def __init__(self, nation: Nation, entered: Sequence[Entered]) -> None:
        self.nation, self.entered = nation, entered

    @cached_property
    def versions(self) -> dict[tuple[int, int], list[Version]]:
        """The versions of each report that tell whose they are, the last one last; by career and year."""
        found = {}
        for each in self.entered:
            versions = [
                Version(each, place, files)
                for place in range(len(each.filing.contents))
                if (files := tuple(self._files_of(each, place)))
            ]
            if versions:
                found[each.filing.career.number, each.filing.year] = versions
        return found

    @staticmethod
    def _files_of(each: Entered, place: int) -> Iterator[File]:
        enough = each.versions[place].telling >= TELLING_FIGURES
        for file in each.files:
            if file.paper and file.paper.content == place and (file.paper.is_named or enough):
                yield file

    @cached_property
    def agency_ids(self) -> dict[int, str]:
        """A credit code in a list or, used by one agency alone, on pages; else the key of the name."""
        bearers: dict[str, set[tuple[str, str]]] = defaultdict(set)
        heads: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        borne: dict[str, set[str]] = defaultdict(set)
        for career in self.nation.careers:
            for year in career.years:
                if career.page_code and self._bears_code(career, year):
                    told = describe(career, year)
                    head = self._head_key(career, year)
                    bearers[career.page_code].add((told.region_id, told.function_category))
                    heads[career.page_code][year].add(head)
                    borne[head].add(career.page_code)
        own = {
            code
            for code, found in bearers.items()
            if len(found) == 1 and all(len(each) == 1 for each in heads[code].values())
        }
        ids = {}
        for career in self.nation.careers:
            keys = {self._head_key(career, year) for year in career.years}
            codes = {code for key in keys for code in borne[key] if code in own}
            ids[career.number] = career.listed_code or (codes.pop() if len(codes) == 1 else keys.pop())
        return ids

    def _bears_code(self, career: Career, year: int) -> bool:
        found = self.versions.get((career.number, year), ())
        return any(file.paper and file.paper.trait == CARD for version in found for file in version.files)

    @staticmethod
    def _head_key(career: Career, year: int) -> str:
        return describe(career, career.last_year if career.is_listed else year).key

    @cached_property
    def reported(self) -> dict[int, list[int]]:
        """The years each career reported on."""
        years: dict[int, list[int]] = defaultdict(list)
        for number, year in sorted(self.versions):
            years[number].append(year)
        return years

    @cached_property
    def lineage(self) -> list[Lineage]:
        """Declared by a list, or inferred where both organs reported and the old one ended in time. Who takes over from
        several in a year is the outcome of a merger."""
        found = [*self._declared_or_reformed(), *self._moved()]
        several = Counter((each.agency_id, each.year) for each in found)
        return [replace(each, kind="merge") if several[each.agency_id, each.year] > 1 else each for each in found]

    def _declared_or_reformed(self) -> Iterator[Lineage]:
        for career in self.nation.careers:
            takeover = career.takeover
            for number in takeover.predecessors if takeover else ():
                assert takeover is not None
                is_declared = takeover.told is Told.DECLARED
                year = takeover.year if is_declared else self._reformed(career, number, takeover)
                if year is not None:
                    ids = self.agency_ids[career.number], self.agency_ids[number]
                    yield Lineage(*ids, year, takeover.kind, "declared" if is_declared else "inferred")

    def _reformed(self, career: Career, number: int, takeover: Takeover) -> int | None:
        """The first year the successor answers for; None where the reports do not show it."""
        before, after = self.reported.get(number), self.reported.get(career.number)
        if not before or not after:
            return None
        rule = next(each for each in load_catalogue().successions if each.rule_id == takeover.rule_id)
        fits = before[-1] <= rule.last_year and after[-1] >= rule.first_year and after[-1] > before[-1]
        if not rule.absorbed:
            fits = fits and after[0] >= rule.first_year and after[0] > before[-1]
        return max(before[-1] + 1, rule.first_year) if fits else None

    def _moved(self) -> Iterator[Lineage]:
        """Where a division went into another its organs were taken over by those of the same name and level there."""
        for career in self.nation.careers:
            place, before = career.place, self.reported.get(career.number)
            if place.successor_id is None or not before or before[-1] > place.successor_year:
                continue
            heirs = [
                other
                for other in self.nation.careers
                if other.place.region_id == place.successor_id
                and self._kinds(other) & self._kinds(career)
                and self.reported[other.number][-1] >= place.successor_year
            ]
            if len(heirs) == 1:
                ids = self.agency_ids[heirs[0].number], self.agency_ids[career.number]
                yield Lineage(*ids, place.successor_year, "merge", "inferred")

    def _kinds(self, career: Career) -> set[tuple[str, str]]:
        """Names without the region, and levels, under which an agency reported."""
        told = [describe(career, year) for year in self.reported.get(career.number, ())]
        return {(each.short_name, each.level) for each in told}

    @cached_property
    def lines(self) -> dict[str, str]:
        """Back over renames and successions one for one."""
        after = [each for each in self.lineage if each.kind in ("rename", "succession")]
        heirs, formers = Counter(each.agency_id for each in after), Counter(each.predecessor_id for each in after)
        steps = {
            each.agency_id: each.predecessor_id
            for each in after
            if heirs[each.agency_id] == 1 and formers[each.predecessor_id] == 1
        }
        lines = {}
        for agency_id in self.agency_ids.values():
            line = agency_id
            while line in steps:
                line = steps[line]
            lines[agency_id] = line
        return lines

    @cached_property
    def expected(self) -> dict[tuple[int, int], str]:
        """Why a career is expected to have filed for a year."""
        reasons: dict[tuple[int, int], str] = {}
        for career in self.nation.careers:
            reported = self.reported.get(career.number, [])
            if reported and len(reported) <= reported[-1] - reported[0]:
                between = range(reported[0], reported[-1] + 1)
                reasons |= {(career.number, year): "between_reports" for year in between}
        reasons |= dict.fromkeys(self._on_source_list(), "source_list")
        first, last = self.nation.plan.years[0], self.nation.plan.years[-1]
        for career in self.nation.careers:
            if career.is_listed:
                start = career.first_year if self.states_first_year(career) else first
                end = career.last_year if career.states_last_year else self._ended(career, last)
                reasons |= {(career.number, year): "agency_list" for year in range(start, end + 1)}
        return reasons

    @staticmethod
    def states_first_year(career: Career) -> bool:
        """Whether the list says from when on."""
        return career.states_first_year or bool(career.takeover and career.takeover.told is Told.DECLARED)

    def _ended(self, career: Career, last: int) -> int:
        years = [each.year - 1 for each in self.lineage if each.predecessor_id == self.agency_ids[career.number]]
        return min(years, default=last)

    def _on_source_list(self) -> Iterator[tuple[int, int]]:
        for each in self.entered:
            number, year = each.filing.career.number, each.filing.year
            named = any(file.paper and file.paper.url for file in each.files)
            told = each.filing.told is ToldBy.SOURCE_LIST and each.filing.fate not in (Fate.FILED, Fate.MISSING)
            if each.filing.is_awaited or told or named:
                yield number, year

    @cached_property
    def listed_names(self) -> dict[int, list[str]]:
        return {career.number: names_listed(career) for career in self.nation.careers if career.is_listed}


def _is_government(file: File) -> bool:
    url = file.paper.url if file.paper else None
    return bool(url) and ".gov.cn/" in str(url)
