"""The typed form of what the catalogue knows of agencies: what they do, what kind of body they are, who took over from whom.

Nothing here reads files; which agency a name stands for is told in `disclosure.parse`.
"""

from __future__ import annotations

from typing import Literal

from catalogue.declaration import Frozen


class FunctionCategory(Frozen):
    """What an agency does, recognised by key words anywhere in its name or by how the name ends."""

    code: str
    chinese: str
    english: str
    keywords: tuple[str, ...]
    endings: tuple[str, ...] = ()

    def fits(self, agency_name: str) -> bool:
        return any(word in agency_name for word in self.keywords) or agency_name.endswith(self.endings)


class OrganType(FunctionCategory):
    """What kind of body an agency is, recognised as its function is."""


class CreditCodePrefix(Frozen):
    """The first two characters of a unified social credit code that settle the kind of body."""

    prefix: str
    organ_type: str


class AgencySuccession(Frozen):
    """A reform of the whole country in which organs of one name were succeeded by organs of another, region by region.

    `old` and `new` are patterns (RE2) of whole names without their regions. `last_year` is the last report year the old organ
    can answer for, `first_year` the first one of the new organ; `absorbed`: the new organ had existed before.
    """

    rule_id: str
    chinese: str
    english: str
    kind: Literal["rename", "succession", "merge"]
    first_year: int
    last_year: int
    absorbed: bool = False
    old: str
    new: str
    example: tuple[str, str]
    source: str
