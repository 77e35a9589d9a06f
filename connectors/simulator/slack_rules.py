"""What Slack's chat.postMessage accepts, and the word it answers with where it doesn't."""

from typing import Any

TEXT_LIMIT, SECTION_LIMIT, BLOCKS, ELEMENTS = 40_000, 3000, 50, 25
LABEL_LIMIT, VALUE_LIMIT, ACTION_ID_LIMIT = 75, 2000, 255


def complaint(body: dict[str, Any]) -> str:
    """Slack's error word; "" for a message it takes."""
    words, blocks = body.get("text") or "", body.get("blocks") or []
    if not words.strip() and not blocks:
        return "no_text"
    if len(words) > TEXT_LIMIT:
        return "msg_too_long"
    if len(blocks) > BLOCKS or not all(_is_fine(block) for block in blocks):
        return "invalid_blocks"
    total = sum(len(str(block)) for block in blocks)
    return "msg_blocks_too_long" if total > 13_200 else ""


def _is_fine(block: dict[str, Any]) -> bool:
    if block.get("type") == "section":
        words = (block.get("text") or {}).get("text") or ""
        return 0 < len(words) <= SECTION_LIMIT
    if block.get("type") != "actions":
        return False
    buttons = block.get("elements") or []
    ids = [button.get("action_id") for button in buttons]
    fine = all(_is_fine_button(button) for button in buttons)
    return fine and 0 < len(buttons) <= ELEMENTS and len(set(ids)) == len(ids)


def _is_fine_button(button: dict[str, Any]) -> bool:
    label = (button.get("text") or {}).get("text") or ""
    return (
        button.get("type") == "button"
        and 0 < len(label) <= LABEL_LIMIT
        and len(button.get("value") or "") <= VALUE_LIMIT
        and len(button.get("action_id") or "") <= ACTION_ID_LIMIT
    )
