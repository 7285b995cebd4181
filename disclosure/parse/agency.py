"""Who reports: the agency's name, chosen from what the report says about itself.

Here belong the candidates and their order: title, letterhead, the report's own announcement, signature, the office to
contact, the publisher line, sentences whose subject is the agency, what the source list asserts. The fuller of two names
of the same organ wins (docs/methodology.md). Addressees, site headers, compilers and other organs of the narrative never count.
Level, function and identifier are derived in `agency_identity.py`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from disclosure.parse.chinese import plain
from disclosure.parse.prose import Line, Sentence
from disclosure.parse.region import begins_with_region, resolve_region
from disclosure.parse.titles import Title, front_lines, parse_title, read_self_titles

_ORGAN = (
    "人民政府|办公厅|办公室|委员会|管委会|行政公署|街道办事处|街道办|街办|街道|分局|总局|支队|总队|海关|关区|海关总署|中心|法院|检察院"
    "|镇政府|乡政府|县政府|区政府|市政府|省政府|局|厅|部|署|院|委|镇|乡|街|苏木|学校|大学|医院|处|站|所|馆|会|社"
)
_ENDS_AS_ORGAN = re.compile(rf"(?:{_ORGAN})$")
_DISTANT = re.compile(
    r"^(?:我|本|各|该|全|其|上级|有关|相关|市级|县级|省级|区级|党|国务院(?!国有资产|港澳|台湾|侨务|新闻|研究室)|中央|中共|你|他)|[我本](?:局|县|市|区|镇|乡|街|单位|机关|委|办|厅)"
)
_SPAM = re.compile(
    r"^.*(?:官网|官方网站|博彩|比分直播|体育直播|备用网址|登录网址|娱乐城|[A-Za-z0-9._@:|]+)(?:区|县|市)?(?:人民政府(?=.))?(?:-)?"
)
_TRIM = re.compile(
    r"^(?:关于|现公布|公布|编制|发布|汇总|印发|制定|形成|撰写|年度)|(?:的|关于|年度|本级|机关本级)$|\([^)]*\)?$|-.*$"
)
_SHORT = re.compile(r"^(?P<level>省|自治区|市|县|区|州|盟|旗|地区)(?P<tail>[\u4e00-\u9fff]{2,20})$")
_TOWN = re.compile(r"(?P<core>[\u4e00-\u9fff]{2,8}?(?:镇|乡|街道|苏木))(?:人民政府|政府|办事处)?$")
_ZONE = re.compile(
    r"[\u4e00-\u9fff]{2,6}(?:经济技术|经济|高新技术产业|工业)?(?:开发区|高新区|工业园区)(?:管理委员会|管委会)?"
)
_ABBREVIATIONS = (
    ("住房城乡建设", "住建"), ("住房和城乡建设", "住建"), ("住房与城乡建设", "住建"), ("卫生健康", "卫健"), ("人力资源和社会保障", "人社"),
    ("人力资源社会保障", "人社"), ("发展和改革", "发改"), ("发展改革", "发改"), ("市场监督管理", "市监"), ("市场监管", "市监"),
    ("工业和信息化", "工信"), ("经济和信息化", "经信"), ("文化和旅游", "文旅"), ("文化广电旅游", "文旅"), ("城市管理", "城管"),
    ("国有资产监督管理", "国资"), ("委员会", "委"), ("生态环境", "环境"), ("教育体育", "教体"), ("退役军人事务", "退役军人"),
    ("住房保障和房屋管理", "房管"), ("房屋管理", "房管"), ("文化广电和旅游", "文旅"), ("医疗保障", "医保"), ("行政审批服务", "审批"), ("办公厅", "办"), ("办公室", "办"),
)  # fmt: skip

_LETTERHEAD = re.compile(r"^(?P<name>[\u4e00-\u9fff]{4,30})文件(?:签发.*)?$")
_PUBLISHER = re.compile(
    r"(?:(?:信息来源|来源|发布机构|发布单位|发文机关|发文单位|公开主体|公开机构|发布部门)[:|]+|^20\d\d-\d\d-\d\d\d\d:\d\d(?::\d\d)?)(?P<name>[\u4e00-\u9fff]{2,30}?)"
    r"(?=$|[|\d(\[【]|责任编辑|发布|公开|发文|作者|浏览|点击|日期|时间|编辑|字体|阅读|分类|成文|生成|访问)"
)
_COMPILER_OFFICE = re.compile(
    r"(?:政府)?(?:政府信息公开|信息公开|政务公开)(?:工作)?(?:领导小组)?(?:办公室)?.*$|办公室$"
)
_CONTACT = re.compile(
    r"(?:与|由|请联系)(?P<name>[\u4e00-\u9fff]{4,40}?)(?:\([^()]{0,160}\))?(?:联系|根据|编制|依据|按照|咨询)"
    r"|请联系:?(?P<called>[\u4e00-\u9fff]{4,40}?)(?=[(,。;]|$)"
)
_OWN_WEBSITE = re.compile(
    r"(?:从|在|登录|至)(?P<name>[\u4e00-\u9fff]{3,24}?(?:局|厅|委员会))(?:官方|官|门户)?网站(?=[(“,。]|下载|查阅|公布|浏览|政府信息公开)"
)
_SIGNATURE_DATE = re.compile(r"20\d\d年\d{1,2}月(?:\d{1,2}日)?$")
_OWN_DOCUMENT = re.compile(
    r"《(?P<name>[^《》]{3,30}?)(?:政府信息)?(?:主动公开|信息公开|公开)[^《》]{0,12}(?:目录|指南|标准|制度|清单)[^《》]{0,6}》"
)
_LEAD = r"^(?:\(?[一二三四五六七八九十\d]{1,3}[)、.])?(?:(?:截[至止]?)?(?:20\d\d年(?:度|以来|底|\d{1,2}月(?:\d{1,2}日)?)?|本年度|一年来|全年)[,]?)?"
_ACTS = (
    "以习近平|坚持|认真|严格|深入|高度重视|积极|较好|全面|紧紧|切实|围绕|按照|根据|依据|依法|全年|共|主动|累计|没有|未|无|依申请|始终|不断|充分"
    "|进一步|持续|通过|利用|依托|收到|受理|政府信息公开工作|政府信息主动公开|贯彻|落实|牢固|扎实|着力|加强|聚焦|在(?:.{2,24})(?:领导|指导)下"
)
_SUBJECT = re.compile(_LEAD + rf"(?P<name>[\u4e00-\u9fff]{{2,28}}?(?:{_ORGAN}|县|区|市))(?:{_ACTS})")
_NATIONAL = re.compile(r"[部署]$|总局$")
_FUNCTIONAL = re.compile(r"^[\u4e00-\u9fff]{2,10}(?:局|厅|部|委|委员会|办)$")
SIGNATURE_ZONE = 14


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name with the evidence for it, cleaned but not otherwise changed."""

    name: str
    method: str
    text: str


def read_agency(
    lines: tuple[Line, ...],
    sentences: tuple[Sentence, ...],
    title: Title | None,
    page_title: str,
    asserted: str | None,
    year: int | None,
) -> Candidate | None:
    """The agency under its fullest name, or None when the report never names it."""
    candidates = [*_candidates(lines, sentences, title, year), *_page_title(page_title)]
    if not candidates:
        return Candidate(asserted, "asserted", asserted) if asserted else None
    first = candidates[0]
    if is_bare(first.name, year):
        # A bare function (司法局) names no organ: any later self-reference that ends in it says more.
        first = next((c for c in candidates[1:] if not is_bare(c.name, year) and same_organ(first.name, c.name)), first)
    fullest = _fullest(first, candidates, year)
    return _fullest_in_text(fullest, sentences, year, asserted)


def _candidates(
    lines: tuple[Line, ...], sentences: tuple[Sentence, ...], title: Title | None, year: int | None
) -> list[Candidate]:
    """All self-references, best evidence first."""
    found = [
        *([Candidate(clean_name(title.agency), "title", title.text)] if title and title.agency else []),
        *_letterhead(lines),
        *_announced(sentences),
        *_signature(lines),
        *_cover(lines),
        *_contact(sentences),
        *_publisher(lines, year),
        *_subjects(sentences, year),
        *_own_website(sentences, year),
    ]
    return [c for c in found if len(c.name) >= 2 and not is_distant(c.name)]


def is_distant(name: str) -> bool:
    """Whether a name points to an organ without naming it (本局, 全县, 各部门, 上级): 全椒县 and 本溪市 are places."""
    return bool(_DISTANT.search(name)) and not begins_with_region(name)


def clean_name(name: str) -> str:
    """`name` without what mirrors and titles put around it."""
    previous = None
    while previous != name:
        previous = name
        name = _TRIM.sub("", _SPAM.sub("", name))
    return name.strip("、,:;·“”\"' ")


def is_organ(name: str) -> bool:
    return bool(_ENDS_AS_ORGAN.search(name)) and not is_distant(name)


def is_bare(name: str, year: int | None) -> bool:
    """Whether a name has no place in it: 教育局, 区住建局, 市司法局."""
    if resolve_region(name, year).consumed or _NATIONAL.search(name):
        return False
    if _TOWN.search(name) or name.endswith(("街办", "街")):
        return False
    return bool(_SHORT.match(name)) or (bool(_FUNCTIONAL.match(name)) and len(name) <= 8)


def same_organ(name: str, other: str) -> bool:
    """Whether `other` can be a fuller or equal name of `name`."""
    left, right = abbreviate(name), abbreviate(other)
    short = _SHORT.match(left)
    if right.endswith(left) or (short and right.endswith(short["tail"]) and short["level"] in right):
        return True
    town, other_town = _TOWN.search(left), _TOWN.search(right)
    return bool(town and other_town and other_town["core"].endswith(town["core"]))


def abbreviate(name: str) -> str:
    """The name in its shortest official wording, so that 住建局 and 住房和城乡建设局 compare as equal."""
    for long, short in _ABBREVIATIONS:
        name = name.replace(long, short)
    return name


def _letterhead(lines: tuple[Line, ...]) -> Iterator[Candidate]:
    for line in front_lines(lines):
        match = _LETTERHEAD.match(line.text)
        if match and is_organ(match["name"]):
            yield Candidate(match["name"], "letterhead", line.source.strip())


def _announced(sentences: tuple[Sentence, ...]) -> Iterator[Candidate]:
    for sentence in sentences[:12]:
        if sentence.chapter and "现" not in sentence.folded.text:
            continue
        for title in read_self_titles(sentence.folded.text):
            name = clean_name(title.agency)
            if is_organ(name) or (len(name) >= 3 and resolve_region(name, title.year).consumed == len(name)):
                yield Candidate(name, "announcement", sentence.folded.source[:120])


def _page_title(page_title: str) -> Iterator[Candidate]:
    """The title the page gives itself in its head, which the body may lack."""
    title = parse_title(re.split(r"[-_|]", plain(page_title))[0])
    if title and title.agency:
        name = clean_name(title.agency)
        if len(name) >= 2 and not is_distant(name):
            yield Candidate(name, "page_title", page_title.strip())


def _signature(lines: tuple[Line, ...]) -> Iterator[Candidate]:
    """The 落款: an organ on the line before the last date, or on the same line."""
    tail = [line for line in lines[-SIGNATURE_ZONE:] if not line.in_table and not line.heading]
    for index, line in enumerate(tail):
        match = _SIGNATURE_DATE.search(line.text)
        if not match or len(line.text) > 50:
            continue
        name = line.text[: match.start()] or (tail[index - 1].text if index else "")
        if len(name) <= 40 and is_organ(name):
            yield Candidate(clean_name(name), "signature", name)


def _cover(lines: tuple[Line, ...]) -> Iterator[Candidate]:
    """An organ alone on one of the first lines, with a date under it."""
    front = front_lines(lines)[:6]
    for line, below in pairwise(front):
        if is_organ(line.text) and len(line.text) <= 30 and _SIGNATURE_DATE.fullmatch(below.text):
            yield Candidate(clean_name(line.text), "cover", line.source.strip())


def _contact(sentences: tuple[Sentence, ...]) -> Iterator[Candidate]:
    """The organ to whose office questions go, and the one whose office compiled the report."""
    for sentence in sentences[:14]:
        text = sentence.folded.text
        for match in _CONTACT.finditer(text):
            name = clean_name(_without_office(match["name"] or match["called"]))
            name = name + "政府" if name.endswith("人民") else name
            if is_organ(name) or resolve_region(name, None).consumed == len(name) > 0:
                yield Candidate(name, "contact", sentence.folded.source[:120])


def _without_office(name: str) -> str:
    """The organ whose office this is: 某市人民政府办公室政府信息公开中心 is the office of 某市人民政府."""
    shorter = _COMPILER_OFFICE.sub("", name)
    return name if shorter == name else _without_office(shorter)


def _own_website(sentences: tuple[Sentence, ...], year: int | None) -> Iterator[Candidate]:
    """The department on whose own site the report stands; the site of a government carries those of all departments."""
    for sentence in sentences[:14]:
        for match in _OWN_WEBSITE.finditer(sentence.folded.text):
            if resolve_region(match["name"], year).consumed:
                yield Candidate(match["name"], "own_website", sentence.folded.source[:120])


def _publisher(lines: tuple[Line, ...], year: int | None) -> Iterator[Candidate]:
    """The publisher named on the page; a bare 商务局 or 南源街 is only good as a hint."""
    for line in front_lines(lines):
        match = _PUBLISHER.search(line.text)
        if match and is_organ(match["name"]) and resolve_region(match["name"], year).consumed:
            yield Candidate(match["name"], "publisher", line.source.strip()[:120])


def _subjects(sentences: tuple[Sentence, ...], year: int | None) -> Iterator[Candidate]:
    """Names that stand as the subject of what the report says was done."""
    found: Counter[str] = Counter()
    quotes: dict[str, str] = {}
    for sentence in sentences:
        match = _SUBJECT.match(sentence.folded.text)
        if not match:
            continue
        name = clean_name(match["name"])
        if not _is_subject_name(name, year):
            continue
        found[name] += 1
        quotes.setdefault(name, sentence.folded.source[:120])
    ranked = found.most_common()
    if len({name for name, _ in ranked if not same_organ(ranked[0][0], name)}) and ranked[0][1] < 2:
        # Several organs act, none of them twice: a report on a whole area, whose narrative names its departments.
        return
    for name, _ in ranked:
        yield Candidate(name, "subject", quotes[name])


def _is_subject_name(name: str, year: int | None) -> bool:
    """A subject is only trusted when it is a place's organ, a town, a ministry, or a function and nothing else."""
    if not name or is_distant(name):
        return False
    reading = resolve_region(name, year)
    if reading.consumed:
        return reading.consumed == len(name) or is_organ(name)
    if _TOWN.search(name):
        return len(name) <= 12 and _TOWN.match(name) is not None
    if _ZONE.fullmatch(name):
        return True
    return bool(_SHORT.match(name) or _FUNCTION_WORDS.match(name))


_FUNCTION_WORDS = re.compile(
    r"^(?:国家)?(?:教育|司法|公安|财政|商务|审计|民政|统计|水利|水务|交通运输|农业农村|自然资源|生态环境|卫生健康|应急管理|市场监督管理|住房和城乡建设"
    r"|住房城乡建设|住建|人力资源和社会保障|人社|发展和改革|发展改革|发改|工业和信息化|工信|文化和旅游|退役军人事务|医疗保障|城市管理|税务|林业)"
    r"(?:部|局|厅|委|委员会|总局)$"
)


def _fullest(first: Candidate, candidates: Iterable[Candidate], year: int | None) -> Candidate:
    """The longest self-reference to the same organ that begins with a region."""
    best = first
    for candidate in candidates:
        if len(candidate.name) <= len(best.name) or not same_organ(first.name, candidate.name):
            continue
        if resolve_region(candidate.name, year).consumed:
            best = candidate
    return best


def _fullest_in_text(
    candidate: Candidate, sentences: tuple[Sentence, ...], year: int | None, asserted: str | None
) -> Candidate:
    """The candidate with the region the text puts before its name, when it puts one and always the same.

    市司法局 with 《抚顺市司法局主动公开基本目录》 is 抚顺市司法局; 东西湖区司法局 may turn out 武汉市东西湖区司法局.
    """
    short = _SHORT.match(candidate.name)
    tail = short["tail"] if short else candidate.name
    if not short and is_bare(candidate.name, year):
        return _own_document(candidate, sentences, year)
    found: Counter[str] = Counter()
    quotes: dict[str, str] = {}
    for sentence in sentences:
        text = sentence.folded.text
        for start in _places_of(tail, text):
            full = _with_region(text[max(0, start - 16) : start], candidate.name, tail, year)
            if full:
                found[full] += 1
                quotes.setdefault(full, sentence.folded.source[:120])
    if len(found) == 1:
        name = next(iter(found))
        return Candidate(name, "full_name_in_text", quotes[name])
    if not found and asserted and same_organ(candidate.name, asserted) and len(asserted) > len(candidate.name):
        return Candidate(asserted, "asserted", asserted)
    return candidate


def _places_of(words: str, text: str) -> Iterator[int]:
    start = text.find(words)
    while start >= 0:
        yield start
        start = text.find(words, start + len(words))


def _own_document(candidate: Candidate, sentences: tuple[Sentence, ...], year: int | None) -> Candidate:
    """A bare name completed from the title of the organ's own catalogue or guide, quoted in the text."""
    for sentence in sentences:
        for match in _OWN_DOCUMENT.finditer(sentence.folded.text):
            name = match["name"]
            if name != candidate.name and name.endswith(candidate.name) and resolve_region(name, year).consumed:
                return Candidate(name, "quoted_document", match[0])
    return candidate


def _with_region(before: str, name: str, tail: str, year: int | None) -> str | None:
    """The full name when `before` ends in regions that fit `name`, else None."""
    short = _SHORT.match(name)
    for start in range(len(before) - 1):
        prefix = before[start:]
        reading = resolve_region(prefix + tail, year)
        if reading.consumed < len(prefix):
            continue
        if short and not prefix.endswith(short["level"]):
            continue
        if not short and not _is_above(prefix, name, year):
            continue
        return prefix + tail
    return None


def _is_above(prefix: str, name: str, year: int | None) -> bool:
    """Whether the regions of `prefix` contain the region `name` begins with, or `name` is a town."""
    own = resolve_region(name, year)
    if not own.candidates:
        return _TOWN.match(name) is not None
    return resolve_region(prefix + name, year).consumed == len(prefix) + own.consumed
