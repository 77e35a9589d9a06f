"""OpenDocument, RTF, EPUB and the old Office formats, by anydoc, all on this machine."""

from pathlib import Path
from typing import cast

import anydoc

from ingestion.parse.document import Document, Unreadable, document_of
from ingestion.parse.limits import damaged, protected
from ingestion.parse.markdown import markdown_blocks
from ingestion.parse.written import title_in


def read(path: Path, name: str, kind: str) -> Document:
    return office_document(path, name, kind)


def office_document(path: Path, name: str, kind: str) -> Document:
    # anydoc reads old and new spreadsheets alike, under the name of the new.
    format = cast(anydoc.Format, "xlsx" if kind == "xls" else kind)
    try:
        text = anydoc.to_markdown_bytes(path.read_bytes(), format)
    except anydoc.EncryptedError:
        raise Unreadable(protected(name)) from None
    except anydoc.ResourceLimitError:
        raise Unreadable(f"“{name}” unpacks to far more than a document needs. Split it.") from None
    except anydoc.ConvertError:
        raise Unreadable(damaged(name)) from None
    blocks = markdown_blocks(text)
    return document_of(blocks, title=title_in(blocks))
