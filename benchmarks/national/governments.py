"""The reports of whole governments: 表三 and 表四 are the sums over all agencies of the region and of the regions in it.

Which agencies those are is said by the codes of regions, as the rule about governments and their agencies reads them.
"""

from __future__ import annotations

import numpy as np

from benchmarks.national.agencies import Agencies
from benchmarks.national.chance import Integers
from benchmarks.national.figures import Drawn, cells_of, draw
from benchmarks.national.filings import editions_of
from catalogue.load import load_catalogue
from catalogue.model import Edition

SUMMED = ("T3", "T4")
AT_ONCE = 20_000  # agencies drawn at a time
_OTHER_2019, _OTHER_2021 = "other_handling", ("other_misc", "other_correction_overdue", "other_fee_unpaid")


class Governments:
    """Sums over agencies by region for one year, on the form of 2021; 其他处理 of the older form counts as 其他."""

    def __init__(self, seed: int, agencies: Agencies, year: int) -> None:
        self._seed, self._year = seed, year
        self._form = load_catalogue().edition("table_2021")
        self._places = {code: place for place, code in enumerate(dict.fromkeys(agencies.region_code))}
        self._sums = {code: np.zeros((len(self._places), len(cells_of(self._form, code))), np.int64) for code in SUMMED}
        for start in range(0, len(agencies), AT_ONCE):
            self._add(agencies.take(np.arange(start, min(start + AT_ONCE, len(agencies)))))

    def draw(self, agencies: Agencies, edition: Edition) -> Drawn:
        """The figures of reports on one edition: those of governments summed, those of agencies their own."""
        drawn = draw(self._seed, agencies, self._year, edition)
        rows = np.flatnonzero(agencies.scope == "jurisdiction")
        regions = np.array([self._places[code] for code in agencies.region_code[rows]], np.int64)
        for code in SUMMED:
            drawn.tables[code][rows] = self._on_form(code, edition, regions)
        return drawn

    def _add(self, agencies: Agencies) -> None:
        editions = editions_of(self._seed, agencies, self._year)
        for code in dict.fromkeys(editions):
            some = agencies.take(np.flatnonzero((editions == code) & (agencies.scope == "agency")))
            edition = load_catalogue().edition(code)
            drawn = draw(self._seed, some, self._year, edition)
            for table in SUMMED:
                values = self._to_2021(table, edition, drawn.tables[table])
                for ending in ("", "00", "0000"):
                    above = [region[: 6 - len(ending)] + ending for region in some.region_code]
                    self._add_to(table, above, some.region_code if ending else None, values)

    def _add_to(self, table: str, above: list[str], own: np.ndarray | None, values: Integers) -> None:
        """Add each row to a region; one whose own region it is has been added already."""
        meant = [code in self._places and (own is None or code != own[row]) for row, code in enumerate(above)]
        rows = np.flatnonzero(meant)
        np.add.at(self._sums[table], [self._places[above[row]] for row in rows], values[rows])

    def _to_2021(self, table: str, edition: Edition, values: Integers) -> Integers:
        if table != "T3" or edition.code == self._form.code:
            return values
        moved = np.zeros((len(values), len(cells_of(self._form, table))), np.int64)
        for (row, column), place in cells_of(edition, table).items():
            target = _OTHER_2021[0] if row == _OTHER_2019 else row
            moved[:, cells_of(self._form, table)[target, column]] += values[:, place]
        return moved

    def _on_form(self, table: str, edition: Edition, regions: Integers) -> Integers:
        sums = self._sums[table][regions]
        if table != "T3" or edition.code == self._form.code:
            return sums
        moved = np.zeros((len(sums), len(cells_of(edition, table))), np.int64)
        for (row, column), place in cells_of(self._form, table).items():
            target = _OTHER_2019 if row in _OTHER_2021 else row
            moved[:, cells_of(edition, table)[target, column]] += sums[:, place]
        return moved
