"""What each filing of a year says of itself and how it came in: bytes, format, title, dates, edition, and whether it can be read.

One entry per filing in every array of `Filings`. Who reports comes from `agencies`; figures and prose are drawn elsewhere.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields

import numpy as np

from benchmarks.national.agencies import Agencies
from benchmarks.national.chance import uniform
from benchmarks.national.figures import edition_of_year

READ, UNREADABLE, NOT_A_REPORT = "read", "unreadable", "not_a_report"

# (media type, reader, version, ending, share of filings)
FORMATS = (
    ("text/html", "html", "html 2", "html", 0.66),
    ("application/pdf", "pdf", "pdf 3", "pdf", 0.20),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", "docx 1", "docx", 0.10),
    ("text/plain", "text", "text 2", "txt", 0.04),
)
PDF = 1  # place in FORMATS
_OLD_FORM_SHARE = 0.06  # of the filings since 2021: still on the form of 2019
_UNREADABLE_SHARE = 0.003
_NO_REPORT_SHARE = 0.004
_UNDATED_SHARE = 0.08
_NO_PERIOD_SHARE = 0.12
_LATE_SHARE = 0.03


@dataclass(frozen=True)
class Filings:
    """Filings of one report year. Dates are numpy days; a date that is not stated is NaT."""

    year: int
    agencies: Agencies  # as they are called that year, one per filing
    sha256: np.ndarray  # text
    report_id: np.ndarray
    status: np.ndarray
    edition: np.ndarray  # code
    format: np.ndarray  # place in FORMATS
    published_on: np.ndarray  # datetime64[D]
    states_period: np.ndarray  # bool
    received_at: np.ndarray  # datetime64[us]

    def __len__(self) -> int:
        return len(self.report_id)

    def take(self, places: np.ndarray) -> Filings:
        """Those filings, in that order."""
        chosen = {field.name: getattr(self, field.name)[places] for field in fields(self)[2:]}
        return Filings(self.year, self.agencies.take(places), **chosen)

    def in_order_of_arrival(self) -> Filings:
        return self.take(np.argsort(self.received_at, kind="stable"))

    @property
    def titles(self) -> np.ndarray:
        return self.agencies.name + f"{self.year}年政府信息公开工作年度报告"

    @property
    def file_names(self) -> np.ndarray:
        endings = np.array([f".{each[3]}" for each in FORMATS], dtype=object)
        return self.agencies.name + f"{self.year}年度报告" + endings[self.format]

    @property
    def sources(self) -> np.ndarray:
        return f"inbox/{self.year}/" + self.agencies.region_code + "/" + self.file_names


def file_year(seed: int, agencies: Agencies, year: int) -> Filings:
    """One filing of every agency, sorted by report: the order of a staged file."""
    number = agencies.number
    digests = [hashlib.sha256(f"{seed}/{each}/{year}".encode()).hexdigest() for each in number.tolist()]
    sha256 = np.array(digests, dtype=object)
    order = np.argsort(sha256.astype("U64"))
    chance = uniform(seed, "filing", number, year, 5)
    shares = np.cumsum([each[4] for each in FORMATS])
    readable = np.where(
        chance[:, 0] < _UNREADABLE_SHARE,
        UNREADABLE,
        np.where(chance[:, 0] > 1.0 - _NO_REPORT_SHARE, NOT_A_REPORT, READ),
    ).astype(object)
    filings = Filings(
        year=year,
        agencies=agencies,
        sha256=sha256,
        report_id=np.array([digest[:16] for digest in digests], dtype=object),
        status=readable,
        edition=editions_of(seed, agencies, year),
        format=np.minimum(np.searchsorted(shares, chance[:, 1], side="right"), len(FORMATS) - 1),
        published_on=_publication_dates(agencies, year, chance[:, 2], chance[:, 3]),
        states_period=chance[:, 4] >= _NO_PERIOD_SHARE,
        received_at=np.datetime64(f"{year + 1}-04-02T08:00:00", "us")
        + np.arange(len(agencies)) * np.timedelta64(1, "s"),
    )
    return filings.take(order)


def editions_of(seed: int, agencies: Agencies, year: int) -> np.ndarray:
    """The edition each agency reports on: the one in force, or seldom still the one before."""
    in_force = edition_of_year(year).code
    late = uniform(seed, "old form", agencies.number, year)[:, 0] < _OLD_FORM_SHARE
    return np.where(late, "table_2019", in_force).astype(object)


def _publication_dates(agencies: Agencies, year: int, which: np.ndarray, day: np.ndarray) -> np.ndarray:
    """In January, of governments until March; some too late, some without a date."""
    first = np.datetime64(f"{year + 1}-01-04")
    government = agencies.scope == "jurisdiction"
    days = np.floor(day * np.where(government, 84.0, 27.0))
    days = np.where(which < _LATE_SHARE, days + np.where(government, 90.0, 30.0), days)
    dates = first + days.astype("timedelta64[D]")
    return np.where(which > 1.0 - _UNDATED_SHARE, np.datetime64("NaT"), dates)
