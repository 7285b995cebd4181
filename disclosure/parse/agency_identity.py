"""What kind of agency a name stands for: level, function, kind of body, scope of the report, and a stable identifier.

Here belong the rules of docs/methodology.md. They work on the name (and the region it begins with) alone; where the name comes
from is the business of `agency.py`. Key words of functions and kinds of bodies stand in `catalogue/`. What one document says is not
enough to tell renamed agencies and codes of other organs: that is decided over all reports, by the warehouse.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from catalogue.model import Catalogue, FunctionCategory
from disclosure.parse.agency import abbreviate
from disclosure.parse.region import COUNTRY, Region, RegionReading

_TOWN = re.compile(r"(?:镇|乡|街道|街|苏木)(?:人民政府|政府|办事处|办)?$|街办$")
_ZONE = re.compile(
    r"(?:开发区|高新区|经开区|工业园区?|产业园区?|示范区|度假区|保税区|新区)(?:管理委员会|管委会)?$|管委会$"
)
# 南湖新区教育局 under 岳阳市; a town named 新区镇 is none
_ORGAN_OF_ZONE = re.compile(
    r"^[\u4e00-\u9fff]{2,12}?(?:开发区|高新区|经开区|工业园区|产业园区|示范区|度假区|保税区|(?<!浦东|滨海)新区)(?=.{2,})"
)
_NATIONAL = re.compile(
    r"^(?:国家|国务院|中华人民共和国|最高|海关总署|审计署|中国)|^(?:教育|司法|公安|财政|商务|民政|水利|交通运输|农业农村|农业|自然资源|生态环境"
    r"|科学技术|工业和信息化|人力资源和社会保障|住房和城乡建设|文化和旅游|退役军人事务|应急管理|外交|国防|环境保护|国土资源)部$|总局$|总署$"
)
_SHORT_LEVELS = {
    "省": "province",
    "自治区": "province",
    "县": "county",
    "区": "county",
    "旗": "county",
    "州": "prefecture",
    "盟": "prefecture",
}
_SHORT_LEVEL = re.compile(r"^(?P<level>省|自治区|县|区|旗|州|盟)")
_WHOLE_AREA = re.compile(r"关区$|^[\u4e00-\u9fff]{2,}(?:省|自治区|市|县|区|州|盟|旗)$")
_TOWN_SUFFIX = re.compile(r"(?<=[镇乡道])(?:人民政府|政府|办事处|办)$")
_GOVERNMENT, _ZONE_CODE = "government", "development_zone"
_TOWN_CODES = frozenset({"township_government", "subdistrict_office"})

_UNKNOWN = "unknown"

# GB 32100-2015: weights 3^(i-1) mod 31 over the first 17 characters; I, O, Z, S, V do not occur.
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC = re.compile(rf"^[{_USCC_ALPHABET}]{{18}}")


@dataclass(frozen=True, slots=True)
class AgencyKind:
    level: str | None
    function_category: str | None
    reporting_scope: str | None
    organ_type: str | None = None


@dataclass(frozen=True, slots=True)
class AgencyIdentity:
    """How an agency is recognised again. `key` is made of its place, function and name; `credit_code` is the valid unified
    social credit code its document bears, which may be that of the organ that put it on the net."""

    key: str
    credit_code: str | None
    short_name: str  # the name without its region

    @property
    def agency_id(self) -> str:
        return self.credit_code or self.key


def classify_agency(
    name: str, reading: RegionReading, catalogue: Catalogue, credit_code: str | None = None
) -> AgencyKind:
    """Level, function category, reporting scope and kind of body of the agency called `name`."""
    rest = name[reading.consumed :]
    category = _function_of(name, rest, catalogue.function_categories)
    if reading.zone and category == _GOVERNMENT:
        category = _ZONE_CODE
    scope = "jurisdiction" if category == _GOVERNMENT or (_WHOLE_AREA.search(name) and not reading.zone) else "agency"
    kind = organ_type_of(name, category, catalogue, credit_code)
    return AgencyKind(_level_of(name, rest, reading, category), category, scope, kind)


def organ_type_of(name: str, category: str, catalogue: Catalogue, credit_code: str | None = None) -> str | None:
    """The kind of body, by its credit code where that settles it, else by its name."""
    for known in catalogue.credit_codes:
        if credit_code and credit_code.startswith(known.prefix):
            return known.organ_type
    if category in (_GOVERNMENT, "township_government"):
        return _GOVERNMENT
    return next((kind.code for kind in catalogue.organ_types if kind.fits(name)), None)


def _function_of(name: str, rest: str, categories: tuple[FunctionCategory, ...]) -> str:
    """The first category whose key words the name has; words that belong to the region do not count."""
    if not rest:
        return _GOVERNMENT
    for words in (rest, name):
        for category in categories:
            if category.fits(words):
                return category.code
    town = _TOWN.search(rest)
    return "other" if not town else "subdistrict_office" if "街" in town[0] else "township_government"


def _level_of(name: str, rest: str, reading: RegionReading, category: str) -> str | None:
    if category in _TOWN_CODES or _TOWN.search(rest):
        return "township"
    if reading.zone or category == _ZONE_CODE or (rest and (_ZONE.search(rest) or _ORGAN_OF_ZONE.match(rest))):
        return "functional_zone"
    region: Region | None = reading.region or (reading.candidates[0] if reading.candidates else None)
    if region:
        return region.level
    if _NATIONAL.search(name):
        return "national"
    short = _SHORT_LEVEL.match(name)
    return _SHORT_LEVELS[short["level"]] if short else None


def is_uscc(code: str) -> bool:
    """Whether 18 characters are a unified social credit code with a right check character (GB 32100-2015, 6.5)."""
    if not _USCC.fullmatch(code):
        return False
    total = sum(_USCC_ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(code[:17]))
    return _USCC_ALPHABET[(31 - total % 31) % 31] == code[17]


def credit_code_in(index_number: str | None) -> str | None:
    """The unified social credit code of an organ (they begin with 1) that an 索引号 begins with, if it is a valid one."""
    code = (index_number or "")[:18].upper()
    return code if code.startswith("1") and is_uscc(code) else None


def identify_agency(
    name: str,
    reading: RegionReading,
    kind: AgencyKind,
    index_number: str | None = None,
    source: str | None = None,
) -> AgencyIdentity:
    """The key of an agency that stays the same over years, and the credit code its document bears.

    The name is taken without its region and the region by its stable identifier, so that 洪泽区人民政府 and 淮安市洪泽区人民政府,
    and 祁阳县司法局 and 祁阳市司法局, are one agency. An agency without a region is told from its namesakes by the host it is
    published on; without one its name stands for it, and the warehouse publishes no two reports under it for one year.
    """
    place, short_name = _place_of(name, reading, kind)
    own = _TOWN_SUFFIX.sub("", abbreviate(short_name)) or "人民政府"
    host = _host_of(source) if place == _UNKNOWN else ""
    digest = hashlib.sha256((own + host).encode()).hexdigest()[:8]
    key = f"{place}-{kind.function_category or 'other'}-{digest}"
    return AgencyIdentity(key, credit_code_in(index_number), short_name or name)


def _place_of(name: str, reading: RegionReading, kind: AgencyKind) -> tuple[str, str]:
    """The stable identifier of the agency's place, and its name without it. A zone has no identifier: it stays in the name."""
    if reading.region is not None:
        return reading.region.region_id or reading.region.code, reading.zone + name[reading.consumed :]
    return (COUNTRY if kind.level == "national" else _UNKNOWN), name


def _host_of(source: str | None) -> str:
    """The host of the address a filing came from; empty for a file of the inbox."""
    if not source or "://" not in source:
        return ""
    return urlsplit(source).hostname or ""
