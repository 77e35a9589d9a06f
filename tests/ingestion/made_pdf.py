"""Small PDFs made by hand: text at places, in sizes and weights, ruled lines, pictures."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    words: str
    x: float
    y: float
    size: float = 11
    bold: bool = False


@dataclass(frozen=True)
class Rule:
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Picture:
    """A grey area, as a scanner leaves it."""

    x: float
    y: float
    width: float
    height: float


Item = Text | Rule | Picture


def pdf(*pages: Sequence[Item]) -> bytes:
    """A PDF of A4 pages; coordinates in points from the bottom left."""
    kids = " ".join(f"{5 + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode(),
        _font("Helvetica"),
        _font("Helvetica-Bold"),
    ]
    for i, page in enumerate(pages):
        drawing = "\n".join(map(_drawn, page)).encode("cp1252")
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources "
            b"<< /Font << /F1 3 0 R /F2 4 0 R >> >> /Contents %d 0 R >>" % (6 + 2 * i)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing))
    return _file(objects)


def _font(name: str) -> bytes:
    return (
        f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>".encode()
    )


def _drawn(item: Item) -> str:
    if isinstance(item, Picture):
        place = f"{item.width} 0 0 {item.height} {item.x} {item.y} cm"
        return f"q {place} BI /W 1 /H 1 /CS /G /BPC 8 ID A EI Q"
    if isinstance(item, Rule):
        return f"{item.x1} {item.y1} m {item.x2} {item.y2} l S"
    words = item.words.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    font = "F2" if item.bold else "F1"
    return f"BT /{font} {item.size} Tf 1 0 0 1 {item.x} {item.y} Tm ({words}) Tj ET"


def _file(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(out)
