"""Whom to write to about the report: office, telephone, fax, e-mail, address, postcode.

Here belongs the one sentence (or block of lines) that gives them, quoted as printed. Nothing is inferred from them
except by `agency.py`, which takes the office's organ as evidence for the agency.
"""

from __future__ import annotations

import re

from disclosure.parse.prose import Sentence
from disclosure.report import Evidence

_ASKS = re.compile(r"疑问|意见|建议|联系|咨询")
_OFFICE = re.compile(
    r"(?:请|可)?(?:直接)?(?:与|向|到)(?P<value>[\u4e00-\u9fff()]{3,50}?)(?:联系|咨询|反映|反馈|查询)|请联系[:]?(?P<other>[\u4e00-\u9fff]{3,40})"
)
_FIELDS: dict[str, re.Pattern[str]] = {
    "contact_address": re.compile(r"(?:地址|地点)[:]?(?P<value>(?![、和及与])[^,;。)]{0,40}(?:[路街道巷号楼室村镇院]|中心)[^,;。)]{0,30}?)(?=[,;。)]|邮编|邮政编码|电话|联系|$)"),
    "contact_postcode": re.compile(r"(?:邮编|邮政编码)[:]?(?P<value>\d{6})(?!\d)"),
    "contact_phone": re.compile(r"(?<!热线)(?:联系|咨询|办公)?(?:电话|电)[:]?(?P<value>\(?\d{3,4}[-)]?\d{7,8}(?:[-转]\d{1,5})?|\d{7,12})(?!\d)"),
    "contact_fax": re.compile(r"传真(?:号码)?[:]?(?P<value>\(?\d{3,4}[-)]?\d{7,8}|\d{7,12})(?!\d)"),
    "contact_email": re.compile(r"(?:邮箱|电子邮件|E-?mail)(?:地址)?[:]?(?P<value>[A-Za-z0-9._\-]+@[A-Za-z0-9.\-]+\.[A-Za-z]{2,})", re.I),
}  # fmt: skip
_NOT_AN_OFFICE = re.compile(r"^(?:我|本|他|社会|公众|群众)")


def read_contacts(sentences: tuple[Sentence, ...]) -> tuple[dict[str, str], tuple[Evidence, ...]]:
    """The contact fields by name, and their evidence, from the first sentence that gives any."""
    for index, sentence in enumerate(sentences):
        text = sentence.folded.text
        if not _ASKS.search(text) or not any(pattern.search(text) for pattern in _FIELDS.values()):
            continue
        # A contact sentence may be broken after 联系：the fields then stand in the sentences that follow.
        found: dict[str, str] = {}
        evidence: list[Evidence] = []
        for part in sentences[index : index + 3]:
            _take_fields(part, found, evidence)
        return found, tuple(evidence)
    return {}, ()


def _take_fields(sentence: Sentence, found: dict[str, str], evidence: list[Evidence]) -> None:
    folded = sentence.folded
    quote = folded.source[:200]
    office = _OFFICE.search(folded.text)
    if office and "contact_office" not in found:
        group = "value" if office["value"] else "other"
        value = "".join(folded.verbatim(office.start(group), office.end(group)).split())
        if not _NOT_AN_OFFICE.match(value):
            found["contact_office"] = value
            evidence.append(Evidence("contact_office", value, "contact_sentence", quote))
    for field, pattern in _FIELDS.items():
        match = pattern.search(folded.text)
        if match and field not in found:
            found[field] = folded.verbatim(match.start("value"), match.end("value")).strip()
            evidence.append(Evidence(field, found[field], "contact_sentence", quote))
