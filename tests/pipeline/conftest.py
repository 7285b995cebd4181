"""Fixtures of the pipeline tests: the samples, and one whole run over them that the tests of a module share."""

from __future__ import annotations

from pathlib import Path

import pytest
from pipeline_run import FirstRun, carry_out_first_run


@pytest.fixture(scope="session")
def samples(project_root: Path) -> Path:
    return project_root / "samples" / "filings"


@pytest.fixture(scope="session")
def first_run(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> FirstRun:
    return carry_out_first_run(tmp_path_factory.mktemp("pipeline"), samples)
