"""Text in fonts that a PDF names but does not carry is read whole, whatever fonts the machine has."""

from __future__ import annotations

import numpy as np
import pypdfium2
import pytest

from disclosure.document import Paragraph
from disclosure.extract import pdf_fonts
from disclosure.extract.pdf import read_pdf


def _written(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1."""
    data, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(data))
    return data + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (len(objects) + 1, table, end)


def _stream(content: bytes) -> bytes:
    return b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content)


def _one_by_one(text: str, ordering: bytes, advance: float = 12) -> bytes:
    """A line set character by character, as some programs do, in 宋体 that is not embedded; only the PDF's own map to Unicode
    says what the characters are."""
    numbers = {character: 100 + place for place, character in enumerate(dict.fromkeys(text))}
    lines = [
        b"BT /F1 12 Tf %.1f 700 Td <%04X> Tj ET" % (72 + advance * place, numbers[character])
        for place, character in enumerate(text)
    ]
    to_unicode = (
        b"begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange %d beginbfchar\n%sendbfchar endcmap"
        % (
            len(numbers),
            b"".join(b"<%04X> <%04X>\n" % (number, ord(character)) for character, number in numbers.items()),
        )
    )
    return _written(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        _stream(b"\n".join(lines)),
        b"<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/Identity-H/DescendantFonts[6 0 R]/ToUnicode 7 0 R>>",
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/SimSun/FontDescriptor 8 0 R/DW 1000"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(%s)/Supplement 0>>>>" % ordering,
        _stream(b"/CIDInit /ProcSet findresource begin 12 dict begin %s end end" % to_unicode),
        b"<</Type/FontDescriptor/FontName/SimSun/Flags 4/FontBBox[0 -140 1000 860]/Ascent 860/Descent -140"
        b"/CapHeight 700/StemV 80/ItalicAngle 0>>",
    )


def _text(data: bytes) -> str:
    return "".join(block.text for block in read_pdf(data).blocks if isinstance(block, Paragraph))


@pytest.mark.parametrize("ordering", [b"Identity", b"GB1"])
def test_characters_set_one_by_one_are_all_read(ordering: bytes) -> None:
    assert _text(_one_by_one("行政许可减2件，新收申请10件。", ordering)) == "行政许可减2件，新收申请10件。"


def test_equal_digits_half_a_character_apart_stay_two() -> None:
    assert _text(_one_by_one("11223300", b"Identity", advance=6)) == "11223300"


def test_pages_are_drawn_with_the_installed_fonts() -> None:
    """Recognition of a page must not see the boxes that stand in for glyphs."""
    data = _one_by_one("ABC", b"Identity")

    def drawn() -> np.ndarray:
        with pypdfium2.PdfDocument(data) as document:
            return np.array(document[0].render().to_numpy())

    plain = drawn()
    with pdf_fonts.stand_ins():
        boxes = drawn()
        with pdf_fonts.installed():
            assert (drawn() == plain).all()
        assert (drawn() == boxes).all()
    assert (boxes != plain).any()
    assert (drawn() == plain).all()
