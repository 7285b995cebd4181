"""Conventions of the dbt project that no model test would notice."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
import yaml

from catalogue.load import load_catalogue
from catalogue.published import load_published
from disclosure.stage.schema import SCHEMAS

PROJECT = Path(__file__).parents[2] / "dbt_project"
MODELS = sorted((PROJECT / "models").rglob("*.sql"))
COMMENT = re.compile(r"--[^\n]*|\{#.*?#\}", re.DOTALL)


def sql_of(path: Path) -> str:
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_nothing_unknown_becomes_0(path: Path) -> None:
    assert not re.findall(r"(?i)\b(?:coalesce|ifnull|nvl)\s*\(", sql_of(path)), (
        "an unknown stays null: say with `case` what it means"
    )


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_no_label_stands_in_sql(path: Path) -> None:
    assert not re.findall(r"[\u4e00-\u9fff]", sql_of(path)), "labels come from the catalogue's seeds"


def test_every_model_is_described() -> None:
    described = {
        model["name"]: model["description"]
        for path in (PROJECT / "models").rglob("*.yml")
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", ())
    }
    assert set(described) == {path.stem for path in MODELS}
    assert all(described.values())


def test_published_models_are_the_declared_tables() -> None:
    published = load_published(load_catalogue()).tables
    for schema in ("marts", "quality"):
        models = {path.stem for path in MODELS if path.parent.name == schema}
        assert models == {table.name for table in published if table.schema_name == schema}


def test_staging_mirrors_the_staged_files() -> None:
    views = {path.stem: path for path in MODELS if path.parent.name == "staging"}
    assert set(views) == {f"stg_{name}" for name in SCHEMAS}
    for name, schema in SCHEMAS.items():
        text = sql_of(views[f"stg_{name}"])
        assert [column for column in schema.names if not re.search(rf"\b{column}\b", text)] == []


def test_seed_types_are_declared_for_the_columns_there_are() -> None:
    declared = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))["seeds"]["gouji"]["catalogue"]
    seeds = sorted((PROJECT / "seeds" / "catalogue").glob("*.csv"))
    assert {seed.stem for seed in seeds} == set(declared)
    for seed in seeds:
        with seed.open(encoding="utf-8", newline="") as lines:
            header = next(csv.reader(lines))
        assert header == list(declared[seed.stem]["+column_types"]), seed.stem


def test_no_package_is_needed() -> None:
    assert not list(PROJECT.glob("packages.y*ml"))
    assert not list(PROJECT.glob("dependencies.y*ml"))
