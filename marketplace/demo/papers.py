"""A 수준확인서 of the demo country as a PDF of one page that says what it is not. Pure."""

from collections.abc import Mapping
from typing import Any

NOTICE = "합성 데이터: 시연을 위해 만든 문서이며 실제 확인서가 아닙니다."
BODY = "합성 수준확인기관"
_SCALES = {"company_level": "기업 수준", "system_level": "구축시스템 수준"}
#: Points from the left, and from the bottom for the first line; points between lines.
_LEFT, _TOP, _STEP = 72, 740, 30
#: Readers bring a font of their own for these glyphs: nothing is embedded.
_FONTS = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /HYGoThic-Medium /Encoding /UniKS-UCS2-H /DescendantFonts [5 0 R] >>",
    (
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /HYGoThic-Medium /FontDescriptor 6 0 R\n"
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Korea1) /Supplement 1 >> >>"
    ),
    (
        b"<< /Type /FontDescriptor /FontName /HYGoThic-Medium /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0\n"
        b"/Ascent 880 /Descent -120 /CapHeight 880 /StemV 80 >>"
    ),
)


def level_certificate(paper: Mapping[str, Any], *, company: str, number: str, site: str) -> bytes:
    """The paper that says what the entry says.

    Args:
        paper: number, scale, level, issued_on, valid_until.
        company, number, site: the company with its registration number, and the factory.
    """
    lines = [
        "스마트공장 수준확인서 (합성)",
        NOTICE,
        f"번호: {paper['number']}",
        f"기업: {company} ({number})",
        f"공장: {site}",
        f"{_SCALES[paper['scale']]}: {paper['level']}",
        f"발급일: {paper['issued_on']}",
        f"유효기간: {paper['valid_until']}까지",
        f"발급기관: {BODY}",
    ]
    return _document(_page(lines))


def _page(lines: list[str]) -> bytes:
    drawn = [
        f"BT /F1 {18 if i == 0 else 12} Tf {_LEFT} {_TOP - i * _STEP} Td"
        f" <{line.encode('utf-16-be').hex().upper()}> Tj ET"
        for i, line in enumerate(lines)
    ]
    return "\n".join(drawn).encode()


def _document(drawing: bytes) -> bytes:
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 7 0 R /Resources << /Font << /F1 4 0 R >>>>>>",
        *_FONTS,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing),
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for i, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (i, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)
