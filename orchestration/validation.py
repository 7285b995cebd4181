"""Runs the validation of a home's warehouse and remembers which state of the file it was about.

A validation is used again only for the very same file, receipts, catalogue and suites. Rules and judgement are in
`expectations`.
"""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING

from orchestration.resources import PROJECT, Home
from orchestration.state import fingerprint_files, read_state, stat_warehouse, write_state

if TYPE_CHECKING:
    from expectations.results import ValidationRun


def last_validation(home: Home) -> ValidationRun | None:
    """The latest validation, if it was of the warehouse as it stands and by the rules as they stand."""
    from expectations.results import run_from_dict

    if read_state(home.path, "validate") != describe_subject(home):
        return None
    try:
        return run_from_dict(json.loads((home.validation / "latest.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def validate_now(home: Home) -> ValidationRun:
    """Validate the warehouse and write the result to HOME/validation, with a page for people beside it.

    Raises LimitsError when the home's file of accepted breaks cannot be used."""
    from catalogue.load import load_catalogue
    from disclosure.publish.fingerprint import fingerprint_warehouse
    from disclosure.publish.release import LATEST
    from expectations import Limits, read_accepted, validate_warehouse, write_page

    write_state(home.path, "validate", {})
    fingerprint = fingerprint_warehouse(home.warehouse)
    catalogue, last = load_catalogue(), home.releases / LATEST
    limits = Limits(read_accepted(home.path, catalogue), last.resolve() if last.is_dir() else None)
    run = validate_warehouse(
        home.warehouse, catalogue, receipts=count_receipts(home), limits=limits, fingerprint=fingerprint
    )
    run.write_json(home.validation)
    write_page(run, home.validation / f"{run.run_id}.html")
    write_state(home.path, "validate", describe_subject(home))
    return run


def describe_subject(home: Home) -> dict[str, object]:
    """Everything a validation depends on. Not the last release: what it made of the same warehouse is that release."""
    from catalogue.load import load_catalogue
    from expectations.limits import ACCEPTED_FILE

    return {
        "warehouse": stat_warehouse(home.warehouse),
        "receipts": count_receipts(home),
        "catalogue": load_catalogue().version,
        "suites": fingerprint_files(
            path for pattern in ("*.py", "*.yaml") for path in (PROJECT / "expectations").glob(pattern)
        ),
        "accepted_breaks": fingerprint_files(home.path.glob(ACCEPTED_FILE)),
    }


def count_receipts(home: Home) -> int:
    from disclosure.archive import Archive

    with closing(Archive(home.path)) as archive:
        return archive.register.count_receipts()
