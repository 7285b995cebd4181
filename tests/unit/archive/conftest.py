"""Fixtures of the archive tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from web_host import Host, web_host


@pytest.fixture
def host() -> Iterator[Host]:
    with web_host() as served:
        yield served
