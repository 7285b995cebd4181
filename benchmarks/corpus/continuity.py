"""What the figures of an agency's years owe each other: what one year carries out the next carries in, stocks follow flows.

A number that two years share is drawn from the agency and the year it belongs to, so that files can be made in any order and
side by side. What does not belong here: identities within one table (`figures`).
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import Decimal

_BUSY_SHARE = 0.45
_CARRYING = {"natural_person": 0.5, "org_business": 0.2}  # share of years at whose end requests are open
_LARGEST_STOCK = {
    "rules": (0.1, 1.0),
    "normative_documents": (0.6, 2.5),
}  # share that has any, and the size in logarithms
_OTHER_STOCK = (0.5, 2.0)

Cell = tuple[str, str]  # row_code, column_code


@dataclass(frozen=True, slots=True)
class Career:
    """An agency over the years, as of one of them."""

    agency_name: str
    year: int

    @property
    def is_busy(self) -> bool:
        """Whether requests reach it at all."""
        return self._chance("busy").random() < _BUSY_SHARE

    def open_requests(self, column: str, year: int) -> int:
        """Requests of a kind of applicant that are open when a year ends."""
        chance = self._chance(f"open/{column}/{year}")
        return chance.randint(1, 4) if self.is_busy and chance.random() < _CARRYING.get(column, 0.0) else 0

    def carried(self, column: str) -> tuple[int, int]:
        """Requests carried in from the year before and out to the next."""
        return self.open_requests(column, self.year - 1), self.open_requests(column, self.year)

    def stock(self, row: str, year: int) -> int:
        """Documents in force, or items on the list, when a year ends."""
        share, size = _LARGEST_STOCK.get(row, _OTHER_STOCK)
        if self._chance(f"has/{row}").random() >= share:
            return 0
        return 1 + int(self._chance(f"stock/{row}/{year}").lognormvariate(size, 0.8))

    def follow(self, values: dict[Cell, Decimal]) -> dict[Cell, Decimal]:
        """The figures of 表二 with stocks and flows that fit those of the years beside it."""
        followed = dict(values)
        for row in {row for row, _ in values}:
            before, now, after = (self.stock(row, self.year + years) for years in (-1, 0, 1))
            more = self._chance(f"more/{row}/{self.year}").randint(0, min(3, before))
            if (row, "items_prior_year") in values:
                followed[row, "items_prior_year"] = Decimal(now)
                followed[row, "items_change"] = Decimal(after - now)
            elif (row, "in_force_total") in values:
                followed[row, "in_force_total"] = Decimal(now)
                followed[row, "issued_this_year"] = Decimal(max(now - before, 0) + more)
                followed[row, "repealed_this_year"] = Decimal(max(before - now, 0) + more)
            elif (row, "disclosed_total") in values:
                disclosed = min(now, max(now - before, 0) + more)
                followed[row, "disclosed_total"] = Decimal(now)
                followed[row, "newly_disclosed_this_year"] = Decimal(disclosed)
                followed[row, "made_this_year"] = Decimal(disclosed)
        return followed

    def _chance(self, purpose: str) -> random.Random:
        return random.Random(f"{self.agency_name}/{purpose}")
