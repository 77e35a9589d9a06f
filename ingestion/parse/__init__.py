"""Documents in, structured blocks out."""

from ingestion.parse.document import Block, Document, FaqRow, Unreadable
from ingestion.parse.run import parse
from ingestion.parse.written import parse_text

__all__ = ["Block", "Document", "FaqRow", "Unreadable", "parse", "parse_text"]
