"""What agencies may get wrong before a release is refused: ceilings by rule, and breaks a person has accepted.

The ceilings are declared in `ceilings.yaml`. What an operator accepts stands in HOME/accepted_breaks.yaml: after looking at
the rows, for one rule and up to a number, with a name and a reason. Nothing is counted here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from catalogue.model import Catalogue

DECLARED = Path(__file__).with_name("ceilings.yaml")
ACCEPTED_FILE = "accepted_breaks.yaml"


class LimitsError(ValueError):
    """An entry of a file about limits cannot be used: file, entry, and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Ceiling:
    """Not more than `share` of the assessed instances may be broken, or as many as a person has accepted."""

    share: float
    least_assessed: int
    accepted: int = 0

    def most_broken(self, assessed: int) -> int | None:
        """How many of the assessed instances may be broken; None where a share of so few says nothing."""
        return max(int(self.share * assessed), self.accepted) if assessed >= self.least_assessed else None


class AcceptedBreaks(BaseModel):
    """That a rule may be broken up to so many times, says whom it rests on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule_id: str
    up_to: int = Field(ge=1)
    who: str = Field(min_length=1)
    why: str = Field(min_length=1)
    accepted_on: date


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    least_assessed: int = Field(ge=1)
    ceilings: dict[str, dict[str, float]]
    by_rule: dict[str, float] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limits:
    """The ceilings and the accepted breaks, by rule, that a plan is made with; and the release it may get no worse than."""

    accepted: Mapping[str, int] = field(default_factory=dict)
    last_release: Path | None = None

    def ceiling(self, table: str, rule_id: str, severity: str) -> Ceiling | None:
        """The ceiling of a rule about filers in the ledger `table`; None where none is declared."""
        declared = _declared()
        share = declared.by_rule.get(rule_id, declared.ceilings.get(table, {}).get(severity))
        return None if share is None else Ceiling(share, declared.least_assessed, self.accepted.get(rule_id, 0))

    def ledger_before(self, table: str) -> tuple[tuple[Path, ...], tuple[Path, ...]] | None:
        """The Parquet files of a ledger and of the reports it was about in the last release; None without one."""
        if self.last_release is None:
            return None
        schema, name = table.split(".")
        ledger, reports = (
            files_of(self.last_release, *each) for each in ((schema, name), ("quality", "report_versions"))
        )
        return (ledger, reports) if ledger and reports else None


def files_of(release: Path, schema: str, name: str) -> tuple[Path, ...]:
    """The Parquet files of a table of a release: one, or one to a report year in a folder; none where it has no such table."""
    whole = release / "parquet" / schema / f"{name}.parquet"
    return (whole,) if whole.is_file() else tuple(sorted(whole.with_suffix("").glob("*.parquet")))


NO_LIMITS = Limits()
"""Nothing accepted, and no release before: the ceilings as declared."""


@lru_cache(maxsize=1)
def _declared() -> _Declared:
    return _Declared.model_validate(yaml.safe_load(DECLARED.read_bytes()))


def read_accepted(home: Path, catalogue: Catalogue) -> dict[str, int]:
    """What a home accepts: rule -> how many breaks. A home without the file accepts none.

    Raises LimitsError when an entry cannot be used."""
    path = home / ACCEPTED_FILE
    if not path.is_file():
        return {}
    try:
        content = yaml.safe_load(path.read_bytes())
    except yaml.YAMLError as error:
        raise LimitsError(f"{path}: is not YAML: {error}") from error
    entries = content.get("accepted_breaks") if isinstance(content, dict) else None
    if not isinstance(entries, list):
        raise LimitsError(f"{path}: has to hold a list `accepted_breaks`")
    known = {rule.rule_id for rule in catalogue.identities} | {rule.rule_id for rule in catalogue.plausibility}
    accepted: dict[str, int] = {}
    for place, entry in enumerate(entries, start=1):
        try:
            found = AcceptedBreaks.model_validate(entry)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"])) or "the entry"
            raise LimitsError(f"{path}: entry {place}: {where}: {first['msg']}") from error
        if found.rule_id not in known:
            raise LimitsError(f"{path}: entry {place}: rule_id: the register has no rule {found.rule_id}")
        accepted[found.rule_id] = max(found.up_to, accepted.get(found.rule_id, 0))
    return accepted
