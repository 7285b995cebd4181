"""The forms against five hand-read reports: the cells a person found are exactly the cells of the form."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from catalogue.load import load_catalogue


@pytest.mark.parametrize("seed", ["000", "001", "002", "004"])
def test_cells_found_by_hand_are_the_cells_of_the_form(real_reports: Path, seed: str) -> None:
    gold = json.loads((real_reports / "gold" / f"seed_{seed}.json").read_text(encoding="utf-8"))
    found = {(cell["table"], cell["row_code"], cell["column_code"]) for cell in gold["cells"]}
    edition = load_catalogue().edition(gold["metadata"]["form_version"])
    variant = gold["metadata"].get("form_variant")
    assert found == {(table.code, *cell) for table in edition.tables for cell in table.cells(variant)}
