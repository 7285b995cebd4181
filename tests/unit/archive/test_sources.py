"""What the source lists name by URL, fetched into the archive."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from web_host import Host

from disclosure.archive import Archive
from disclosure.archive.fetch import Manners
from disclosure.archive.sources import Fetching, fetch_sources, listed_urls
from disclosure.report import Asserted

MANNERS = Manners(delay=0.001, longest_delay=0.01, attempts=1, timeout=2.0)
AT_ONCE, LATER = timedelta(0), timedelta(days=1)


def write_list(home: Path, *rows: str, header: str = "agency,year,url,scope") -> None:
    (home / "sources").mkdir(parents=True, exist_ok=True)
    (home / "sources" / "list.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")


def fetch(home: Path, recheck_after: timedelta = LATER) -> Fetching:
    with closing(Archive(home)) as archive:
        return fetch_sources(home, archive, MANNERS, recheck_after)


def receipts(home: Path) -> list[tuple[str, str, int | None, str | None, bytes]]:
    with closing(Archive(home)) as archive:
        return [
            (
                receipt.source,
                receipt.file_name,
                receipt.asserted_year,
                receipt.asserted_agency,
                archive.read_bytes(receipt.sha256),
            )
            for receipt in archive.receipts()
        ]


def test_files_are_received_with_what_the_list_says(host: Host, tmp_path: Path) -> None:
    host.pages["/files/a.html"] = (200, {}, "年度报告".encode())
    write_list(tmp_path, f"某局,2023年,{host.address}/files/a.html,agency")
    fetching = fetch(tmp_path)
    assert (fetching.listed, fetching.due, fetching.new, dict(fetching.states)) == (1, 1, 1, {"fetched": 1})
    assert receipts(tmp_path) == [(f"{host.address}/files/a.html", "a.html", 2023, "某局", "年度报告".encode())]
    assert list((tmp_path / "archive" / "incoming").iterdir()) == []


def test_what_was_asked_lately_is_left_alone(host: Host, tmp_path: Path) -> None:
    host.pages["/a"] = (200, {}, b"bytes")
    write_list(tmp_path, f"某局,2023,{host.address}/a,", f"某局,2024,{host.address}/gone,")
    first = fetch(tmp_path)
    asked = len(host.asked)
    second = fetch(tmp_path)
    assert (first.due, second.due, second.listed, len(host.asked)) == (2, 0, 2, asked)
    assert [(failed.url, failed.detail) for failed in second.failures] == [(f"{host.address}/gone", "answers 404")]


def test_a_host_that_did_not_answer_is_asked_the_next_time(host: Host, tmp_path: Path) -> None:
    host.pages["/a"] = (503, {}, b"")
    write_list(tmp_path, f"某局,2023,{host.address}/a,")
    assert dict(fetch(tmp_path).states) == {"unreachable": 1}
    host.pages["/a"] = (200, {}, b"bytes")
    assert dict(fetch(tmp_path).states) == {"fetched": 1}


def test_another_version_under_the_same_address_is_another_filing(host: Host, tmp_path: Path) -> None:
    host.pages["/a"] = lambda headers: (
        (304, {}, b"") if headers["If-None-Match"] == "1" else (200, {"ETag": "1"}, b"one")
    )
    write_list(tmp_path, f"某局,2023,{host.address}/a,")
    fetch(tmp_path)
    assert dict(fetch(tmp_path, AT_ONCE).states) == {"unchanged": 1}
    assert len(receipts(tmp_path)) == 1
    host.pages["/a"] = (200, {"ETag": "2"}, b"two")
    assert fetch(tmp_path, AT_ONCE).new == 1
    assert [receipt[4] for receipt in receipts(tmp_path)] == [b"one", b"two"]


def test_a_list_that_is_mended_later_asserts_anew(host: Host, tmp_path: Path) -> None:
    host.pages["/a"] = (200, {}, b"bytes")
    write_list(tmp_path, f"某局,,{host.address}/a,")
    fetch(tmp_path)
    write_list(tmp_path, f"某某局,2023,{host.address}/a,")
    assert fetch(tmp_path).due == 0
    assert [(year, agency) for _, _, year, agency, _ in receipts(tmp_path)] == [(2023, "某某局")]


def test_a_fetching_that_is_stopped_goes_on_where_it_was(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        host.pages[f"/{number}"] = (200, {}, f"{number}".encode())
    write_list(tmp_path, *(f"某局,{2018 + number},{host.address}/{number}," for number in range(6)))

    def stop(done: int, due: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with closing(Archive(tmp_path)) as archive, pytest.raises(KeyboardInterrupt):
        fetch_sources(tmp_path, archive, replace(MANNERS, delay=0.02), LATER, stop)
    assert len(receipts(tmp_path)) == 3
    fetching = fetch(tmp_path)
    assert (fetching.due, len(receipts(tmp_path))) == (3, 6)
    assert all(host.paths().count(f"/{number}") == 1 for number in range(3))


def test_only_lists_with_urls_in_the_folder_of_sources_count(tmp_path: Path) -> None:
    write_list(tmp_path, "某局,2023,https://example.org/a,", "某局,2022,,")
    (tmp_path / "sources" / "agencies.csv").write_text("agency,region\n某局,110000\n", encoding="utf-8")
    (tmp_path / "sources.csv").write_text("path,url,year\na.pdf,https://example.org/b,2020\n", encoding="utf-8")
    assert list(listed_urls(tmp_path / "sources")) == [
        ("https://example.org/a", Asserted(2023, "某局", "https://example.org/a"))
    ]
    assert list(listed_urls(tmp_path / "nowhere")) == []


def test_without_lists_nothing_happens(tmp_path: Path) -> None:
    assert fetch(tmp_path) == Fetching()
    assert not (tmp_path / "archive" / "fetches.sqlite").exists()
