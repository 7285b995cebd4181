"""Agencies that were renamed, merged, absorbed and divided between report years 2021 and 2022, with the list that says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from staged_filings import StagedFiling

from disclosure.listed import ListedName, NamedAgency, NameRole, ReadLists


def _filing(
    agency: str, year: int, carried_in: int = 0, carried_out: int = 0, in_force: int = 0, short: int = 0
) -> StagedFiling:
    """A report that ties: what came in and was not carried out is granted. `short`: so many too few are received, and
    nothing tells whether they are, or those carried in, or what was granted."""
    received = 10 + carried_out
    handled = received + carried_in - carried_out
    requests = {
        "requests_received": received - short,
        "requests_carried_in": carried_in,
        "granted_full": handled,
        "outcomes_total": handled,
        "requests_carried_out": carried_out,
    }
    figures = {f"{row}/{column}": number for row, number in requests.items() for column in ("natural_person", "total")}
    return StagedFiling(
        f"{agency}-{year}",
        agency_id=agency,
        agency_name=f"{agency}局",
        report_year=year,
        tables={
            "T2": ("table_2021", {"normative_documents/in_force_total": in_force}),
            "T3": ("table_2021", figures),
        },
        stated={"region_code": "540000", "region_id": "540000"},
    )


LINEAGE = (
    # merged: 3 and 4 requests are carried out, 8 carried in; 6 and 5 documents are in force, and 11 are
    _filing("lands", 2021, carried_out=3, in_force=6),
    _filing("plans", 2021, carried_out=4, in_force=5),
    _filing("resources", 2022, carried_in=8, in_force=11),
    # absorbed: 2 of its own and 5 of the other
    _filing("justice", 2021, carried_out=2),
    _filing("legal", 2021, carried_out=5),
    _filing("justice", 2022, carried_in=7),
    # merged, and the report of one is not there
    _filing("trade", 2021, carried_out=1),
    _filing("commerce", 2022, carried_in=1),
    # divided into two
    _filing("culture", 2021, carried_out=6),
    _filing("heritage", 2022, carried_in=4),
    _filing("tourism", 2022, carried_in=2),
    # goes on after a part of it became another
    _filing("health", 2021, carried_out=9),
    _filing("health", 2022, carried_in=5),
    _filing("medicines", 2022, carried_in=4),
    # renamed, with a difference
    _filing("old_name", 2021, carried_out=2),
    _filing("new_name", 2022, carried_in=3),
    # the old organ closes the year of the change itself
    _filing("petitions", 2021, carried_out=1),
    _filing("petitions", 2022, carried_in=1, carried_out=2),
    _filing("letters", 2022, carried_in=0, carried_out=3),
    _filing("letters", 2023, carried_in=5),
)
# What was carried out ranks the ways to mend the report of the year after: 6 make it tie if 6 and not 4 came in, 4 speak for
# the print, and what two merged organs carried out is added up; a figure that the year before withholds says nothing.
RANKED = (
    _filing("sports", 2021, carried_out=6),
    _filing("sports", 2022, carried_in=4, short=2),
    _filing("audit", 2021, carried_out=4),
    _filing("audit", 2022, carried_in=4, short=2),
    _filing("grain", 2021, carried_out=1),
    _filing("stores", 2021, carried_out=5),
    _filing("reserves", 2022, carried_in=4, short=2),
    _filing("water", 2022, carried_in=4, short=2),
    _filing("taxes", 2021, carried_out=6, carried_in=2, short=2),
    _filing("taxes", 2022, carried_in=4, short=2),
)
# successor -> how it came about, and its predecessors
SUCCESSIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "resources": ("merge", ("lands", "plans")),
    "justice": ("merge", ("legal",)),
    "commerce": ("merge", ("trade", "supplies")),
    "heritage": ("succession", ("culture",)),
    "tourism": ("succession", ("culture",)),
    "medicines": ("split", ("health",)),
    "new_name": ("rename", ("old_name",)),
    "letters": ("merge", ("petitions",)),
    "reserves": ("merge", ("grain", "stores")),
}


def _listed() -> Iterator[ListedName]:
    for place, (agency, (kind, predecessors)) in enumerate(SUCCESSIONS.items(), start=2):
        yield ListedName("agencies.csv", place, NameRole.NAME, f"{agency}局", NamedAgency(agency_key=agency))
        for predecessor in predecessors:
            yield ListedName(
                *("agencies.csv", place, NameRole.PREDECESSOR, f"{predecessor}局"),
                NamedAgency(agency_key=predecessor),
                first_year=2022,
                succession_kind=kind,
            )


LISTS = ReadLists(names=tuple(_listed()))


def filing_of(agency: str, year: int) -> StagedFiling:
    return next(filing for filing in (*LINEAGE, *RANKED) if filing.agency_id == agency and filing.report_year == year)
