"""When a report was published, its document number, index number and signatory.

Here belong the lines around the text: the page's metadata line, the letterhead, the 索引号 block, the signature (落款).
A printed metadata line outweighs the signature date; a month without a day is a hint at the year and no date.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from disclosure.parse.chinese import fold
from disclosure.parse.prose import Line
from disclosure.parse.titles import front_lines
from disclosure.report import Evidence

_DAY = r"(?P<year>20\d\d)[-年/.](?P<month>\d{1,2})[-月/.](?P<day>\d{1,2})(?!\d)日?"
_PRINTED_DATE = re.compile(
    r"(?:发布|公布|公开|成文|发文|印发|生成|发稿|上传|更新)?(?:日期|时间)[:|]*"
    + _DAY.replace(r"(?!\d)", r"(?=日|\d\d:|\D|$|\d{3,4}:)")
)
_TIME = r"\d\d:\d\d(?::\d\d)?"
_BARE_DATE = re.compile(r"^[(•·]?" + _DAY + r"[)•·]?(?:来源.*)?$")
_DATE_AND_TIME = re.compile(
    "^" + _DAY.replace(r"(?!\d)", f"(?={_TIME})") + _TIME + r"(?:[\u4e00-\u9fff]{3,29}[局厅委会府室心处])?(?:来源.*)?$"
)
_SIGNED = re.compile(r"(?:^|[局厅委府处室镇乡道会部院心])" + _DAY + r"$")
_MONTH = re.compile(r"^(?P<year>20\d\d)年(?P<month>\d{1,2})月$")
_DOCUMENT_NUMBER = re.compile(
    r"^(?:文号[:|]*)?(?P<number>[\u4e00-\u9fff]{2,12}[〔\[(](?P<year>20\d\d)[〕\])](?:第)?\d{1,4}号)(?:\||签发|$)"
)
_NUMBER_FIELD = re.compile(r"文号[:|]+(?P<number>[\u4e00-\u9fff]{2,12}[〔\[(](?P<year>20\d\d)[〕\])](?:第)?\d{1,4}号)")
_INDEX_NUMBER = re.compile(r"索引号[:|]*(?P<number>[0-9A-Za-z][0-9A-Za-z/\-.]{4,})")
_SIGNATORY = re.compile(r"签发人?[:|]+(?P<name>[\u4e00-\u9fff·]{2,8}?)(?=$|[|\d]|会签|[\u4e00-\u9fff]{2,6}〔)")
_TAG_DATE = re.compile(r"(?P<year>20\d\d)-(?P<month>\d{1,2})-(?P<day>\d{1,2})")
_DATE_TAGS = frozenset({"pubdate", "publishdate"})
_DATE_PATTERNS = ((_PRINTED_DATE, "metadata_line"), (_DATE_AND_TIME, "date_line"), (_BARE_DATE, "date_line"))
SIGNATURE_ZONE = 12  # lines at the end


@dataclass(frozen=True, slots=True)
class Publication:
    """What is printed about the publication; `year_hint` is what remains when there is no full date."""

    day: date | None
    year_hint: int | None
    document_number: str | None
    document_year: int | None
    index_number: str | None
    signatory: str | None
    evidence: tuple[Evidence, ...]


def read_publication(lines: tuple[Line, ...], properties: Mapping[str, str]) -> Publication:
    """Everything the lines before the first chapter and after the last say about the publication; the tags of the page
    (`properties`) are asked last."""
    front = front_lines(lines)
    tail = lines[len(front) :][-SIGNATURE_ZONE:] if len(lines) > len(front) else ()
    evidence: list[Evidence] = []
    day = _printed_date(front, evidence) or _printed_date(tail, evidence) or _signature_date(tail, evidence)
    day = day or _page_date(properties, evidence)
    number, number_year = _document_number(front, evidence)
    hint = day.year if day else (number_year or _month_only((*front, *tail), evidence))
    if hint is not None and not any(item.field == "publication_year_hint" for item in evidence):
        basis = next(item for item in evidence if item.field in ("publication_date", "document_number"))
        evidence.append(Evidence("publication_year_hint", str(hint), basis.method, basis.text))
    return Publication(
        day,
        hint,
        number,
        number_year,
        _field(front, _INDEX_NUMBER, "number", "index_number", evidence),
        _field(front, _SIGNATORY, "name", "signatory", evidence),
        tuple(evidence),
    )


def _as_date(match: re.Match[str]) -> date | None:
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def _printed_date(lines: tuple[Line, ...], evidence: list[Evidence]) -> date | None:
    """The date of a metadata line (发布日期：…), else of a line that holds nothing but a date."""
    for pattern, method in _DATE_PATTERNS:
        for line in lines:
            # Text before the date that is itself a sentence (统计时间…) is no metadata line.
            if (len(line.text) > 160 and not line.in_table) or "统计" in line.text:
                continue
            match = pattern.search(line.text)
            day = _as_date(match) if match else None
            if day:
                evidence.append(Evidence("publication_date", day.isoformat(), method, line.source.strip()[:120]))
                return day
    return None


def _signature_date(lines: tuple[Line, ...], evidence: list[Evidence]) -> date | None:
    for line in reversed(lines):
        match = _SIGNED.search(line.text)
        day = _as_date(match) if match and len(line.text) < 50 else None
        if day:
            evidence.append(Evidence("publication_date", day.isoformat(), "signature", line.source.strip()[:120]))
            return day
    return None


def _page_date(properties: Mapping[str, str], evidence: list[Evidence]) -> date | None:
    """The date in the page's own tags (PubDate on government sites)."""
    for key, value in properties.items():
        match = _TAG_DATE.match(value.strip()) if key.lower() in _DATE_TAGS else None
        day = _as_date(match) if match else None
        if day:
            evidence.append(Evidence("publication_date", day.isoformat(), "page_tag", f"{key}={value}"[:120]))
            return day
    return None


def _month_only(lines: tuple[Line, ...], evidence: list[Evidence]) -> int | None:
    for line in lines:
        match = _MONTH.match(line.text)
        if match:
            evidence.append(Evidence("publication_year_hint", match["year"], "month_line", line.source.strip()))
            return int(match["year"])
    return None


def _document_number(lines: tuple[Line, ...], evidence: list[Evidence]) -> tuple[str | None, int | None]:
    """The number on a line of its own or in the 文号 field; numbers quoted inside sentences are other documents'."""
    for line in lines:
        match = _DOCUMENT_NUMBER.match(line.text) or _NUMBER_FIELD.search(line.text)
        if match:
            folded = fold(line.source)
            number = "".join(folded.verbatim(match.start("number"), match.end("number")).split())
            evidence.append(Evidence("document_number", number, "letterhead", line.source.strip()[:120]))
            return number, int(match["year"])
    return None, None


def _field(
    lines: tuple[Line, ...], pattern: re.Pattern[str], group: str, field: str, evidence: list[Evidence]
) -> str | None:
    for line in lines:
        match = pattern.search(line.text)
        if match:
            evidence.append(Evidence(field, match[group], "letterhead", line.source.strip()[:120]))
            return match[group]
    return None
