"""Writes the two text shapes: plain prose, and the dump an OCR tool makes of a PDF (Markdown headings, tab-separated cells).

The dump keeps what such tools lose: 表三 is flattened to nine columns where ten are needed, so the rows with three label
cells end one value early, and 表四 gets a padding column.
"""

from __future__ import annotations

from samples.recipe.sample import DISCLAIMER, Sample
from samples.recipe.statutory import LABEL_COLUMNS, Laid, LaidTable, lay_out

INDENT = " " * 8


def write_prose(sample: Sample) -> bytes:
    """Furniture, a title over two lines, indented paragraphs, a signature, furniture again."""
    lines = [*sample.furniture_before, "", *sample.title_lines, ""]
    lines += [INDENT + paragraph for paragraph in sample.opening]
    for section in sample.sections:
        lines += [INDENT + text for text in (section.heading, *section.paragraphs)]
    lines += ["", *sample.signature, "", sample.furniture_after or "", DISCLAIMER]
    return ("\n".join(lines) + "\n").encode(sample.encoding)


def write_dump(sample: Sample) -> bytes:
    """Markdown with the tables as tab-separated lines; page breaks leave an empty line."""
    blocks = [f"## {sample.title}", *sample.opening]
    for section in sample.sections:
        blocks += [f"{'#' * section.depth} {section.heading}", *section.paragraphs]
        if section.table:
            blocks.append(_dump_table(sample, lay_out(sample, section.table)))
    return ("\n\n" + "\n\n".join([*blocks, DISCLAIMER]) + "\n").encode(sample.encoding)


def _dump_table(sample: Sample, laid: LaidTable) -> str:
    if laid.code == "T3":
        return "\n".join(_dump_applications(sample, laid))
    surplus = sample.surplus_value.get(laid.code)
    lines = []
    for index in range(laid.height):
        texts = _flatten(laid.row(index), laid.width)
        if surplus is not None:
            texts.append(surplus if index == laid.height - 1 else "")
        lines.append("\t".join(texts))
    return "\n".join(lines)


def _flatten(cells: tuple[Laid, ...], width: int, from_column: int = 0) -> list[str]:
    """The texts of a row at their columns, the rest empty; a cell the source does not have takes no place."""
    texts: list[str | None] = [""] * (width - from_column)
    for cell in cells:
        texts[cell.column - from_column] = cell.text
    return [text for text in texts if text is not None]


def _dump_applications(sample: Sample, laid: LaidTable) -> list[str]:
    """表三 with at most two label cells before the values after the page break, as the tool numbers its columns anew."""
    corner, *above = laid.row(0)
    header = [[corner.text or "", *_flatten(tuple(above), laid.width, LABEL_COLUMNS)]]
    header += [["", *_flatten(laid.row(index), laid.width, LABEL_COLUMNS)] for index in (1, 2)]
    lines = ["\t".join(texts) for texts in header]
    broken = False
    for index in range(len(header), laid.height):
        cells = laid.row(index)
        names = [cell for cell in cells if not cell.figure]
        figures = [cell.text for cell in cells if cell.figure and cell.text is not None]
        last = sample.page_break is not None and names[-1].code == sample.page_break.after
        lines.append("\t".join([*_dump_names(names, last, broken), *figures]))
        if last:
            broken = True
            lines.append("")
    return lines


def _dump_names(names: list[Laid], last_of_page: bool, broken: bool) -> list[str]:
    """The label cells of one line: those of the groups that continue from above are empty."""
    own = names[-1].text or ""
    if last_of_page:
        return [own, ""]
    if names[-1].column == 0:
        return [own, ""] if broken else [own]
    above = [""] * names[0].column
    texts = [*above, *(name.text or "" for name in names)]
    return texts[-2:] if broken else texts
