"""What every declaration of the catalogue is built on: immutability, and the severity of a rule."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """Base of every catalogue model: immutable, and an unknown YAML key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def __pydantic_init_subclass__(cls, **keywords: Any) -> None:
        """Hash by identity: the catalogue is loaded once, and caches keyed on its parts must not hash whole tables. The hash
        of `object` itself is no call of Python, of which a report would make thousands."""
        cls.__hash__ = object.__hash__  # type: ignore[method-assign]


class Severity(StrEnum):
    """O printed on the form, D must hold by definition, P plausibility only, X about the reading itself."""

    OFFICIAL = "O"
    DEFINITION = "D"
    PLAUSIBILITY = "P"
    STRUCTURE = "X"

    @property
    def must_hold(self) -> bool:
        return self in (Severity.OFFICIAL, Severity.DEFINITION)
