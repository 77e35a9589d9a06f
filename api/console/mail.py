"""HTML mail, made safe to show: no scripts, no forms, no styles that reach out of their box."""

import re
from collections.abc import Sequence

import nh3

from desk.messages import Attachment

_TAGS = nh3.ALLOWED_TAGS - {"area", "map", "svg", "math", "style"}
_CID = re.compile(r'src="cid:([^"]*)"', re.IGNORECASE)


def safe_html(html: str, attachments: Sequence[Attachment]) -> str:
    """The mail's markup without anything active; pictures inside it come from our own store."""
    if not html:
        return ""
    clean = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags={"script", "style", "title"},
        attributes={**nh3.ALLOWED_ATTRIBUTES, "img": {"src", "alt", "width", "height"}},
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        link_rel="noopener noreferrer nofollow",
    )
    places = {file.inline_id.strip("<>"): file.id for file in attachments if file.inline_id}
    return _CID.sub(lambda found: f'src="{_place(places.get(found.group(1)))}"', clean)


def _place(attachment_id: str | None) -> str:
    return f"/api/attachments/{attachment_id}" if attachment_id else ""
