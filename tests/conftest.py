"""Fixtures every suite may use: where the project is, and the real reports, which are no part of the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples in every run of continuous integration; new ones on a developer's machine.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")

PROJECT_ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def project_root() -> Path:
    return PROJECT_ROOT


@pytest.fixture(scope="session")
def real_reports(project_root: Path) -> Path:
    """The folder of hand-checked real reports beside the checkout; tests that need it are skipped without it."""
    folder = project_root / ".." / "shared" / "reports"
    if not folder.is_dir():
        pytest.skip("no real reports beside the checkout")
    return folder.resolve()


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Bytes stay out of test names: those of a fresh archive hold the time, and two workers would disagree on the name."""
    return argname if isinstance(val, bytes) else None
