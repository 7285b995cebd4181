"""Fetching from a host on this machine: politeness, conditions, redirects, and hosts that behave badly."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from web_host import Host

from disclosure.archive.fetch import Fetched, FetchState, Manners, Wanted, fetch_all

MANNERS = Manners(delay=0.01, longest_delay=0.05, attempts=2, timeout=2.0, largest=1000)


@pytest.fixture
def fetch(host: Host, tmp_path: Path) -> Callable[..., list[Fetched]]:
    def carry_out(*wanted: Wanted | str, manners: Manners = MANNERS) -> list[Fetched]:
        group = [each if isinstance(each, Wanted) else Wanted(host.address + each) for each in wanted]
        return list(fetch_all([group], tmp_path, manners))

    return carry_out


Fetching = Callable[..., list[Fetched]]


def test_a_file_comes_with_its_name_and_what_tells_it_from_its_next_version(host: Host, fetch: Fetching) -> None:
    headers = {"ETag": '"1"', "Content-Disposition": "attachment; filename*=UTF-8''%E5%B9%B4%E6%8A%A5.pdf"}
    host.pages["/a"] = (200, headers, b"bytes")
    (fetched,) = fetch("/a")
    assert (fetched.state, fetched.file_name, fetched.etag) == (FetchState.FETCHED, "年报.pdf", '"1"')
    assert fetched.path is not None and fetched.path.read_bytes() == b"bytes"


def test_what_has_not_changed_is_not_sent_again(host: Host, fetch: Fetching) -> None:
    host.pages["/a"] = lambda headers: (304, {}, b"") if headers["If-None-Match"] == '"1"' else (200, {}, b"bytes")
    (fetched,) = fetch(Wanted(host.address + "/a", etag='"1"'))
    assert (fetched.state, fetched.path, fetched.etag) == (FetchState.UNCHANGED, None, '"1"')


def test_robots_are_read_once_and_obeyed(host: Host, fetch: Fetching) -> None:
    host.pages["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /private\n")
    host.pages["/open"] = host.pages["/private/a"] = (200, {}, b"bytes")
    states = [fetched.state for fetched in fetch("/private/a", "/open", "/private/b")]
    assert states == [FetchState.FORBIDDEN, FetchState.FETCHED, FetchState.FORBIDDEN]
    assert host.paths() == ["/robots.txt", "/open"]


def test_a_host_whose_robots_cannot_be_read_is_left_alone(host: Host, fetch: Fetching) -> None:
    host.pages["/robots.txt"] = (503, {}, b"")
    host.pages["/a"] = (200, {}, b"bytes")
    (fetched,) = fetch("/a")
    assert fetched.state is FetchState.UNREACHABLE
    assert "/a" not in host.paths()


def test_requests_keep_the_distance_the_host_asks_for(host: Host, fetch: Fetching) -> None:
    host.pages["/robots.txt"] = (200, {}, b"User-agent: *\nCrawl-delay: 0.2\n")
    fetch("/a", "/b", manners=replace(MANNERS, longest_delay=10.0))
    times = [at for at, _, _ in host.asked]
    assert times[2] - times[1] >= 0.2
    assert {agent for _, _, agent in host.asked} == {"gouji"}


def test_a_transient_failure_is_tried_again_and_another_is_not(host: Host, fetch: Fetching) -> None:
    answers = iter([(503, {"Retry-After": "0"}, b""), (200, {}, b"bytes")])
    host.pages["/late"] = lambda _: next(answers)
    states = [(fetched.state, fetched.http_status) for fetched in fetch("/late", "/gone")]
    assert states == [(FetchState.FETCHED, 200), (FetchState.REFUSED, 404)]
    assert host.paths().count("/late") == 2
    assert host.paths().count("/gone") == 1


def test_attempts_come_to_an_end(host: Host, fetch: Fetching) -> None:
    host.pages["/down"] = (502, {}, b"")
    (fetched,) = fetch("/down")
    assert (fetched.state, fetched.http_status) == (FetchState.UNREACHABLE, 502)
    assert host.paths().count("/down") == MANNERS.attempts


def test_redirects_are_followed_under_the_same_rules(host: Host, fetch: Fetching) -> None:
    host.pages["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /private\n")
    host.pages["/a"] = (302, {"Location": "/files/report.pdf"}, b"")
    host.pages["/files/report.pdf"] = (200, {}, b"bytes")
    host.pages["/b"] = (302, {"Location": "/private/a"}, b"")
    host.pages["/circle"] = (302, {"Location": "/circle"}, b"")
    host.pages["/elsewhere"] = (302, {"Location": "file:///etc/passwd"}, b"")
    a, b, circle, elsewhere = fetch("/a", "/b", "/circle", "/elsewhere")
    assert (a.state, a.file_name, a.url) == (FetchState.FETCHED, "report.pdf", host.address + "/a")
    assert b.state is FetchState.FORBIDDEN
    assert (circle.state, elsewhere.state) == (FetchState.REFUSED, FetchState.REFUSED)


def test_a_file_that_is_too_large_or_ends_early_leaves_nothing(host: Host, fetch: Fetching, tmp_path: Path) -> None:
    host.pages["/large"] = (200, {}, b"x" * 1001)
    host.pages["/short"] = (200, {"Content-Length": "500"}, b"x" * 100)
    states = [fetched.state for fetched in fetch("/large", "/short", manners=replace(MANNERS, timeout=0.3))]
    assert states == [FetchState.TOO_LARGE, FetchState.UNREACHABLE]
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_address_of_the_web_is_said_to_be_none(fetch: Fetching) -> None:
    wanted = [Wanted(url) for url in ("ftp://host/a", "file:///etc/passwd", "某局", "http://")]
    assert {fetched.state for fetched in fetch(*wanted)} == {FetchState.NOT_A_URL}


def test_a_host_that_is_not_there_stops_no_other(host: Host, tmp_path: Path) -> None:
    host.pages["/a"] = (200, {}, b"bytes")
    groups = [[Wanted("http://127.0.0.1:9/a")], [Wanted("http://[::1/a")], [Wanted(host.address + "/a")]]
    states = {fetched.url: fetched.state for fetched in fetch_all(groups, tmp_path, MANNERS)}
    assert list(states.values()).count(FetchState.FETCHED) == 1
    assert states["http://127.0.0.1:9/a"] is FetchState.UNREACHABLE


def test_stopping_early_ends_the_threads(host: Host, tmp_path: Path) -> None:
    host.pages["/a"] = (200, {}, b"bytes")
    before = threading.active_count()
    fetching = fetch_all([[Wanted(host.address + "/a")] * 50], tmp_path, replace(MANNERS, delay=0.05))
    next(iter(fetching))
    fetching.close()  # type: ignore[attr-defined]
    assert host.paths().count("/a") < 10
    assert threading.active_count() <= before + 1  # the server may still end a connection
