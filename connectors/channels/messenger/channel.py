"""Messenger as a channel."""

from datetime import timedelta

from connectors.base import Field, Norms
from connectors.channels.meta.direct.channel import DirectChannel, fields
from connectors.channels.meta.direct.errors import table
from connectors.channels.meta.direct.product import MB, Product
from connectors.channels.meta.graph import API_BASE, Graph
from connectors.cutting import width

MESSENGER = Product(
    kind="messenger",
    name="Messenger",
    graph=Graph(table("Messenger")),
    text_limit=2000,
    measure=width,
    takes={
        "image": (8 * MB, frozenset({"image/png", "image/jpeg", "image/gif"})),
        "audio": (
            25 * MB,
            frozenset({"audio/aac", "audio/mp4", "audio/mpeg", "audio/x-m4a", "audio/wav"}),
        ),
        "video": (25 * MB, frozenset({"video/mp4", "video/quicktime", "video/webm"})),
        "file": (25 * MB, frozenset()),
    },
    echoes_metadata=True,
)


class MessengerChannel(DirectChannel):
    """One Facebook page."""

    kind = "messenger"
    name = "Messenger"
    product = MESSENGER
    norms = Norms(text_limit=2000, turn_wait=timedelta(seconds=3))
    fields = fields(
        Field("account_id", "Page ID", help="The page's number, under About > Page transparency."),
        token_help="A page access token with pages_messaging.",
        api_base=API_BASE,
        base_help="Only changed to try the channel against the simulator.",
    )
