"""The Graph API as WhatsApp uses it."""

from connectors.channels.meta.graph import (
    API_BASE,
    API_VERSION,
    Graph,
    Refused,
    bearer,
    data,
    failed,
    problem,
    unknown,
)
from connectors.channels.whatsapp.errors import ERRORS

__all__ = [
    "API_BASE",
    "API_VERSION",
    "Refused",
    "bearer",
    "data",
    "failed",
    "post",
    "problem",
    "unknown",
    "url",
]

GRAPH = Graph(ERRORS)
post, url = GRAPH.post, GRAPH.url
