"""Reads the YAML files of the catalogue into one typed `Catalogue` and proves that they agree with each other.

Here belong reading, the inheritance of tables between editions (`like`), and the order of the checks. What the
checks are stands in `check.py`, how a rule becomes instances in `expand.py`, what files are written from the result
in `derive.py`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from catalogue.check import check_editions, check_identities, check_indicators, check_names, check_successions
from catalogue.check_plausibility import check_plausibility
from catalogue.errors import CatalogueError
from catalogue.expand import expand_identities, expand_indicator
from catalogue.expand_plausibility import expand_plausibility
from catalogue.model import (
    AgencySuccession,
    Catalogue,
    CreditCodePrefix,
    Edition,
    FunctionCategory,
    Identity,
    Indicator,
    NarrativeFact,
    OrganType,
)
from catalogue.plausibility import PlausibilityRule

__all__ = ["CATALOGUE_ROOT", "CatalogueError", "load_catalogue", "read_catalogue", "read_yaml"]

CATALOGUE_ROOT = Path(__file__).resolve().parent

Model = TypeVar("Model", bound=BaseModel)


@lru_cache(maxsize=1)
def load_catalogue() -> Catalogue:
    """The catalogue this installation was shipped with, read once per process.

    Raises CatalogueError naming the file and the entry when the files are wrong or contradict each other.
    """
    return read_catalogue(CATALOGUE_ROOT)


def read_catalogue(root: Path) -> Catalogue:
    """The catalogue under `root`: forms/, identities/ and the lists beside them, cross-checked."""
    editions = read_editions(root / "forms")
    check_editions(editions)
    identities = tuple(read_register(root / "identities", "identities", Identity))
    plausibility = tuple(read_register(root / "identities", "plausibility", PlausibilityRule))
    indicators = tuple(read_list(root / "indicators.yaml", "indicators", Indicator))
    categories = tuple(read_list(root / "function_categories.yaml", "function_categories", FunctionCategory))
    organ_types = tuple(read_list(root / "agencies" / "organ_types.yaml", "organ_types", OrganType))
    credit_codes = tuple(read_list(root / "agencies" / "organ_types.yaml", "credit_codes", CreditCodePrefix))
    successions = tuple(read_list(root / "agencies" / "successions.yaml", "successions", AgencySuccession))
    facts = tuple(read_list(root / "narrative_facts.yaml", "narrative_facts", NarrativeFact))
    check_names(categories, "function_categories.yaml")
    check_names(organ_types, "organ_types.yaml")
    check_successions(successions)
    check_names(facts, "narrative_facts.yaml")
    check_names(indicators, "indicators.yaml")
    check_identities(identities, editions)
    check_plausibility(plausibility, identities, facts, editions)
    expanded = tuple(expand_indicator(indicator, editions) for indicator in indicators)
    check_indicators(expanded, editions)
    return Catalogue(
        version=hash_of(root),
        editions=editions,
        identities=identities,
        narrative_facts=facts,
        function_categories=categories,
        indicators=expanded,
        instances=expand_identities(identities, editions),
        organ_types=organ_types,
        credit_codes=credit_codes,
        successions=successions,
        plausibility=plausibility,
        plausibility_instances=expand_plausibility(plausibility, editions),
    )


def hash_of(root: Path) -> str:
    """First 16 hex digits over the names and bytes of all YAML files under `root`, in the order of their names.

    Corrections are left out: a decision concerns one report, which alone is read again when it changes."""
    digest = hashlib.sha256()
    for path in sorted(path for path in root.rglob("*.yaml") if path.parent.name != "corrections"):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(b"\0")
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def read_yaml(path: Path) -> dict[str, Any]:
    """The mapping a YAML file holds. Raises CatalogueError when it is no YAML or no mapping."""
    try:
        content = yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        raise CatalogueError(path.name, "the whole file", f"is not YAML: {error}") from error
    if not isinstance(content, dict):
        raise CatalogueError(path.name, "the whole file", "has to be a mapping of keys to values")
    return content


def read_list(path: Path, key: str, model: type[Model]) -> Iterator[Model]:
    """The entries of a list file. A file that does not exist declares nothing."""
    if not path.exists():
        return
    for entry in read_yaml(path).get(key) or ():
        yield validate(model, entry, path.name)


def read_register(folder: Path, key: str, model: type[Model]) -> Iterator[Model]:
    """The rules of one kind in all files of the register, in the order of the file names."""
    for path in sorted(folder.glob("*.yaml")):
        yield from read_list(path, key, model)


def read_editions(folder: Path) -> tuple[Edition, ...]:
    """The editions in the order of their first report year, with inherited tables filled in."""
    raw = [(path.name, read_yaml(path)) for path in folder.glob("*.yaml")]
    raw.sort(key=lambda entry: (entry[1].get("first_report_year", 0), entry[0]))
    tables_of: dict[str, list[dict[str, Any]]] = {}
    editions = []
    for name, edition in raw:
        tables = [complete_table(inherit_table(table, tables_of, name)) for table in edition.get("tables") or ()]
        tables_of[edition.get("code", name)] = tables
        editions.append(validate(Edition, {**edition, "tables": tables}, name))
    return tuple(editions)


def inherit_table(table: dict[str, Any], tables_of: dict[str, list[dict[str, Any]]], file_name: str) -> dict[str, Any]:
    """The table with what `like`, `rows_removed`, `rows_added` and `groups_added` stand for written out."""
    if "like" not in table:
        return table
    entry = f"table {table.get('code')}"
    parent = next((each for each in tables_of.get(table["like"], ()) if each["code"] == table["code"]), None)
    if parent is None:
        raise CatalogueError(file_name, entry, f"is like {table['like']}, an edition without that table or a later one")
    changes = dict(table)
    del changes["like"]
    removed = set(changes.pop("rows_removed", ()))
    additions = {each["after"]: each["rows"] for each in changes.pop("rows_added", ())}
    groups = [*parent.get("groups", ()), *changes.pop("groups_added", ())]
    codes = {row["code"] for row in parent["rows"]}
    if unknown := (removed | set(additions)) - codes:
        raise CatalogueError(file_name, entry, f"changes rows {sorted(unknown)} that {table['like']} does not have")
    rows = []
    for row in parent["rows"]:
        if row["code"] not in removed:
            rows.append(row)
        rows.extend(additions.get(row["code"], ()))
    return {**parent, **changes, "groups": groups, "rows": rows}


def complete_table(table: dict[str, Any]) -> dict[str, Any]:
    """The table with the columns of rows that name none, and with the row and column sets that need no declaring."""
    columns = [column["code"] for column in table.get("columns", ())]
    rows = [{"columns": columns, **row} for row in table.get("rows", ())]
    row_sets = {
        "all": [row["code"] for row in rows],
        "leaves": [row["code"] for row in rows if row.get("leaf")],
    }
    for group in table.get("groups", ()):
        row_sets[group["code"]] = [row["code"] for row in rows if row.get("group") == group["code"]]
    own_row_sets = {name: codes for name, codes in table.get("row_sets", {}).items() if name not in row_sets}
    return {
        **table,
        "rows": rows,
        "row_sets": {**row_sets, **own_row_sets},
        "column_sets": {**table.get("column_sets", {}), "all": columns},
    }


def validate(model: type[Model], entry: Any, file_name: str) -> Model:
    """The typed entry, or a CatalogueError with the place and the words of the first thing wrong in it."""
    try:
        return model.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        name = entry.get("code") or entry.get("rule_id") if isinstance(entry, dict) else None
        raise CatalogueError(file_name, f"{name or model.__name__} at {place}", first["msg"]) from error
