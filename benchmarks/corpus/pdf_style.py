"""The traits of PDF filings: what differs from a plainly printed report, by name.

Here belongs the description of each trait and nothing that draws (`pdf`, `pdf_canvas`).
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from benchmarks.corpus.figures import Printed
from benchmarks.corpus.filing import (
    Filing,
    Prepare,
    add_units,
    leave_totals_blank,
    leave_zeros_blank,
    make_mistake,
    mark_nothing,
)
from benchmarks.corpus.layout import Labels

PORTRAIT = (595.0, 842.0)
LANDSCAPE = (842.0, 595.0)


class Rules(StrEnum):
    """How the rules of a table are drawn."""

    LINES = "lines"
    BOXES = "boxes"  # every cell a stroked rectangle of its own
    THIN_RECTANGLES = "thin_rectangles"  # filled rectangles half a point thick
    DOUBLE = "double"
    DASHED = "dashed"
    WHITE = "white"  # there, but not to be seen
    STRAY_WHITE = "stray_white"  # black rules, and white ones that cross cells
    NO_SIDES = "no_sides"  # left and right outer rules missing
    NO_OUTLINE = "no_outline"  # all four outer rules missing
    GAPS = "gaps"  # rules end short of the corners
    HORIZONTAL = "horizontal"
    NONE = "none"


class Break(StrEnum):
    """Where a page ends inside a table, and what becomes of the label there."""

    KEEP = "keep"  # tables stay whole where they fit
    NATURAL = "natural"  # wherever the page is full
    CUT_GROUP_LABEL = "cut_group_label"  # （四）无 | 法提供
    CUT_ROW_LABEL = "cut_row_label"  # the row's label goes on below, its figures stay above
    CUT_ROW_LABEL_BELOW = "cut_row_label_below"  # the row's label begins above, its figures stand below
    BLOCK_HEADING_ALONE = "block_heading_alone"  # 第二十条第（五）项 at the foot, its header on the next page
    SECTION_HEADING_ALONE = "section_heading_alone"
    DISPUTES_APART = "disputes_apart"  # the header of 表四 at the foot, its figures on the next page


class Codes(StrEnum):
    """What the embedded font says its glyphs mean."""

    TRUE = "true"
    RADICALS = "radicals"  # code points of Kangxi and CJK radicals for characters that look alike
    NONE = "none"  # no map: the text comes out as other characters
    PRIVATE = "private"  # private-use code points


@dataclass(frozen=True, slots=True)
class Style:
    """How one filing is printed. Sizes in points."""

    page: tuple[float, float] = PORTRAIT
    margin: float = 60.0
    body_size: float = 11.0
    table_size: float = 9.0
    row_padding: float = 3.0
    embedded: bool = False  # an embedded TrueType font in place of the standard Chinese one
    latin: str | None = None  # font of ASCII digits inside cells
    loose_point: bool = False  # the decimal point comes from the Chinese font and a little lower
    rules: Rules = Rules.LINES
    align: str = "centre"
    top_aligned: bool = False
    labels: Labels = Labels.THREE
    vertical_group: bool = False
    vertical_header: bool = False
    page_break: Break = Break.KEEP
    repeated_header: bool = False
    page_number: str | None = "margin"  # margin, in_table, None
    turned: str | None = None  # page: /Rotate says so; content: drawn sideways on an upright page
    watermark: bool = False
    double_strike: bool = False
    notice: bool = False
    shaded_header: bool = False
    codes: Codes = Codes.TRUE
    prepare: Prepare | None = None
    busy: bool | None = None
    varied: bool = False  # many of the above at once, by draw


def vary(style: Style, random_source: random.Random) -> Style:
    """Several independent traits at once, each of which is read alone as well."""
    draw = random_source.choice
    ruled = (Rules.LINES, Rules.BOXES, Rules.THIN_RECTANGLES, Rules.DOUBLE, Rules.DASHED, Rules.NO_SIDES, Rules.GAPS)
    return replace(
        style,
        page=draw((PORTRAIT, PORTRAIT, LANDSCAPE)),
        margin=draw((45.0, 60.0, 72.0)),
        table_size=draw((7.5, 9.0, 10.5)),
        row_padding=draw((1.5, 3.0, 6.0, 9.0)),
        latin=draw((None, None, "Helvetica", "Times-Roman")),
        rules=draw(ruled),
        align=draw(("centre", "centre", "right", "left")),
        labels=draw((Labels.THREE, Labels.THREE, Labels.FLAT, Labels.NUMBERED)),
        page_break=draw((Break.KEEP, Break.NATURAL, Break.NATURAL, Break.CUT_GROUP_LABEL, Break.DISPUTES_APART)),
        repeated_header=draw((False, False, True)),
        watermark=draw((False, False, True)),
        double_strike=draw((False, False, False, True)),
        notice=draw((False, False, True)),
        shaded_header=draw((False, True)),
        turned=draw((None, None, None, "page")),
    )


def annotate(random_source: random.Random, filing: Filing) -> Filing:
    """Some counts with a note in brackets behind them: 22（其中修订16件）."""
    changes = {}
    for key, printed in filing.figures.items():
        if key[0] == "T2" and printed.value and printed.text and printed.text.isdigit():
            part = random_source.randint(1, max(1, int(printed.value)))
            note = random_source.choice((f"（其中修订{part}件）", f"（含转发{part}件）", f"(其中{part}件为联合发文)"))
            changes[key] = Printed(f"{printed.text}{note}", printed.value)
    key = ("T2", "normative_documents", filing.table("T2").columns[0].code)
    changes.setdefault(key, Printed("22（其中修订16件）", Decimal(22)))
    return filing.with_printed(changes)


_PLAIN = Style()
_BROKEN = Style(page_break=Break.NATURAL)

TRAITS: dict[str, Style] = {
    "plain": _PLAIN,
    "plain_embedded": replace(_PLAIN, embedded=True),
    "busy": replace(_PLAIN, busy=True),
    "filer_mistake": replace(_PLAIN, busy=True, prepare=make_mistake),
    "blank_totals": replace(_PLAIN, busy=True, prepare=leave_totals_blank),
    "annotated_cells": replace(_PLAIN, prepare=annotate),
    "nil_marks": replace(_PLAIN, prepare=mark_nothing),
    "blank_zeros": replace(_BROKEN, busy=True, prepare=leave_zeros_blank),
    "units": replace(_PLAIN, prepare=add_units),
    "borderless_blank_zeros": replace(_PLAIN, rules=Rules.NONE, busy=True, prepare=leave_zeros_blank),
    "borderless_page_break": replace(_BROKEN, rules=Rules.NONE, table_size=8.0),
    "horizontal_rules_blank_zeros": replace(_BROKEN, rules=Rules.HORIZONTAL, busy=True, prepare=leave_zeros_blank),
    "page_break": _BROKEN,
    "page_break_repeated_header": replace(_BROKEN, repeated_header=True),
    "page_break_number_in_table": replace(_BROKEN, page_number="in_table"),
    "page_break_no_outline": replace(_BROKEN, rules=Rules.NO_OUTLINE),
    "cut_group_label": replace(_PLAIN, page_break=Break.CUT_GROUP_LABEL),
    "cut_group_label_repeated_header": replace(_PLAIN, page_break=Break.CUT_GROUP_LABEL, repeated_header=True),
    "cut_row_label": replace(_PLAIN, page_break=Break.CUT_ROW_LABEL),
    "cut_row_label_below": replace(_PLAIN, page_break=Break.CUT_ROW_LABEL_BELOW),
    "block_heading_alone": replace(_PLAIN, page_break=Break.BLOCK_HEADING_ALONE),
    "section_heading_alone": replace(_PLAIN, page_break=Break.SECTION_HEADING_ALONE),
    "disputes_apart": replace(_PLAIN, page_break=Break.DISPUTES_APART),
    "vertical_group_label": replace(_BROKEN, vertical_group=True),
    "vertical_headers": replace(_PLAIN, vertical_header=True, table_size=8.0),
    "flat_labels": replace(_BROKEN, labels=Labels.FLAT),
    "numbered_labels": replace(_PLAIN, labels=Labels.NUMBERED),
    "false_tables": replace(_PLAIN, notice=True),
    "borderless": replace(_PLAIN, rules=Rules.NONE),
    "horizontal_rules_only": replace(_PLAIN, rules=Rules.HORIZONTAL),
    "double_rules": replace(_PLAIN, rules=Rules.DOUBLE),
    "dashed_rules": replace(_PLAIN, rules=Rules.DASHED),
    "thin_rectangles": replace(_BROKEN, rules=Rules.THIN_RECTANGLES),
    "cell_boxes": replace(_BROKEN, rules=Rules.BOXES),
    "white_rules": replace(_PLAIN, rules=Rules.WHITE),
    "stray_white_rules": replace(_PLAIN, rules=Rules.STRAY_WHITE),
    "missing_side_rules": replace(_PLAIN, rules=Rules.NO_SIDES),
    "corner_gaps": replace(_PLAIN, rules=Rules.GAPS),
    "shaded_header": replace(_BROKEN, shaded_header=True),
    "fake_bold": replace(_PLAIN, double_strike=True),
    "watermark": replace(_PLAIN, watermark=True),
    "rotated_page": replace(_PLAIN, page=LANDSCAPE, turned="page", page_break=Break.NATURAL),
    "rotated_content": replace(_PLAIN, page=LANDSCAPE, turned="content", page_break=Break.NATURAL),
    "landscape": replace(_BROKEN, page=LANDSCAPE),
    "small_font": replace(_PLAIN, table_size=5.5, row_padding=1.5),
    "large_rows": replace(_BROKEN, row_padding=11.0),
    "figures_right": replace(_PLAIN, align="right"),
    "figures_left_top": replace(_PLAIN, align="left", top_aligned=True),
    "mixed_fonts": replace(_PLAIN, latin="Helvetica"),
    "mixed_fonts_loose_point": replace(_PLAIN, latin="Times-Roman", loose_point=True),
    "combined": Style(varied=True),
    "radicals": replace(_BROKEN, embedded=True, codes=Codes.RADICALS),
    "no_unicode_map": replace(_PLAIN, embedded=True, codes=Codes.NONE),
    "private_unicode_map": replace(_PLAIN, embedded=True, codes=Codes.PRIVATE),
}
