"""Fetches filings from the web, politely: what robots.txt forbids is left, a host is asked slowly and by one thread only,
and what has not changed is not sent again.

The one place of the project that speaks to a network. Nothing here knows lists or the register; what to fetch comes in,
what became of it goes out, and the caller keeps both.
"""

from __future__ import annotations

import email.utils
import hashlib
import queue
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import requests
import urllib3
from protego import Protego

_CHUNK = 256 * 1024
_REDIRECTS = 5
_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})
_ROBOTS_BYTES = 512 * 1024  # RFC 9309, section 2.5: at least 500 KiB are parsed


class FetchState(StrEnum):
    """What became of a URL."""

    FETCHED = "fetched"  # bytes came
    UNCHANGED = "unchanged"  # the host says they are those of the last time
    FORBIDDEN = "forbidden_by_robots"
    REFUSED = "refused"  # the host answers, but not with the file: 404, 403 ...
    UNREACHABLE = "unreachable"  # no usable answer, after several attempts
    TOO_LARGE = "too_large"
    NOT_A_URL = "not_a_url"


@dataclass(frozen=True, slots=True)
class Manners:
    """How hosts are asked. Times in seconds, sizes in bytes."""

    user_agent: str = "gouji"
    delay: float = 2.0  # between two requests to a host; a longer crawl-delay of its robots.txt goes before
    longest_delay: float = 60.0
    hosts_at_once: int = 8
    attempts: int = 3
    timeout: float = 30.0
    largest: int = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Wanted:
    """A URL, and what its host said of the file when it was fetched before."""

    url: str
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of a URL. `path` holds the bytes when they came; whoever takes them removes the file."""

    url: str
    state: FetchState
    detail: str = ""
    http_status: int | None = None
    path: Path | None = None
    file_name: str | None = None
    etag: str | None = None
    last_modified: str | None = None


class _TransientError(Exception):
    """Worth another attempt, after `wait` seconds when the host names them."""

    def __init__(self, detail: str, http_status: int | None = None, wait: float | None = None) -> None:
        super().__init__(detail)
        self.detail, self.http_status, self.wait = detail, http_status, wait


def host_of(url: str) -> str | None:
    """Scheme and host of a URL that can be fetched, else None."""
    try:
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def fetch_all(by_host: Iterable[Iterable[Wanted]], folder: Path, manners: Manners) -> Iterator[Fetched]:
    """What became of every URL, as they come. `by_host` has one group per host; groups are taken as threads become free.

    Files are written to `folder`. Never raises for a host or a URL; raises OSError when a file cannot be written. When the
    caller stops taking results, threads end after the request in hand.
    """
    results: queue.Queue[Fetched | Exception | None] = queue.Queue(maxsize=4 * manners.hosts_at_once)
    stop = threading.Event()

    def work(group: Iterable[Wanted]) -> None:
        try:
            for fetched in HostVisit(folder, manners, stop).fetch(group):
                results.put(fetched)
        except Exception as error:  # of this machine, a full disk for instance: for the caller to know
            results.put(error)
        finally:
            results.put(None)

    groups = iter(by_host)
    with ThreadPoolExecutor(manners.hosts_at_once) as pool:
        running = 0
        try:
            while True:
                while running < manners.hosts_at_once and (group := next(groups, None)) is not None:
                    pool.submit(work, group)
                    running += 1
                if not running:
                    return
                fetched = results.get()
                if fetched is None:
                    running -= 1
                elif isinstance(fetched, Exception):
                    raise fetched
                else:
                    yield fetched
        finally:
            stop.set()
            while running:  # let threads that wait to hand over a result end
                running -= results.get() is None


class HostVisit:
    """One host's URLs, one after the other over one connection, with its pauses."""

    def __init__(self, folder: Path, manners: Manners, stop: threading.Event) -> None:
        self._folder, self._manners, self._stop = folder, manners, stop
        self._session = requests.Session()
        self._session.headers["User-Agent"] = manners.user_agent
        self._robots: dict[str, Protego] = {}  # by host
        self._next_at: dict[str, float] = {}

    def fetch(self, group: Iterable[Wanted]) -> Iterator[Fetched]:
        with self._session:
            for wanted in group:
                if self._stop.is_set():
                    return
                yield self._fetch(wanted)

    def _fetch(self, wanted: Wanted) -> Fetched:
        """Try a URL as often as it makes sense."""
        if host_of(wanted.url) is None:
            return Fetched(wanted.url, FetchState.NOT_A_URL, "only http and https addresses can be fetched")
        trouble = _TransientError("")
        for attempt in range(self._manners.attempts):
            if attempt and not self._pause(trouble.wait or self._manners.delay * 2**attempt):
                break
            try:
                return self._follow(wanted)
            except _TransientError as error:
                trouble = error
            except (requests.RequestException, urllib3.exceptions.HTTPError, ValueError) as error:
                trouble = _TransientError(_words_of(error))
        return Fetched(wanted.url, FetchState.UNREACHABLE, trouble.detail, trouble.http_status)

    def _follow(self, wanted: Wanted) -> Fetched:
        """Ask for a URL and for what it redirects to; every address on the way has to be allowed."""
        url = wanted.url
        for _ in range(_REDIRECTS + 1):
            host = host_of(url)
            if host is None:
                return Fetched(wanted.url, FetchState.REFUSED, f"redirects to {url}")
            if not self._allows(host, url):
                return Fetched(wanted.url, FetchState.FORBIDDEN, f"robots.txt of {host} forbids {urlsplit(url).path}")
            with self._get(host, url, self._conditions(wanted)) as answer:
                if answer.is_redirect:
                    url = urljoin(url, answer.headers["Location"])
                    continue
                return self._take(wanted, url, answer)
        return Fetched(wanted.url, FetchState.REFUSED, f"more than {_REDIRECTS} redirects")

    def _take(self, wanted: Wanted, url: str, answer: requests.Response) -> Fetched:
        status = answer.status_code
        if status == 304:
            return Fetched(
                wanted.url, FetchState.UNCHANGED, http_status=304, etag=wanted.etag, last_modified=wanted.last_modified
            )
        if status in _TRANSIENT:
            raise _TransientError(f"answers {status}", status, self._named_wait(answer))
        if status != 200:
            return Fetched(wanted.url, FetchState.REFUSED, f"answers {status}", status)
        path = self._save(wanted.url, answer)
        if path is None:
            limit = self._manners.largest // 1024**2
            return Fetched(wanted.url, FetchState.TOO_LARGE, f"more than {limit} MB", status)
        return Fetched(
            wanted.url,
            FetchState.FETCHED,
            http_status=status,
            path=path,
            file_name=file_name_of(answer, url),
            etag=answer.headers.get("ETag"),
            last_modified=answer.headers.get("Last-Modified"),
        )

    def _save(self, url: str, answer: requests.Response) -> Path | None:
        """The body in a file; None when it is larger than allowed. Raises _TransientError when it ends early."""
        path = self._folder / f"fetch-{hashlib.sha256(url.encode()).hexdigest()[:32]}"
        size = 0
        try:
            with path.open("wb") as file:
                for chunk in answer.iter_content(_CHUNK):
                    size += len(chunk)
                    if size > self._manners.largest:
                        break
                    file.write(chunk)
        except requests.RequestException:
            path.unlink(missing_ok=True)
            raise
        if size > self._manners.largest:
            path.unlink()
            return None
        announced = answer.headers.get("Content-Length", "")
        if announced.isdigit() and "Content-Encoding" not in answer.headers and size != int(announced):
            path.unlink()
            raise _TransientError(f"{size} of {announced} bytes came")
        return path

    def _get(self, host: str, url: str, headers: dict[str, str]) -> requests.Response:
        self._pause(max(0.0, self._next_at.get(host, 0.0) - time.monotonic()))
        try:
            return self._session.get(
                url, headers=headers, timeout=self._manners.timeout, stream=True, allow_redirects=False
            )
        finally:
            self._next_at[host] = time.monotonic() + self._delay_of(host)

    def _allows(self, host: str, url: str) -> bool:
        """Whether robots.txt lets this URL be fetched. Raises _TransientError when the host does not tell (RFC 9309, 2.3.1.4)."""
        if host not in self._robots:
            self._robots[host] = self._read_robots(host)
        return bool(self._robots[host].can_fetch(url, self._manners.user_agent))

    def _read_robots(self, host: str) -> Protego:
        """The rules of a host; a host without a robots.txt forbids nothing."""
        with self._get(host, f"{host}/robots.txt", {}) as answer:
            if answer.status_code >= 500 or answer.status_code == 429:
                raise _TransientError(
                    f"robots.txt answers {answer.status_code}", answer.status_code, self._named_wait(answer)
                )
            text = answer.raw.read(_ROBOTS_BYTES, decode_content=True) if answer.status_code == 200 else b""
        return Protego.parse(text.decode("utf-8", errors="replace"))

    def _delay_of(self, host: str) -> float:
        robots = self._robots.get(host)
        asked = robots.crawl_delay(self._manners.user_agent) if robots else None
        return min(max(self._manners.delay, asked or 0.0), self._manners.longest_delay)

    def _named_wait(self, answer: requests.Response) -> float | None:
        """Seconds the host asks to wait, at most the longest delay."""
        named = answer.headers.get("Retry-After", "")
        if named.isdigit():
            return min(float(named), self._manners.longest_delay)
        try:
            at = email.utils.parsedate_to_datetime(named).timestamp()
        except (TypeError, ValueError):
            return None
        return min(max(0.0, at - time.time()), self._manners.longest_delay)

    @staticmethod
    def _conditions(wanted: Wanted) -> dict[str, str]:
        headers = {}
        if wanted.etag:
            headers["If-None-Match"] = wanted.etag
        if wanted.last_modified:
            headers["If-Modified-Since"] = wanted.last_modified
        return headers

    def _pause(self, seconds: float) -> bool:
        """Wait; False when the visit is to end."""
        return not self._stop.wait(seconds)


def file_name_of(answer: requests.Response, url: str) -> str:
    """The name a file is offered under: that of its header, else the end of its address."""
    header = Message()
    header["Content-Disposition"] = answer.headers.get("Content-Disposition", "")
    offered = header.get_filename("")
    name = unquote(offered or urlsplit(url).path).replace("\\", "/").rstrip("/").rpartition("/")[2]
    return name or "index.html"


def _words_of(error: Exception) -> str:
    """What went wrong, without the address, which is told beside it."""
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate is not accepted"
    if isinstance(error, requests.ConnectionError):
        return "no connection"
    return type(error).__name__
