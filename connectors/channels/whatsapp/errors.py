"""WhatsApp's error codes."""

from connectors.channels.meta.errors import ErrorTable, Meaning, Then
from desk.envelope import Concerns

WINDOW_CLOSED = "131047"

MEANINGS = {
    "0": Meaning(
        "WhatsApp does not accept the access token. Put a new one into the settings.",
        concerns=Concerns.INBOX,
    ),
    "1": Meaning("WhatsApp had an unspecified problem.", Then.UNKNOWN),
    "2": Meaning("WhatsApp was briefly unavailable.", Then.UNKNOWN),
    "3": Meaning("The access token lacks a permission for this call.", concerns=Concerns.INBOX),
    "4": Meaning("The app made too many calls this hour.", Then.TRY_LATER, 300, Concerns.INBOX),
    "10": Meaning(
        "The access token lacks the permission to send messages.", concerns=Concerns.INBOX
    ),
    "100": Meaning("WhatsApp did not accept a value in this message."),
    "190": Meaning(
        "The access token has expired. Put a new one into the settings.", concerns=Concerns.INBOX
    ),
    "368": Meaning(
        "WhatsApp has blocked this account for breaking a policy.", concerns=Concerns.INBOX
    ),
    "80007": Meaning(
        "The business account reached its hourly limit.", Then.TRY_LATER, 300, Concerns.INBOX
    ),
    "130429": Meaning(
        "This number sends faster than WhatsApp allows.", Then.TRY_LATER, 10, Concerns.INBOX
    ),
    "130472": Meaning("WhatsApp holds marketing messages to this customer back as part of a test."),
    "130497": Meaning("This account may not write to customers in that country."),
    "131000": Meaning("WhatsApp failed for an unknown reason.", Then.UNKNOWN),
    "131005": Meaning("The access token has no right to this number.", concerns=Concerns.INBOX),
    "131008": Meaning("The message lacks a required value."),
    "131009": Meaning("A value in the message is not valid."),
    "131016": Meaning("WhatsApp was overloaded.", Then.UNKNOWN),
    "131021": Meaning("A number cannot write to itself."),
    "131026": Meaning(
        "The customer cannot be reached on WhatsApp (no account, an old app, or "
        "new terms not accepted)."
    ),
    "131031": Meaning("WhatsApp has locked this business account.", concerns=Concerns.INBOX),
    "131037": Meaning("The number's display name is not approved yet.", concerns=Concerns.INBOX),
    "131042": Meaning(
        "WhatsApp billing is not set up or a payment failed.", concerns=Concerns.INBOX
    ),
    "131045": Meaning("The number is not registered for sending.", concerns=Concerns.INBOX),
    WINDOW_CLOSED: Meaning(
        "More than 24 hours have passed since the customer last wrote: only an "
        "approved template can be sent."
    ),
    "131048": Meaning("WhatsApp limits this number because customers reported it as spam."),
    "131049": Meaning(
        "WhatsApp did not deliver this so that the customer gets fewer marketing "
        "messages. Do not resend within 24 hours."
    ),
    "131050": Meaning(
        "The customer has opted out of marketing messages.", concerns=Concerns.RECIPIENT
    ),
    "131051": Meaning("WhatsApp does not support this kind of message."),
    "131052": Meaning("The customer's file could not be downloaded."),
    "131053": Meaning("WhatsApp could not take the attached file."),
    "131056": Meaning(
        "Too many messages to this one customer in a short time.",
        Then.TRY_LATER,
        4,
        Concerns.RECIPIENT,
    ),
    "131057": Meaning("The business account is under maintenance.", Then.UNKNOWN),
    "131062": Meaning("This kind of template cannot go to a customer without a phone number."),
    "132000": Meaning("The template needs another number of values."),
    "132001": Meaning("The template does not exist in this language or is not approved."),
    "132005": Meaning("The filled-in template is too long."),
    "132007": Meaning("The template breaks a WhatsApp policy."),
    "132012": Meaning("A value does not have the form the template asks for."),
    "132018": Meaning("A value has line breaks, tabs or too many spaces for a template."),
    "132015": Meaning("The template is paused because of low quality."),
    "132016": Meaning("The template was switched off because of low quality."),
    "133010": Meaning("The number is not registered with the Cloud API.", concerns=Concerns.INBOX),
}

ERRORS = ErrorTable("WhatsApp", MEANINGS, too_fast="130429")
