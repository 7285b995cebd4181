"""The folder listing is the story: every stage is there, nothing else grows beside it, every module says what it is for."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from disclosure.findings import KINDS, FindingCode

STORY = (
    "catalogue/forms", "catalogue/identities", "catalogue/corrections", "catalogue/regions",
    "disclosure/archive", "disclosure/extract", "disclosure/parse", "disclosure/reconcile", "disclosure/stage",
    "disclosure/publish", "orchestration", "dbt_project/models/staging", "dbt_project/models/intermediate",
    "dbt_project/models/marts", "dbt_project/models/quality", "dbt_project/seeds/catalogue", "expectations",
    "samples/recipe", "samples/filings", "samples/expected", "tests/unit", "tests/filings", "tests/pipeline",
    "tests/conventions", "benchmarks", "docs",
)  # fmt: skip
TOP_LEVEL_FILES = {
    ".gitattributes", ".gitignore", "CITATION.cff", "LICENSE", "Makefile", "README.md", "pyproject.toml", "uv.lock", "workspace.yaml",
}  # fmt: skip
SHAPELESS_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "base",
    "core",
    "lib",
    "stuff",
    "tools",
    "manager",
}
STATUS_FILES = re.compile(
    r"(?i)^(todo|plan|status|summary|progress|notes|roadmap|changelog|implementation.*)\.(md|txt)$"
)
LONGEST_FILE = 450  # lines

PACKAGES = ("catalogue", "disclosure", "expectations", "orchestration", "samples", "benchmarks")


@pytest.fixture(scope="module")
def tracked(project_root: Path) -> list[Path]:
    """Files git tracks, or would track if they were added."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=project_root, capture_output=True, check=True).stdout.decode("utf-8")
    paths = [Path(name) for name in listing.split("\0") if name]
    return [path for path in paths if (project_root / path).exists()]


def modules(tracked: list[Path]) -> list[Path]:
    return [path for path in tracked if path.suffix == ".py"]


@pytest.mark.parametrize("folder", STORY)
def test_the_story_is_complete(folder: str, project_root: Path) -> None:
    assert any((project_root / folder).iterdir())


def test_nothing_stands_beside_the_story(tracked: list[Path]) -> None:
    first = {folder.split("/")[0] for folder in STORY} | {".ci"}
    beside = [str(path) for path in tracked if len(path.parts) > 1 and path.parts[0] not in first]
    beside += [str(path) for path in tracked if len(path.parts) == 1 and path.name not in TOP_LEVEL_FILES]
    assert beside == []


def test_no_name_without_a_meaning(tracked: list[Path]) -> None:
    assert [
        str(path) for path in tracked if {path.stem.lower(), *map(str.lower, path.parts[:-1])} & SHAPELESS_NAMES
    ] == []


def test_no_plan_or_status_files(tracked: list[Path]) -> None:
    assert [str(path) for path in tracked if STATUS_FILES.match(path.name)] == []


def test_nothing_built_is_committed(tracked: list[Path]) -> None:
    built = {".duckdb", ".wal", ".log", ".ipynb", ".pyc", ".zst"}
    names = {"target", "logs", "dbt_packages", "gx", "__pycache__", ".home"}
    assert [str(path) for path in tracked if path.suffix in built or names & set(path.parts)] == []
    assert [str(path) for path in tracked if path.name in ("packages.yml", "dependencies.yml")] == []


def test_every_module_says_what_belongs_there(tracked: list[Path], project_root: Path) -> None:
    silent = [
        str(path)
        for path in modules(tracked)
        if not ast.get_docstring(ast.parse((project_root / path).read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_no_module_is_too_long_to_read(tracked: list[Path], project_root: Path) -> None:
    lengths = {
        str(path): len((project_root / path).read_text(encoding="utf-8").splitlines()) for path in modules(tracked)
    }
    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_the_citation_names_this_version(project_root: Path) -> None:
    citation = yaml.safe_load((project_root / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((project_root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {"cff-version", "message", "title", "authors", "version", "license"} <= set(citation)
    assert citation["version"] == project["version"]


def test_every_finding_has_its_words() -> None:
    assert set(KINDS) == set(FindingCode)
    assert all(kind.chinese and kind.english for kind in KINDS.values())
    assert len({kind.chinese for kind in KINDS.values()}) == len(KINDS)


def test_every_finding_code_is_raised_somewhere(project_root: Path) -> None:
    sources = [path for path in (project_root / "disclosure").rglob("*.py") if path.name != "findings.py"]
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    unused = [each.name for each in FindingCode if f"FindingCode.{each.name}" not in code]
    assert unused == []


def test_null_is_never_made_zero_in_sql(project_root: Path) -> None:
    """Blank is not zero: a missing figure may not become one on its way through the models."""
    made_zero = re.compile(r"(?is)(coalesce|ifnull|nvl)\s*\([^()]*(\([^()]*\)[^()]*)*,\s*0(\.0+)?\s*\)")
    found = [
        f"{path.relative_to(project_root)}: {match.group(0)[:80]}"
        for path in sorted((project_root / "dbt_project").rglob("*.sql"))
        if not {"target", "logs"} & set(path.parts)
        for match in made_zero.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []
