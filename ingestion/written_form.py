"""A document as Markdown: how it is kept, edited and shown."""

from ingestion.parse.document import Block, Document, FaqRow


def as_markdown(document: Document) -> str:
    """Answers come first, each below its question unless that is the title; then the blocks."""
    asked = [_answer(row, document.title) for row in document.faq]
    written = [_block(block) for block in document.blocks]
    return "\n\n".join(part for part in (*asked, *written) if part)


def _answer(row: FaqRow, title: str) -> str:
    asked = "" if row.question == title else f"## {row.question.strip()}\n\n"
    return asked + row.answer.strip()


def _block(block: Block) -> str:
    text = block.text.strip()
    match block.kind:
        case "heading":
            return f"{'#' * min(max(block.level + 1, 2), 6)} {' '.join(text.split())}"
        case "list":
            return "\n".join(f"- {_bare(line)}" for line in text.splitlines())
        case "steps":
            return "\n".join(f"{n}. {_bare(line)}" for n, line in enumerate(text.splitlines(), 1))
        case "code":
            return f"```\n{text}\n```"
        case _:
            return text


def _bare(line: str) -> str:
    """A list line without a marker of its own."""
    stripped = line.strip()
    marker, _, rest = stripped.partition(" ")
    is_marker = marker in ("-", "*", "•") or (marker[:-1].isdigit() and marker[-1:] in ".)")
    return rest.strip() if is_marker and rest else stripped
