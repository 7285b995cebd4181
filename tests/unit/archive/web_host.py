"""A web host on this machine for the tests of fetching."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Host:
    """A host with pages: (status, headers, body) by path, or a function of the request's headers that gives them."""

    address: str = ""
    pages: dict[str, object] = field(default_factory=dict)
    asked: list[tuple[float, str, str]] = field(default_factory=list)  # time, path, user agent

    def paths(self) -> list[str]:
        return [path for _, path, _ in self.asked]


@contextmanager
def web_host() -> Iterator[Host]:
    """Serve on a free port; answers 404 until pages are set."""
    served = Host()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append((time.monotonic(), self.path, self.headers["User-Agent"]))
            page = served.pages.get(self.path, (404, {}, b""))
            status, headers, body = page(self.headers) if callable(page) else page  # type: ignore[misc]
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield served
    server.shutdown()
    thread.join()
    server.server_close()
