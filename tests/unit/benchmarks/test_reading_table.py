"""The table of `benchmarks.reading`: a part measured anew leaves the others as they were, on the same machine only."""

from __future__ import annotations

import pytest

from benchmarks import reading
from benchmarks.reading import Measured, report


def rows_of(table: str) -> list[tuple[str, str, str]]:
    cells = [line.split(" | ") for line in table.splitlines() if line.startswith("| ")]
    return [(row[0].strip("| *"), row[1].strip("*"), row[2].strip("*")) for row in cells if row[0] != "| format"]


def test_a_format_measured_alone_keeps_the_rows_of_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = report(
        [
            Measured("html", "plain", 2),
            Measured("scan", "skew", 2),
            Measured("scan", "fax", 2),
            Measured("real", "pdf", 1),
        ]
    )
    again = report([Measured("scan", "skew", 5), Measured("scan", "fax", 5)], whole)
    assert rows_of(again) == [
        ("---", "---", "---:"),
        ("html", "plain", "2"),
        ("scan", "skew", "5"),
        ("scan", "fax", "5"),
        ("scan", "all", "10"),
        ("real", "pdf", "1"),
    ]
    monkeypatch.setattr(reading, "machine", lambda: "another")
    assert [row[0] for row in rows_of(report([Measured("scan", "skew", 5)], whole))] == ["---", "scan"]
