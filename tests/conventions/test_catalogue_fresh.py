"""No derived file is stale, and no seed of the catalogue is written by hand."""

from __future__ import annotations

from pathlib import Path

from catalogue.derive import derive


def test_derived_files_on_disk_equal_what_the_catalogue_says(project_root: Path) -> None:
    stale = [
        path.relative_to(project_root).as_posix()
        for path, content in derive(project_root).items()
        if not path.exists() or path.read_text(encoding="utf-8") != content
    ]
    assert stale == [], "run `python -m catalogue.derive` and commit what it writes"


def test_every_seed_of_the_catalogue_is_derived(project_root: Path) -> None:
    seeds = set((project_root / "dbt_project" / "seeds" / "catalogue").glob("*.csv"))
    assert seeds == {path for path in derive(project_root) if path.suffix == ".csv"}


def test_deriving_twice_gives_the_same_bytes(project_root: Path) -> None:
    assert derive(project_root) == derive(project_root)
