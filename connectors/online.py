"""What channels share that talk to a provider over HTTP."""

from functools import cached_property

import httpx

from connectors.base import Field

TIMEOUT = httpx.Timeout(20, connect=5, pool=30)
"""Seconds. The outbox's claim on a message lasts longer than the longest of these."""


class OnlineChannel:
    """A channel with connections of its own to its provider."""

    @cached_property
    def _http(self) -> httpx.Client:
        """Made on first use, so that no connection is shared across a worker's fork."""
        return httpx.Client(timeout=TIMEOUT)


def address_field(
    default: str, help: str = "Only changed to try the channel against the simulator."
) -> Field:
    """Where the provider's API is."""
    return Field("api_base", "API address", default=default, required=False, help=help)
