"""Which package may import what: the core knows no orchestrator, the orchestrator no file format, the catalogue no report."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ORCHESTRATORS = {
    "dagster",
    "dagster_dbt",
    "dagster_webserver",
    "dbt",
    "great_expectations",
    "duckdb_sqlalchemy",
    "sqlalchemy",
}
FORMATS = {"lxml", "selectolax", "pdfplumber", "pdfminer", "pypdfium2", "docx", "rapidfuzz"}
PACKAGES = {"catalogue", "disclosure", "expectations", "orchestration", "samples", "benchmarks", "tests"}

FORBIDDEN = {
    "catalogue": ORCHESTRATORS | FORMATS | (PACKAGES - {"catalogue"}),
    "disclosure": ORCHESTRATORS | (PACKAGES - {"catalogue", "disclosure"}),
    "expectations": FORMATS | {"dagster", "dagster_dbt"} | {"orchestration", "samples", "benchmarks", "tests"},
    "orchestration": FORMATS | {"samples", "benchmarks", "tests"},
    "samples": ORCHESTRATORS | {"disclosure", "expectations", "orchestration", "benchmarks", "tests"},
}

STAGES = ("archive", "extract", "parse", "reconcile", "stage", "publish")
# What a stage may not know: those after it, and those before it whose result reaches it as a value.
# extract takes its media types from archive; parse hands its tables to reconcile.
UNKNOWN_STAGES = {
    "archive": ("extract", "parse", "reconcile", "stage", "publish"),
    "extract": ("parse", "reconcile", "stage", "publish"),
    "parse": ("archive", "extract", "stage", "publish"),
    "reconcile": ("archive", "extract", "parse", "stage", "publish"),
    "stage": ("archive", "extract", "parse", "reconcile", "publish"),
    "publish": ("archive", "extract", "parse", "reconcile"),
}

HEAVY = {"dagster_dbt", "dbt", "great_expectations", "pandas"}  # 5 to 13 s each: only inside functions


def imported_modules(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module


def imports_of(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(folder.rglob("*.py")):
        for module in imported_modules(ast.parse(path.read_text(encoding="utf-8"))):
            yield path, module


@pytest.mark.parametrize("package", sorted(FORBIDDEN))
def test_package_imports_nothing_from_beyond_its_border(package: str, project_root: Path) -> None:
    crossed = [
        f"{path.relative_to(project_root)} imports {module}"
        for path, module in imports_of(project_root / package)
        if module.split(".")[0] in FORBIDDEN[package]
    ]
    assert crossed == []


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_does_not_know_the_others(stage: str, project_root: Path) -> None:
    crossed = [
        f"{path.relative_to(project_root)} imports {module}"
        for path, module in imports_of(project_root / "disclosure" / stage)
        if module.split(".")[:2] in [["disclosure", unknown] for unknown in UNKNOWN_STAGES[stage]]
    ]
    assert crossed == []


def test_the_command_line_loads_nothing_heavy_at_its_top(project_root: Path) -> None:
    for name in ("disclosure/cli.py", "orchestration/cli.py"):
        tree = ast.parse((project_root / name).read_text(encoding="utf-8"))
        top = {module.split(".")[0] for statement in tree.body for module in imported_modules_of_statement(statement)}
        assert top.isdisjoint(HEAVY | {"dagster"}), name


def imported_modules_of_statement(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return list(imported_modules(statement))
    return []
