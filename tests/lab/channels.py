"""Inboxes of the channels that the small shop of tests.lab.service has not got."""

from sqlalchemy.orm import Session

from desk import inboxes
from desk.inboxes import Policy
from tests.lab.service import Service

META = {"app_secret": "app-secret", "access_token": "token", "verify_token": "v"}
MORE = {
    "instagram": ({"account_id": "17841400000000001", "app_id": "220011"}, META),
    "messenger": ({"account_id": "110022003300", "app_id": "220011"}, META),
    "sms": ({"account_sid": "AC" + "5" * 32, "number": "+15550006789"}, {"auth_token": "auth"}),
    "telegram": ({}, {"bot_token": "7000000001:token", "webhook_secret": "secret"}),
    "slack": ({}, {"bot_token": "xoxb-token", "signing_secret": "secret"}),
    "api": ({}, {"signing_secret": "whsec_c2ltdWxhdGVkIHNlY3JldCBvZiBhIHRlc3Q="}),
}


def open_all(session: Session, service: Service) -> None:
    """An inbox of each, whose assistant answers as it does in the others."""
    for kind, (config, secrets) in MORE.items():
        inbox = inboxes.open_inbox(
            session,
            kind,
            kind.capitalize(),
            config=config,
            secrets=secrets,
            policy=Policy.THRESHOLD,
            threshold=0.3,
        )
        service.inboxes[kind] = inbox.id
