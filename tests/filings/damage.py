"""Ways in which the text of a report is damaged on its way to the reader, each drawn from a seed.

Every one takes a page as lines and the lines between which its tables stand, and leaves the printed figures that it does not
lose, join or add as they are. What does not belong here: what the reader has to make of it (`test_damaged_reports.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

_FIGURE = re.compile(r"[\d.]*")
_LIST_NUMBER = re.compile(r"[（(]?[\d一二三四五六七八]+[.、）)]")
_PAGE_NUMBERS = ("- {} -", "第{}页", "第{}页 共9页", "{}", "— {} —", "{} / 9", "Page {} of 9")
_NOTES = ("注：以上数据不含3件撤回申请。", "备注：含上年度结转2件", "（续表）", "表三（续）", "单位：件", "注 1 2 3")
_SECTION = re.compile(r"(?m)^(?=[一二三四五六]、(?:总体|主动公开政府|收到和处理|政府信息公开|存在|其他))")
_HEADER = re.compile("自然人|商业企业|本年制发|本年处理决定|上一年项目|维持")
_GROUP = re.compile(r"\s*第二十条.*")


@dataclass
class Page:
    """The lines of a report; its tables stand in lines[start:end]."""

    draw: Random
    lines: list[str]
    start: int
    end: int

    def a_line(self) -> int:
        return self.draw.randrange(self.start, self.end - 1)

    def rows(self) -> list[int]:
        """The lines with a label and several figures, cell by cell between bars."""
        return [i for i in range(self.start, self.end) if len(figures_of(cells_of(self.lines[i]))) > 2]

    def change_table(self, change: Callable[[str], str]) -> None:
        self.lines[self.start : self.end] = [change(line) for line in self.lines[self.start : self.end]]


Damage = Callable[[Page], None]


def damaged(text: str, damage: Damage, seed: str) -> str:
    lines = text.split("\n")
    start = next(i for i, line in enumerate(lines) if line.startswith("二、"))
    end = next((i for i in range(start, len(lines)) if lines[i].startswith("五、")), len(lines))
    page = Page(Random(seed), lines, start, end)
    damage(page)
    return "\n".join(page.lines)


def cells_of(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().removesuffix("|").split("|")]


def figures_of(cells: list[str]) -> list[int]:
    return [place for place, cell in enumerate(cells) if _FIGURE.fullmatch(cell)]


def _in_a_row(change: Callable[[Page, list[str], int], None]) -> Damage:
    """Damage to one figure, here and there in one to three rows."""

    def damage(page: Page) -> None:
        for row in page.draw.choices(page.rows(), k=page.draw.choice((1, 1, 2, 3))):
            cells = cells_of(page.lines[row])
            change(page, cells, page.draw.choice(figures_of(cells)[:-1] or [0]))
            page.lines[row] = " | ".join(cells) + " |"

    return damage


def lose_a_cell(page: Page, cells: list[str], place: int) -> None:
    del cells[place]


def empty_a_cell(page: Page, cells: list[str], place: int) -> None:
    cells[place] = ""


def add_an_empty_cell(page: Page, cells: list[str], place: int) -> None:
    cells.insert(place, "")


def add_a_figure(page: Page, cells: list[str], place: int) -> None:
    cells.insert(place, str(page.draw.randint(0, 9)))


def join_two_cells(page: Page, cells: list[str], place: int) -> None:
    cells[place : place + 2] = ["".join(cells[place : place + 2])]


def join_two_cells_by_a_space(page: Page, cells: list[str], place: int) -> None:
    cells[place : place + 2] = [" ".join(cells[place : place + 2])]


def split_a_figure(page: Page, cells: list[str], place: int) -> None:
    if len(cells[place]) > 1:
        cells[place : place + 1] = [cells[place][:1], cells[place][1:]]


def lose_the_label(page: Page, cells: list[str], place: int) -> None:
    first = figures_of(cells)[0]
    cells[:first] = page.draw.choice(([], [""], [cells[0][:2]]))


def cut_the_end(page: Page) -> None:
    page.lines[page.a_line() :] = []


def cut_the_middle(page: Page) -> None:
    at = page.a_line()
    del page.lines[at : min(page.end, at + page.draw.randint(1, 12))]


def lose_a_line(page: Page) -> None:
    del page.lines[page.a_line()]


def repeat_a_line(page: Page) -> None:
    at = page.a_line()
    page.lines.insert(at, page.lines[at])


def exchange_two_lines(page: Page) -> None:
    at = page.a_line()
    page.lines[at : at + 2] = reversed(page.lines[at : at + 2])


def join_two_lines(page: Page) -> None:
    at = page.a_line()
    page.lines[at : at + 2] = ["".join(page.lines[at : at + 2])]


def lose_the_headers(page: Page) -> None:
    page.change_table(lambda line: "" if _HEADER.search(line) else line)


def lose_the_group_lines(page: Page) -> None:
    page.change_table(lambda line: "" if _GROUP.fullmatch(line) else line)


def lose_the_zeros(page: Page) -> None:
    share = page.draw.choice((0.1, 0.4, 1.0))
    page.change_table(lambda line: re.sub(r"(?<=\|) 0 \|", lambda m: "" if page.draw.random() < share else m[0], line))


def print_full_width(page: Page) -> None:
    page.change_table(lambda line: line.translate({ord("0") + n: ord("０") + n for n in range(10)}))


def group_the_digits(page: Page) -> None:
    mark = page.draw.choice((",", "，"))
    page.change_table(lambda line: re.sub(r"(?<![\d.])(\d{1,3})(\d{3})(?!\d)", rf"\1{mark}\2", line))


def print_page_numbers(page: Page) -> None:
    for _ in range(page.draw.randint(1, 3)):
        page.lines.insert(page.a_line(), page.draw.choice(_PAGE_NUMBERS).format(page.draw.randint(2, 9)))


def print_a_note(page: Page) -> None:
    page.lines.insert(page.a_line(), page.draw.choice(_NOTES))


def number_the_rows(page: Page) -> None:
    for number, row in enumerate(page.rows(), start=1):
        page.lines[row] = f"{number} | {page.lines[row]}"


def wrap_the_labels(page: Page) -> None:
    for row in reversed(page.rows()):
        label = cells_of(page.lines[row])[0]
        if len(label) > 8 and page.draw.random() < 0.3:
            at = page.draw.randint(3, len(label) - 2)
            page.lines[row : row + 1] = [page.lines[row][:at], page.lines[row][at:]]


def lose_characters(page: Page) -> None:
    for row in page.rows():
        label = cells_of(page.lines[row])[0]
        if page.draw.random() < 0.15 and len(label) > 4:
            at = page.draw.randint(2, len(label) - 1)
            page.lines[row] = label[:at] + label[at + page.draw.randint(1, 3) :] + page.lines[row][len(label) :]


def print_a_cell_on_each_line(page: Page) -> None:
    between = page.draw.choice(("\n\n", "\n", " |\n", "\n|\n"))
    page.change_table(lambda line: between.join(cells_of(line)) if "|" in line else line)


def change_the_order_of_sections(page: Page) -> None:
    head, *sections = _SECTION.split("\n".join(page.lines))
    page.draw.shuffle(sections)
    page.lines = (head + "\n".join(sections)).split("\n")


def quote_last_year(page: Page) -> None:
    """The tables once more, with other figures in some places, before or behind those of the year."""

    def change(figure: re.Match[str]) -> str:
        return str(int(figure[0]) + page.draw.choice((0, 0, 0, 1, 3)))

    tables = page.lines[page.start : page.end]
    last_year = [
        line if _LIST_NUMBER.match(line) and "|" not in line else re.sub(r"(?<=\| )\d+", change, line)
        for line in tables
    ]
    at = page.draw.choice((page.start, page.end))
    page.lines[at:at] = ["上一年度有关数据如下：", *last_year]


DAMAGES: dict[str, Damage] = {
    change.__name__: _in_a_row(change)
    for change in (
        lose_a_cell,
        empty_a_cell,
        add_an_empty_cell,
        add_a_figure,
        join_two_cells,
        join_two_cells_by_a_space,
        split_a_figure,
        lose_the_label,
    )
} | {
    damage.__name__: damage
    for damage in (
        cut_the_end,
        cut_the_middle,
        lose_a_line,
        repeat_a_line,
        exchange_two_lines,
        join_two_lines,
        lose_the_headers,
        lose_the_group_lines,
        lose_the_zeros,
        print_full_width,
        group_the_digits,
        print_page_numbers,
        print_a_note,
        number_the_rows,
        wrap_the_labels,
        lose_characters,
        print_a_cell_on_each_line,
        change_the_order_of_sections,
        quote_last_year,
    )
}
