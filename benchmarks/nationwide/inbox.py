"""Writes the files of a nation and the lists an operator would lay beside them, and keeps what they hold.

Files lie in folders without a meaning and have names without one, except where a file does not say itself whose it is: then its folders
or the source list may tell.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from pathlib import Path

import numpy as np

from benchmarks.corpus.stream import FORMATS
from benchmarks.national.chance import uniform
from benchmarks.national.filings import editions_of
from benchmarks.national.governments import Governments
from benchmarks.nationwide.careers import Career, Told, agencies_in, describe, draw_careers
from benchmarks.nationwide.pages import Pages, Read, Values, print_notice, print_paper, report_id_of
from benchmarks.nationwide.papers import ANNEX_ENDS, Fate, Filing, Paper, draw_filing
from benchmarks.nationwide.papers import Told as ToldBy
from benchmarks.nationwide.places import Place, choose_places
from catalogue.expand import split_part
from catalogue.load import load_catalogue
from catalogue.model import Edition

SHARD = 500
_START_OF_ZIP = b"PK\x03\x04\x14\x00\x00\x00\x08\x00"
_UNKNOWN_POPULATION, _CONTRADICTED_POPULATION = 0.08, 0.04
Part = tuple[int | None, int | None]  # numerator and denominator in millionths
Term = tuple[int, tuple[str, str, str]]  # sign and cell


@dataclass(frozen=True)
class Plan:
    """How large the nation is, and over which report years."""

    folder: Path
    places: int
    organs: int  # of each place, before anything befalls them
    years: range = range(2018, 2026)
    seed: int = 1

    @property
    def inbox(self) -> Path:
        return self.folder / "inbox"


@dataclass(frozen=True)
class Nation:
    plan: Plan
    places: tuple[Place, ...]
    careers: tuple[Career, ...]


@dataclass(frozen=True)
class File:
    """A file of the inbox. `paper` is the one it holds, None where it holds no report."""

    path: str
    report_id: str
    paper: Paper | None
    asserted_year: int | None = None
    asserted_agency: str | None = None


@dataclass(frozen=True)
class Kept:
    """What is published of one version."""

    edition: str
    parts: dict[str, Part]
    received: int | None
    is_withheld: bool
    telling: int


@dataclass(frozen=True)
class Entered:
    """A filing with its files and what each version of it says."""

    filing: Filing
    files: tuple[File, ...]
    versions: tuple[Kept, ...]


def plan_nation(plan: Plan) -> Nation:
    places = choose_places(plan.seed, plan.places, plan.years)
    careers = draw_careers(plan.seed, places, plan.organs, plan.years)
    return Nation(plan, tuple(places), tuple(careers))


def write_inbox(nation: Nation, processes: int = 1) -> list[Entered]:
    """Every file below FOLDER/inbox and the lists at its root."""
    nation.plan.inbox.mkdir(parents=True)
    years = list(nation.plan.years)
    if processes == 1:
        entered = [each for year in years for each in write_year(nation, year)]
    else:
        with ProcessPoolExecutor(processes) as pool:
            entered = [each for written in pool.map(write_year, repeat(nation), years) for each in written]
    _write_lists(nation, entered)
    return entered


def write_year(nation: Nation, year: int) -> list[Entered]:
    """The files of one report year."""
    plan = nation.plan
    agencies = agencies_in(nation.careers, year)
    governments = Governments(plan.seed, agencies, year)
    editions = editions_of(plan.seed, agencies, year)
    pages: dict[int, Pages] = {}
    for code in sorted(set(editions)):
        some = agencies.take(np.flatnonzero(editions == code))
        drawn = governments.draw(some, load_catalogue().edition(code))
        made = Pages(plan.seed, drawn, some.number)
        pages |= dict.fromkeys((int(number) for number in some.number), made)
    alive = [career for career in nation.careers if year in career.years]
    return [
        _enter(plan, draw_filing(plan.seed, career, year), pages[career.number], place)
        for place, career in enumerate(alive)
    ]


def _enter(plan: Plan, filing: Filing, pages: Pages, place: int) -> Entered:
    """Write the files of a filing."""
    reads = [pages.read(filing, content) for content in filing.contents]
    files = [*_written(plan, filing, reads, place)]
    return Entered(filing, tuple(files), tuple(_keep(read) for read in reads))


def _written(plan: Plan, filing: Filing, reads: Sequence[Read], place: int) -> Iterator[File]:
    career, year = filing.career, filing.year
    folder = f"{year % 100:02d}{place // SHARD:03d}"  # no folder of a year: it would say which
    stem = f"{folder}/{place:06d}"
    if filing.fate is Fate.FILED:
        for number, paper in enumerate(filing.papers):
            data = print_paper(plan.seed, filing, paper, reads[paper.content])
            path = f"{stem}-{number}.{FORMATS[paper.format].ending_of(paper.trait)}"
            yield _write(plan, path, data, paper)
            if paper.is_twice:
                yield _write(plan, f"{stem}-{number}-again.{path.rpartition('.')[2]}", data, paper)
    elif filing.fate is not Fate.MISSING:
        data, ending = _no_report(filing)
        name = career.full_name(year)
        path = f"{year}/{name}/{place:06d}.{ending}" if filing.told is ToldBy.FOLDER else f"{stem}.{ending}"
        written = _write(plan, path, data, None)
        if filing.told is ToldBy.NOTHING:
            yield written
        else:
            yield File(written.path, written.report_id, None, year, name)


def _no_report(filing: Filing) -> tuple[bytes, str]:
    """Bytes that hold no report, and the ending of the file: nothing at all, a notice, the beginning of a Word document."""
    if filing.fate is Fate.EMPTY:
        return b"", "html"
    notice = print_notice(filing.career, filing.year)
    return (notice, "txt") if filing.fate is Fate.NOTICE else (_START_OF_ZIP + notice, "docx")


def _write(plan: Plan, path: str, data: bytes, paper: Paper | None) -> File:
    target = plan.inbox / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    return File(path, report_id_of(data), paper)


def _keep(read: Read) -> Kept:
    received = read.published.get(("T3", "requests_received", "total"))
    return Kept(
        read.edition.code,
        dict(parts_of(read.edition, read.published)),
        received,
        read.mistake is not None,
        read.telling,
    )


def parts_of(edition: Edition, values: Values) -> Iterator[tuple[str, Part]]:
    """Numerator and denominator of every indicator that a report by itself tells, as the catalogue declares them."""
    for code, numerator, denominator in _terms(edition):
        yield code, (_sum(numerator, values), _sum(denominator, values))


def _sum(terms: Sequence[Term], values: Values) -> int | None:
    """Nothing is known of a part without terms, or with one that is not known."""
    total = 0
    for sign, key in terms:
        value = values[key]
        if value is None:
            return None
        total += sign * value
    return total if terms else None


@lru_cache(maxsize=8)
def _terms(edition: Edition) -> list[tuple[str, list[Term], list[Term]]]:
    """The cells of each indicator that the edition has."""
    on_form = {(table.code, *cell) for table in edition.tables for cell in table.cells()}

    def cells(parts: Sequence[str], code: str) -> list[Term]:
        terms = [split_part(part, code) for part in parts]
        keys = [
            (each.sign, (each.table_code, each.row_code, each.column_code)) for each in terms if each.relation == "this"
        ]
        return [(sign, key) for sign, key in keys if key in on_form]

    return [
        (each.code, cells(each.numerator, each.code), cells(each.denominator, each.code))
        for each in load_catalogue().indicators
    ]


def population_of(seed: int, region_code: str, year: int) -> tuple[int, ...]:
    """What the list says of the inhabitants of a region: one number, none, or two that contradict each other."""
    number = np.array([int(region_code)], np.int64)
    chance = float(uniform(seed, "population known", number, year)[0, 0])
    people = 50_000 + int(uniform(seed, "population", number, 0)[0, 0] * 9_000_000) + 100 * (year - ANNEX_ENDS)
    if chance < _UNKNOWN_POPULATION:
        return ()
    return (people, people + 1000) if chance < _UNKNOWN_POPULATION + _CONTRADICTED_POPULATION else (people,)


def _write_lists(nation: Nation, entered: Sequence[Entered]) -> None:
    plan = nation.plan
    _write_csv(
        plan.inbox / "agencies.csv",
        ("agency", "credit_code", "region", "aliases", "first_year", "last_year", "predecessors", "kind", "source"),
        (_agency_row(nation, career) for career in nation.careers if career.is_listed),
    )
    _write_csv(plan.inbox / "filings.csv", ("path", "year", "agency", "url"), _filing_rows(entered))
    _write_csv(
        plan.inbox / "populations.csv",
        ("region_code", "year", "population", "source"),
        (
            (place.divisions[year].code, year, people, "人口普查")
            for place in nation.places
            for year in place.divisions
            for people in population_of(plan.seed, place.divisions[year].code, year)
        ),
    )


def _agency_row(nation: Nation, career: Career) -> tuple[object, ...]:
    last = career.last_year
    declared = career.takeover if career.takeover and career.takeover.told is Told.DECLARED else None
    former = [nation.careers[number] for number in declared.predecessors] if declared else []
    return (
        career.full_name(last),
        career.listed_code,
        describe(career, last).region_code if career.is_ambiguous or career.place.shares_its_name else None,
        "；".join(names_listed(career)[1:]),
        career.first_year if career.states_first_year or declared else None,
        last if career.states_last_year else None,
        "；".join(each.full_name(each.last_year) for each in former),
        declared.kind if declared else None,
        f"机构改革方案（{career.number}）" if declared else None,
    )


def names_listed(career: Career) -> list[str]:
    """The name a list has an agency under, and its other names."""
    last = career.last_year
    others = [career.place.full_name(last) + own for _, own in career.names]
    if career.is_ambiguous:
        others += [career.printed_name(year) for year in career.years]
    full = career.full_name(last)
    return [full, *(name for name in dict.fromkeys(others) if name != full)]


def _filing_rows(entered: Sequence[Entered]) -> Iterator[tuple[object, ...]]:
    for each in entered:
        career, year = each.filing.career, each.filing.year
        if each.filing.is_awaited:
            yield (f"awaited/{year}-{career.number}.pdf", year, career.full_name(year), None)
        for file in each.files:
            url = file.paper.url if file.paper and not file.path.rpartition(".")[0].endswith("-again") else None
            if each.filing.told is ToldBy.SOURCE_LIST and file.paper is None:
                yield (file.path, file.asserted_year, file.asserted_agency, None)
            elif url:
                yield (file.path, None, None, url)


def _write_csv(path: Path, header: Sequence[str], rows: Iterator[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows(rows)
