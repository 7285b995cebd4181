"""What the agencies counted: whole tables of a year at once, drawn so that every must-hold identity holds.

Figures are whole numbers of millionths (`MICRO`), the scale the staging files keep, so that no amount is rounded on its way. One
column per cell in the order of the form. Shares and sizes are roughly those of published reports; more than half of the small agencies
receive no request in a year. Requests carried out of a year are those carried into the next, and stocks of documents and items move
by what the year adds and ends. How a figure is printed, and who prints a wrong one, is not decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from benchmarks.corpus.figures import APPLICANT_WEIGHTS, OTHER_APPLICANT, OTHER_OUTCOME, OUTCOME_WEIGHTS
from benchmarks.national.agencies import Agencies
from benchmarks.national.chance import Floats, Integers, normal, spread, uniform
from catalogue.load import load_catalogue
from catalogue.model import Edition, Table

MICRO = 1_000_000
CENT = MICRO // 100  # amounts are drawn to the hundredth of 万元

_REQUESTS = {
    "province": 4.5,
    "prefecture": 2.6,
    "county": 0.1,
    "township": -1.1,
    "functional_zone": 0.3,
}  # log of the median
_ASKED_MOST = {"general_office": 1.6, "natural_resources": 1.4, "housing_construction": 1.2, "public_security": 0.8}
_FIRST_YEAR = 2019  # stocks of documents and items are counted from here
_STOCK_YEARS = 2040 - _FIRST_YEAR


@dataclass(frozen=True)
class Drawn:
    """Tables of some agencies in one year on one edition: table code -> one row per agency, one column per cell."""

    edition: Edition
    year: int
    tables: Mapping[str, Integers]

    def take(self, places: Integers) -> Drawn:
        """Those agencies, in that order."""
        return Drawn(self.edition, self.year, {code: values[places] for code, values in self.tables.items()})


@lru_cache(maxsize=64)
def cells_of(edition: Edition, table_code: str) -> dict[tuple[str, str], int]:
    """(row, column) -> place of the cell in its table, as the national form prints it."""
    table = edition.table(table_code)
    if table is None:
        raise ValueError(f"{edition.code} has no table {table_code}")
    return {cell: place for place, cell in enumerate(table.cells())}


def edition_of_year(year: int) -> Edition:
    """The edition in force."""
    return load_catalogue().edition("table_2019" if year <= 2020 else "table_2021")


def draw(seed: int, agencies: Agencies, year: int, edition: Edition) -> Drawn:
    """The figures each agency counted for itself; a government's report is made of these in `governments`."""
    tables = {"T2": _draw_disclosure, "T3": _draw_applications, "T4": _draw_disputes}
    return Drawn(
        edition, year, {code: MICRO_OF[code](make(seed, agencies, year, edition)) for code, make in tables.items()}
    )


def _counts(values: Integers) -> Integers:
    return values * MICRO


def _as_drawn(values: Integers) -> Integers:
    return values


MICRO_OF: dict[str, Callable[[Integers], Integers]] = {"T2": _as_drawn, "T3": _counts, "T4": _counts}


def draw_requests(seed: int, agencies: Agencies, year: int) -> Integers:
    """Requests received in a year, one column per kind of applicant."""
    size = np.array([_REQUESTS[level] for level in agencies.level]) + np.array(
        [_ASKED_MOST.get(category, 0.0) for category in agencies.function_category]
    )
    size += (
        1.4 * normal(seed, "size", agencies.number, 0)[:, 0] + 0.35 * normal(seed, "size", agencies.number, year)[:, 0]
    )
    totals = np.minimum(np.floor(np.exp(size)), 9_000).astype(np.int64)
    totals[np.array([scope == "jurisdiction" for scope in agencies.scope])] = (
        0  # theirs are the sums over their agencies, see `governments`
    )
    weights = _perturbed(
        seed, "applicants", agencies.number, 0, _weights(_applicants(), APPLICANT_WEIGHTS, OTHER_APPLICANT)
    )
    return spread(totals, weights, uniform(seed, "applicant", agencies.number, year)[:, 0])


def carry_out(seed: int, agencies: Agencies, year: int, received: Integers) -> Integers:
    """Requests left open at the end of a year: none of most, up to a sixth of the others, never more than came in."""
    some = uniform(seed, "open", agencies.number, year) < 0.35
    share = uniform(seed, "open share", agencies.number, year, received.shape[1]) / 6.0
    return np.where(some, np.floor(received * share + 0.5), 0.0).astype(np.int64)


def _draw_applications(seed: int, agencies: Agencies, year: int, edition: Edition) -> Integers:
    table, cells = _table(edition, "T3"), cells_of(edition, "T3")
    applicants, leaves = _applicants(), [row.code for row in table.rows if row.leaf]
    received = draw_requests(seed, agencies, year)
    carried_in = carry_out(seed, agencies, year - 1, draw_requests(seed, agencies, year - 1))
    carried_out = carry_out(seed, agencies, year, received)
    finished = received + carried_in - carried_out
    weights = _perturbed(seed, "outcomes", agencies.number, year, _weights(leaves, OUTCOME_WEIGHTS, OTHER_OUTCOME))
    starts = uniform(seed, "outcome", agencies.number, year, len(applicants))
    outcomes = spread(finished, weights[:, None, :], starts)  # agency, applicant, leaf
    rows = {
        "requests_received": received,
        "requests_carried_in": carried_in,
        "requests_carried_out": carried_out,
        "outcomes_total": finished,
        **{leaf: outcomes[:, :, place] for place, leaf in enumerate(leaves)},
    }
    drawn = np.zeros((len(agencies), len(cells)), np.int64)
    for row, counts in rows.items():
        for place, column in enumerate(applicants):
            drawn[:, cells[row, column]] = counts[:, place]
        drawn[:, cells[row, "total"]] = counts.sum(axis=1)
    return drawn


def _draw_disputes(seed: int, agencies: Agencies, year: int, edition: Edition) -> Integers:
    table, cells = _table(edition, "T4"), cells_of(edition, "T4")
    drawn = np.zeros((len(agencies), len(cells)), np.int64)
    asked = draw_requests(seed, agencies, year).sum(axis=1)
    for row in table.rows:
        some = (uniform(seed, f"dispute {row.code}", agencies.number, year)[:, 0] < 0.3) & (asked > 3)
        most = np.where(some, np.minimum(asked // 4, 400), 0)
        total = np.floor(most * uniform(seed, f"disputes {row.code}", agencies.number, year)[:, 0]).astype(np.int64)
        outcomes = table.column_sets["outcomes"]
        weights = _perturbed(
            seed, f"disputed {row.code}", agencies.number, year, np.array([6.0, 1.5, 2.0, 1.0][: len(outcomes)])
        )
        parts = spread(total, weights, uniform(seed, f"result {row.code}", agencies.number, year)[:, 0])
        for place, column in enumerate(outcomes):
            drawn[:, cells[row.code, column]] = parts[:, place]
        drawn[:, cells[row.code, "total"]] = total
    return drawn


def _draw_disclosure(seed: int, agencies: Agencies, year: int, edition: Edition) -> Integers:
    """表二 in millionths: documents by their stock, items by their stock, decisions, and amounts to the hundredth."""
    cells = cells_of(edition, "T2")
    values: dict[tuple[str, str], Integers] = {}
    for row in ("rules", "normative_documents"):
        values |= _documents(seed, agencies, year, row)
    for row in _ITEM_ROWS:
        values |= _items(seed, agencies, year, row)
    values |= _amounts(seed, agencies, year)
    drawn = np.zeros((len(agencies), len(cells)), np.int64)
    for cell, place in cells.items():
        drawn[:, place] = values[cell]
    return drawn


_ITEM_ROWS = {
    "administrative_licensing": 5.0,
    "other_external_management_services": 4.0,
    "administrative_penalty": 4.2,
    "administrative_compulsion": 2.2,
    "administrative_fees": 0.0,
}  # log of the median of decisions


def _documents(seed: int, agencies: Agencies, year: int, row: str) -> dict[tuple[str, str], Integers]:
    """Documents made, repealed and in force. Rules are made by governments of provinces and prefectures alone."""
    number, busy = agencies.number, _busy(seed, agencies, row, 0.6)
    if row == "rules":
        busy &= (agencies.function_category == "government") & np.isin(agencies.level, ("province", "prefecture"))
    base = np.floor(np.exp(2.6 + 0.8 * normal(seed, f"{row} stock", number, 0)[:, 0])).astype(np.int64) + _STOCK_YEARS
    stock = np.zeros(len(agencies), np.int64)
    made = repealed = stock
    for each in range(_FIRST_YEAR, year + 1):
        made = np.floor(np.exp(0.4 + 0.9 * normal(seed, f"{row} made", number, each)[:, 0])).astype(np.int64)
        repealed = np.floor((made + 1) * uniform(seed, f"{row} repealed", number, each)[:, 0]).astype(np.int64)
        if each <= 2020:
            repealed = np.zeros_like(repealed)
        stock = stock + made - repealed
    return {
        (row, column): np.where(busy, counts, 0) * MICRO
        for column, counts in {
            "made_this_year": made,
            "newly_disclosed_this_year": made,
            "disclosed_total": base + stock,
            "issued_this_year": made,
            "repealed_this_year": repealed,
            "in_force_total": base + stock,
        }.items()
    }


def _items(seed: int, agencies: Agencies, year: int, row: str) -> dict[tuple[str, str], Integers]:
    """Kinds of licences, penalties and so on, their change, and the decisions of the year."""
    number, busy = agencies.number, _busy(seed, agencies, row, 0.5)
    base = np.floor(np.exp(3.0 + 0.9 * normal(seed, f"{row} items", number, 0)[:, 0])).astype(np.int64)
    base = np.minimum(base, 600) + 2 * _STOCK_YEARS
    stock, change = base, np.zeros(len(agencies), np.int64)
    for each in range(_FIRST_YEAR, year + 1):
        stock = stock + change
        moved = uniform(seed, f"{row} change", number, each, 2)
        change = np.where(moved[:, 0] < 0.3, np.floor(moved[:, 1] * 5.0) - 2.0, 0.0).astype(np.int64)
    size = _ITEM_ROWS[row] + 1.6 * normal(seed, f"{row} decisions", number, 0)[:, 0]
    decisions = np.exp(size + 0.25 * normal(seed, f"{row} decisions", number, year)[:, 0])
    return {
        (row, column): np.where(busy, counts, 0) * MICRO
        for column, counts in {
            "items_prior_year": stock,
            "items_change": change,
            "decisions": np.minimum(np.floor(decisions), 90_000).astype(np.int64),
        }.items()
    }


def _amounts(seed: int, agencies: Agencies, year: int) -> dict[tuple[str, str], Integers]:
    """Fees and purchases in 万元."""
    number = agencies.number
    fees = np.exp(3.0 + 2.0 * normal(seed, "fees", number, 0)[:, 0] + 0.4 * normal(seed, "fees", number, year)[:, 0])
    spent = np.exp(4.0 + 1.5 * normal(seed, "spent", number, 0)[:, 0] + 0.5 * normal(seed, "spent", number, year)[:, 0])
    bought = 1 + np.floor(np.exp(1.0 + normal(seed, "bought", number, year)[:, 0])).astype(np.int64)
    charges, buys = _busy(seed, agencies, "fees", 0.3), _busy(seed, agencies, "purchases", 0.5)
    return {
        ("administrative_fees", "fee_amount"): np.where(charges, _cents(fees), 0),
        ("government_procurement", "procurement_projects"): np.where(buys, bought, 0) * MICRO,
        ("government_procurement", "procurement_amount"): np.where(buys, _cents(spent), 0),
    }


def _cents(amounts: Floats) -> Integers:
    return np.maximum(np.floor(np.minimum(amounts, 900_000.0) * 100.0), 1.0).astype(np.int64) * CENT


def _busy(seed: int, agencies: Agencies, what: str, share: float) -> np.ndarray:
    """Which agencies have anything of this kind at all, year after year."""
    return uniform(seed, f"{what} at all", agencies.number, 0)[:, 0] < share


def _perturbed(seed: int, purpose: str, numbers: Integers, year: int, weights: Floats) -> Floats:
    """Each agency's own weights, within a third to five thirds of the usual ones."""
    return weights * (0.3 + 1.4 * uniform(seed, purpose, numbers, year, len(weights)))


def _weights(codes: list[str], known: dict[str, float], otherwise: float) -> Floats:
    return np.array([known.get(code, otherwise) for code in codes])


def _applicants() -> list[str]:
    return list(_table(edition_of_year(2021), "T3").column_sets["applicants"])


def _table(edition: Edition, code: str) -> Table:
    table = edition.table(code)
    assert table is not None
    return table
