"""What a model may do by itself: declared, limited by how well the customer is proven."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.llm import ToolCall
from core.log import log
from desk.envelope import Strength
from retrieval.found import ArticleHit


@dataclass(frozen=True)
class ToolResult:
    """What a tool says to the model: words, or articles that answers may then cite."""

    text: str = ""
    articles: tuple[ArticleHit, ...] = ()


@dataclass(frozen=True)
class Tool:
    """`writes`: it changes something, so it never runs without a person's or customer's yes."""

    name: str
    description: str
    parameters: Mapping[str, Any]
    """JSON schema of its arguments."""
    run: Callable[[Mapping[str, Any]], ToolResult] = field(repr=False)
    writes: bool = False
    needs: Strength = Strength.CLAIMED

    @property
    def declaration(self) -> dict[str, Any]:
        function = {
            "name": self.name,
            "description": self.description,
            "parameters": dict(self.parameters),
        }
        return {"type": "function", "function": function}


def run_tool(tools: Sequence[Tool], call: ToolCall, proof: Strength) -> ToolResult:
    """Run what the model asked for. A refusal or a failure is told to it in plain words."""
    tool = next((tool for tool in tools if tool.name == call.name), None)
    if tool is None:
        return ToolResult(f"There is no tool {call.name[:60]}. Answer from the passages.")
    if call.arguments is None:
        return ToolResult("The arguments are no JSON object. Answer from the passages.")
    if tool.writes:
        return ToolResult("This needs a person's approval. Do not claim that it was done.")
    if proof.rank < tool.needs.rank:
        return ToolResult("The customer is not proven well enough for this. Do not guess.")
    try:
        return tool.run(call.arguments)
    except Exception as wrong:
        log.warning("tool_failed", tool=tool.name, error=type(wrong).__name__)
        return ToolResult("The tool failed. Answer from the passages, or say they don't suffice.")
