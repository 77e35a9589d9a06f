"""Instagram Direct as a channel."""

from datetime import timedelta

from connectors.base import Field, Norms
from connectors.channels.meta.direct.channel import DirectChannel, fields
from connectors.channels.meta.direct.errors import table
from connectors.channels.meta.direct.product import MB, Product
from connectors.channels.meta.graph import Graph
from connectors.cutting import weight

API_BASE = "https://graph.instagram.com"
INSTAGRAM = Product(
    kind="instagram",
    name="Instagram",
    graph=Graph(table("Instagram"), API_BASE),
    text_limit=1000,
    measure=weight,
    takes={
        "image": (8 * MB, frozenset({"image/png", "image/jpeg", "image/gif"})),
        "audio": (
            25 * MB,
            frozenset({"audio/aac", "audio/mp4", "audio/x-m4a", "audio/wav", "audio/x-wav"}),
        ),
        "video": (
            25 * MB,
            frozenset(
                {"video/mp4", "video/ogg", "video/x-msvideo", "video/quicktime", "video/webm"}
            ),
        ),
        "file": (25 * MB, frozenset({"application/pdf"})),
    },
    echoes_metadata=False,
)


class InstagramChannel(DirectChannel):
    """One professional account."""

    kind = "instagram"
    name = "Instagram"
    product = INSTAGRAM
    norms = Norms(text_limit=1000, turn_wait=timedelta(seconds=3))
    fields = fields(
        Field(
            "account_id",
            "Instagram account ID",
            required=False,
            help="The number that webhooks name as the recipient. With it, messages to other "
            "accounts of the same app are refused.",
        ),
        token_help="A long-lived token with instagram_business_manage_messages.",
        api_base=API_BASE,
        base_help="With a Facebook page's token: https://graph.facebook.com. Files can be "
        "uploaded only there.",
    )
