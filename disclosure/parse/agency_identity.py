"""What kind of agency a name stands for: level, function, scope of the report, and a stable identifier.

Here belong the rules of docs/methodology.md. They work on the name (and the region it begins with) alone; where the name comes
from is the business of `agency.py`. Key words of functions stand in `catalogue/function_categories.yaml`.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from catalogue.model import FunctionCategory
from disclosure.parse.agency import abbreviate
from disclosure.parse.region import Region, RegionReading

_TOWN = re.compile(r"(?:镇|乡|街道|街|苏木)(?:人民政府|政府|办事处|办)?$|街办$")
_ZONE = re.compile(
    r"(?:开发区|高新区|经开区|工业园区?|产业园区?|示范区|度假区|保税区|新区)(?:管理委员会|管委会)?$|管委会$"
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
_GOVERNMENT, _TOWN_CODES = "government", frozenset({"township_government", "subdistrict_office"})

# GB 32100-2015: weights 3^(i-1) mod 31 over the first 17 characters; I, O, Z, S, V do not occur.
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC = re.compile(rf"^[{_USCC_ALPHABET}]{{18}}")


@dataclass(frozen=True, slots=True)
class AgencyKind:
    level: str | None
    function_category: str | None
    reporting_scope: str | None


def classify_agency(name: str, reading: RegionReading, categories: tuple[FunctionCategory, ...]) -> AgencyKind:
    """Level, function category and reporting scope of the agency called `name`."""
    rest = name[reading.consumed :]
    category = _function_of(name, rest, categories)
    scope = "jurisdiction" if category == _GOVERNMENT or _WHOLE_AREA.search(name) else "agency"
    return AgencyKind(_level_of(name, rest, reading, category), category, scope)


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
    if category == "development_zone" or (rest and _ZONE.search(rest)):
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


def identify_agency(
    name: str, region: Region | None, consumed: int, category: str | None, index_number: str | None
) -> str:
    """A key that stays the same over years: the credit code when the 索引号 begins with one, else region, function, name.

    The name is taken without its region, so that 洪泽区人民政府 and 淮安市洪泽区人民政府 are one agency.
    """
    if index_number and is_uscc(index_number[:18]):
        return index_number[:18]
    own = _TOWN_SUFFIX.sub("", abbreviate(name[consumed:] if region else name)) or "人民政府"
    digest = hashlib.sha256(own.encode()).hexdigest()[:8]
    return f"{region.code if region else 'unknown'}-{category or 'other'}-{digest}"
