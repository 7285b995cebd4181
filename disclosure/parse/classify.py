"""Whether a document is an annual report on government-information disclosure at all.

Here belongs this one judgement, made before anything else is read: interpretations of a report, notices about
compiling reports, half-year statistics and unrelated texts are not reports. What a report says is read elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from disclosure.document import Document
from disclosure.parse.chinese import plain
from disclosure.parse.prose import Line, read_prose
from disclosure.parse.titles import read_title

_OTHER_KINDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^(?:文字|图文|图片|政策|一图)?(?:解读|读懂)[:：|].*报告|年度报告》?(?:文字|图文|政策)?解读$"), "是年度报告的解读材料"),
    (re.compile(r"关于(?:认真|切实)?(?:做好|开展|印发|报送|编制|组织).{0,40}报告.{0,20}的(?:通知|函|公告)$"), "是编制年度报告的通知"),
    (re.compile(r"上半年|半年度|第[一二三四1-4]季度"), "不是全年的数据"),
    (re.compile(r"年度报告格式$|报告》?.{0,4}(?:范文|模板|样本)$"), "是编写年度报告的格式或范文"),
    (re.compile(r"(?:评估|考核|自查|整改)(?:情况)?(?:的)?(?:报告|通报)$"), "是评估或检查材料"),
    (re.compile(r"年度报告》?的?(?:编制)?(?:说明|问答|答记者问)$"), "是对年度报告的说明"),
    (re.compile(r"(?:法治政府建设|依法行政).{0,12}报告$"), "是另一种年度报告"),
)  # fmt: skip
# Kinds that a page's menu names too: they count only where the text has no title and no announcement of a report of its own.
_KINDS_OF_MENUS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?:报告|年报)(?:汇总|汇编|一览表?|目录)$"), "是各单位年度报告的汇总或目录"),
    (re.compile(r"公开(?:工作)?指南(?:\(.{1,12}\))?$"), "是公开指南"),
    (re.compile(r"(?:公开|事项)(?:基本|标准)?目录(?:\(.{1,12}\))?$"), "是公开目录"),
    (re.compile(r"(?:工作要点|(?:工作|实施|分工)方案|(?:工作|行动)计划|实施意见|任务清单)$"), "是工作计划或方案"),
    (re.compile(r"^(?:中华人民共和国)?.{2,24}(?:条例|办法|规定|细则)(?:\(.{1,20}\))?$"), "是法规或制度"),
    (re.compile(r"工作总结(?:及.{0,16})?$"), "是工作总结"),
    (re.compile(r"(?:答复书|告知书|答复意见|通知书)$"), "是对申请人的答复"),
    (re.compile(r"(?:召开|举办|举行|开展|组织).{2,30}(?:会|会议|培训|培训班|活动|讲座)$"), "是工作动态"),
    (re.compile(r"(?:预算|决算)(?:公开|报告|说明|情况)*$"), "是预算或决算"),
)  # fmt: skip
_ANNOUNCED = re.compile(
    r"现(?:将|就|予|向).{0,60}(?:公布|报告|汇报)|(?:报告|汇报)如下|本(?:年度)?报告|所列数据|统计数据"
)
_TITLE = re.compile(r"(?:政府|政务)?信息公开(?:工作)?.{0,12}(?:报告|年报)")
_TABLE_MARKS = (
    re.compile(r"第二十条第?.{0,4}项|上一年项目数量|本年制发件数|对外公开总数量|现行有效件数"),
    re.compile(r"本列数据的勾稽关系|本年新收政府信息公开申请|结转下年度继续办理"),
    re.compile(r"未经复议直接起诉|复议后起诉|尚未审结"),
)
_MARKS = (
    re.compile(
        r"(?:政府|政务)?信息公开(?:工作)?(?:的)?.{0,10}(?:年度报告|年报|工作报告|情况报告|情况(?:汇报|报告)?如下|年度工作情况)"
    ),
    re.compile(r"统计(?:数据)?(?:的)?(?:期限|时限)|所列数据"),
    re.compile(r"编制(?:了|并公布)?(?:本(?:年度)?报告|本(?:单位|机关|部门).{0,30}年度报告)"),
    re.compile(r"主动公开"),
    re.compile(r"依申请公开|政府信息公开申请|公开申请"),
    re.compile(r"行政复议.{0,12}行政诉讼|复议、诉讼"),
    re.compile(r"(?:存在|主要)的?(?:主要)?问题"),
    re.compile(r"总体情况|概述|基本情况"),
    re.compile(r"其他需要报告的事项"),
)
ENOUGH_MARKS = 3
ENOUGH_WITH_TITLE = 2  # the words of the title are one of them
TITLE_ZONE = 12  # lines


def is_annual_report(document: Document) -> tuple[bool, str]:
    """(True, "") for an annual report, else (False, the reason in Chinese)."""
    return judge_lines(read_prose(document).lines)


def tables_named(text: str) -> set[int]:
    """Which of the three statutory tables a folded text has header or row words of, by their place on the form."""
    return {place for place, mark in enumerate(_TABLE_MARKS) if mark.search(text)}


def judge_lines(lines: tuple[Line, ...]) -> tuple[bool, str]:
    text = "\n".join(line.text for line in lines)
    tables = len(tables_named(text))
    other = _other_kind(lines, _OTHER_KINDS)
    if other:
        return False, other
    if tables == len(_TABLE_MARKS):
        return True, ""
    title = read_title(lines)
    has_title = title is not None and bool(_TITLE.search(plain(title.text)))
    if not tables and not has_title and not _ANNOUNCED.search(text) and (menu := _other_kind(lines, _KINDS_OF_MENUS)):
        return False, menu
    marks = sum(bool(mark.search(text)) for mark in _MARKS)
    wanted = ENOUGH_WITH_TITLE if has_title else ENOUGH_MARKS
    if marks + tables >= wanted and "公开" in text:
        return True, ""
    return False, "没有政府信息公开工作年度报告的标志"


def _other_kind(lines: tuple[Line, ...], kinds: Sequence[tuple[re.Pattern[str], str]]) -> str | None:
    """The words for another kind of document, when its title says so."""
    for line in lines[:TITLE_ZONE]:
        if line.heading:
            break
        if (len(line.text) > 80 and not line.in_table) or line.text.endswith("。"):
            continue
        for part in line.text.split("|"):
            for pattern, words in kinds:
                if pattern.search(part):
                    return words
        if _TITLE.search(line.text):
            break
    return None
