"""The catalogue is the only place that knows the words of the forms and the codes of the rules."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalogue.load import load_catalogue
from catalogue.model import Catalogue

SHORTEST_LABEL = 5  # shorter ones are ordinary words (规章, 其他)
CODE_FOLDERS = ("catalogue", "disclosure", "orchestration", "expectations", "samples/recipe", "benchmarks")
SQL_FOLDERS = ("dbt_project/models", "dbt_project/macros", "dbt_project/tests")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def labels(catalogue: Catalogue) -> set[str]:
    """Labels of rows and columns that are long enough to be nothing but labels."""
    words = {
        entry.chinese
        for edition in catalogue.editions
        for table in edition.tables
        for entry in (*table.rows, *table.columns)
    }
    return {word for word in words if len(word) >= SHORTEST_LABEL}


def string_literals(path: Path) -> Iterator[tuple[int, str]]:
    """String constants of a module that are no docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value


def test_no_label_of_a_form_in_python(catalogue: Catalogue, project_root: Path) -> None:
    known = labels(catalogue)
    copies = [
        f"{path.relative_to(project_root)}:{line} {text[:60]!r}"
        for folder in CODE_FOLDERS
        for path in sorted((project_root / folder).rglob("*.py"))
        for line, text in string_literals(path)
        if text in known
    ]
    assert copies == []


def test_no_label_of_a_form_in_sql(catalogue: Catalogue, project_root: Path) -> None:
    known = labels(catalogue)
    copies = [
        f"{path.relative_to(project_root)}: {label}"
        for folder in SQL_FOLDERS
        for path in sorted((project_root / folder).rglob("*.sql"))
        for label in known
        if label in path.read_text(encoding="utf-8")
    ]
    assert copies == []


def test_no_row_code_of_a_form_in_the_library(catalogue: Catalogue, project_root: Path) -> None:
    """The library walks the catalogue; naming a line item in code would make the next edition a code change."""
    codes = {row.code for edition in catalogue.editions for table in edition.tables for row in table.rows}
    named = [
        f"{path.relative_to(project_root)}:{line} {text!r}"
        for folder in ("disclosure", "expectations", "orchestration")
        for path in sorted((project_root / folder).rglob("*.py"))
        for line, text in string_literals(path)
        if text in codes and len(text) > SHORTEST_LABEL
    ]
    assert named == []


def test_rules_are_named_only_where_they_are_declared(catalogue: Catalogue, project_root: Path) -> None:
    """Code may group rules by what they compare, never by their id. The reading rules are judged where they are seen."""
    ids = {identity.rule_id for identity in catalogue.identities if identity.comparison != "reading"}
    named = [
        f"{path.relative_to(project_root)}:{line} {text!r}"
        for folder in ("disclosure", "expectations", "orchestration")
        for path in sorted((project_root / folder).rglob("*.py"))
        for line, text in string_literals(path)
        if text in ids
    ]
    assert named == []


def test_every_must_hold_identity_has_an_example_that_breaks_it(catalogue: Catalogue) -> None:
    bare = [
        identity.rule_id
        for identity in catalogue.identities
        if identity.severity.must_hold and identity.example is None
    ]
    assert bare == []


def test_commands_in_the_readme_exist(project_root: Path) -> None:
    readme = (project_root / "README.md").read_text(encoding="utf-8")
    makefile = (project_root / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))
    named = set(
        re.findall(
            r"\bmake ([a-z]+)\b", "\n".join(re.findall(r"`[^`]+`|^(?: {4}|make ).*$", readme, flags=re.MULTILINE))
        )
    )
    assert named, "the README names no make target"
    assert named <= targets


def test_files_the_readme_links_to_exist(project_root: Path) -> None:
    readme = (project_root / "README.md").read_text(encoding="utf-8")
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)]+)\)", readme) if not link.startswith(("http", "#"))]
    assert [link for link in links if not (project_root / link).exists()] == []
