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


# Modules that build warehouses, the longest first. `make test` hands modules out in this order, so that no worker is left
# alone with one of them at the end.
LONGEST = (
    "pipeline/test_whole_run.py",
    "pipeline/test_sample_release.py",
    "pipeline/test_decide_then_run.py",
    "unit/catalogue/test_rule_in_yaml_alone.py",
    "unit/expectations/test_validated_warehouse.py",
    "pipeline/test_reading_stages.py",
    "pipeline/test_made_nation.py",
    "unit/dbt/test_plausibility_ledger.py",
    "pipeline/test_cluster.py",
    "pipeline/test_definitions.py",
    "unit/dbt/test_models.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {PROJECT_ROOT / "tests" / module: place for place, module in enumerate(LONGEST)}
    gone = [str(module) for module in places if not module.is_file()]
    if gone:
        raise pytest.UsageError(f"named among the longest modules and not there: {', '.join(gone)}")
    items.sort(key=lambda item: places.get(item.path, len(places)))


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Bytes stay out of test names: those of a fresh archive hold the time, and two workers would disagree on the name."""
    return argname if isinstance(val, bytes) else None
