"""What is an annual report and what only looks like one."""

from __future__ import annotations

import pytest
from documents import document_of

from disclosure.parse.classify import is_annual_report

TABLES = (
    "信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数",
    "本年新收政府信息公开申请数量 | 0 | 0 | 0 | 0 | 0 | 0 | 0",
    "未经复议直接起诉 | 复议后起诉",
)


def test_three_statutory_tables_make_a_report_even_without_a_title() -> None:
    assert is_annual_report(document_of(*TABLES)) == (True, "")


def test_a_narrative_report_is_a_report() -> None:
    document = document_of(
        "某某县司法局2012年政府信息公开工作年度报告",
        "本报告所列数据的统计期限自2012年1月1日起至2012年12月31日止。",
        "一、概述",
        "全年主动公开信息12条，未收到依申请公开。",
        "二、存在的主要问题",
        "公开的内容不够及时。",
    )
    assert is_annual_report(document)[0]


@pytest.mark.parametrize(
    "lines",
    [
        (
            "文字解读：某某县司法局2022年政府信息公开工作年度报告",
            "一、编制背景",
            "介绍本报告的主动公开和依申请公开情况。",
        ),
        (
            "关于做好2025年政府信息公开工作年度报告编制和发布工作的通知",
            "各单位要写明主动公开、依申请公开和存在的主要问题。",
        ),
        ("2022年上半年政府信息公开数据统计", "主动公开12条，依申请公开3件，存在的主要问题如下。"),
        ("关于召开会议的通知", "请各单位准时参加。"),
        ("政府信息公开工作年度报告范文", "一、概述", "主动公开政府信息若干条。", "二、依申请公开情况"),
        ("某某市2019年政务公开工作总结", "全市主动公开政府信息9条，收到依申请公开3件。"),
        (
            "信息名称 | 关于印发《中华人民共和国政府信息公开工作年度报告格式》的通知 | 内容概述 |",
            "一、总体情况",
            "第二十条第（一）项",
            "政府信息公开申请的统计期限",
        ),
        ("某某县林业局政府信息公开指南", "一、主动公开", "二、依申请公开", "申请人可以申请行政复议或者提起行政诉讼。"),
        ("某某县林业局主动公开基本目录", "主要问题 | 依申请公开 | 主动公开", "年度报告 | 政府信息公开工作年度报告"),
        ("2022年某某县政务公开工作要点", "一、总体情况", "做好主动公开和依申请公开，整改存在的问题。"),
        ("某某省政府信息公开条例", "各机关公布政府信息公开工作年度报告，写明主动公开、依申请公开的总体情况。"),
        ("某某县林业局2022年工作总结", "一、基本情况", "主动公开信息9条，依申请公开1件。", "二、存在的主要问题"),
        (
            "某某县林业局2022年法治政府建设年度报告",
            "一、总体情况",
            "主动公开9条，依申请公开3件，行政复议、行政诉讼各1件。",
        ),
        ("关于林业局2022年政府信息公开工作年度报告的说明", "一、总体情况", "主动公开9条，依申请公开3件。"),
        (
            "政府信息公开申请答复书",
            "属于本机关主动公开的信息。",
            "如不服可申请行政复议或提起行政诉讼。",
            "主要问题另告。",
        ),
        ("某某县举办政府信息公开业务培训会", "讲解主动公开、依申请公开和行政复议、行政诉讼的统计。", "主要问题"),
        ("",),
    ],
)
def test_what_is_no_report_is_refused_with_a_reason(lines: tuple[str, ...]) -> None:
    is_report, reason = is_annual_report(document_of(*lines))
    assert not is_report
    assert reason


def test_the_title_of_a_report_and_one_more_word_of_it_are_enough() -> None:
    title = "某某市林业局2020年政府信息公开工作年度报告"
    assert is_annual_report(document_of(title, "一、总体情况", "门户网站全年发布信息90条。"))[0]
    assert not is_annual_report(document_of(title))[0]


def test_a_report_that_announces_itself_without_a_title() -> None:
    first = "现编制并公布本单位2019年政府信息公开工作年度报告。所列数据的统计期限为2019年1月1日至2019年12月31日。"
    assert is_annual_report(document_of("引 言", first, "一、工作的基本概况"))[0]


def test_a_menu_above_a_report_does_not_make_it_another_kind() -> None:
    menu = ("政府信息公开指南", "政府信息公开制度", "法定主动公开内容目录")
    opening = ("现将我局2020年政府信息公开工作情况报告如下。", "一、总体情况", "主动公开12条，依申请公开0件。")
    assert is_annual_report(document_of(*menu, *opening))[0]
    assert is_annual_report(document_of(*menu, "某某市林业局2020年政府信息公开工作年度报告", "一、总体情况"))[0]
