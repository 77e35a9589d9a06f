"""The model's own look into the documents, for questions that need a second search."""

from collections.abc import Mapping
from typing import Any

from agent.tools.tool import Tool, ToolResult
from knowledge.index import Filters
from knowledge.language import language_of
from retrieval.library import Library
from retrieval.search import search

MOST = 3


def search_knowledge(library: Library) -> Tool:
    """Searches what customers may read, as the first search did."""

    def run(arguments: Mapping[str, Any]) -> ToolResult:
        query = str(arguments.get("query") or "").strip()[:400]
        if not query:
            return ToolResult("Say in query what to look for.")
        language = language_of(query).code
        found = search(library, query, language=language, filters=Filters(), k=MOST)
        return ToolResult("" if found.articles else "Nothing was found.", found.articles)

    return Tool(
        name="search_knowledge",
        description="Search the company's documents for passages about something else.",
        parameters={
            "type": "object",
            "properties": {"query": {"type": "string", "description": "What to look for"}},
            "required": ["query"],
        },
        run=run,
    )
