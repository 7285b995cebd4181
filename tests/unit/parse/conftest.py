"""Fixtures of the parser's tests."""

from __future__ import annotations

import pytest

from catalogue.load import load_catalogue
from catalogue.model import Catalogue


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()
