"""Places and people a customer shares, as files that any program can open."""

import json
import math

from connectors.json_values import Json, child, children, text
from desk.envelope import File


def location_file(place: Json) -> File:
    """A GeoJSON point, named like the place."""
    name = text(place, "name") or text(place, "address")
    point = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": _coordinates(place)},
        "properties": {"name": name, "address": text(place, "address"), "url": text(place, "url")},
    }
    content = json.dumps(point).encode()
    return File("location", name, "application/geo+json", content, size=len(content))


def _coordinates(place: Json) -> list[float]:
    try:
        pair = [float(text(place, "longitude")), float(text(place, "latitude"))]
    except ValueError as error:
        raise ValueError("The location has no coordinates.") from error
    if not all(math.isfinite(one) for one in pair):
        raise ValueError("The location has no coordinates.")
    return pair


def contact_file(card: Json) -> File:
    """The vCard that came along, else one of the name and the numbers."""
    phones = [text(one, "phone") for one in children(card, "phones")]
    emails = [text(one, "email") for one in children(card, "emails")]
    name = text(child(card, "name"), "formatted_name") or next(filter(None, phones + emails), "")
    content = (text(card, "vcard") or _vcard(name, phones, emails)).encode()
    return File("contact", name, "text/vcard", content, size=len(content))


def _vcard(name: str, phones: list[str], emails: list[str]) -> str:
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"FN:{_escaped(name)}"]
    lines += [f"TEL:{_escaped(one)}" for one in phones if one]
    lines += [f"EMAIL:{_escaped(one)}" for one in emails if one]
    return "\r\n".join([*lines, "END:VCARD", ""])


def _escaped(value: str) -> str:
    for mark in ("\\", ",", ";"):
        value = value.replace(mark, "\\" + mark)
    return value.replace("\r", "").replace("\n", "\\n")
