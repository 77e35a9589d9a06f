"""A company's own Asterisk as a channel. Calls come in at api/voice/asterisk."""

import socket
from functools import cached_property

import httpx

from connectors.base import Account, Check, Field
from connectors.channels.asterisk import ari
from connectors.channels.voice import lines
from connectors.channels.voice.channel import VoiceChannel
from connectors.speech.engines import engines
from desk.envelope import File


class AsteriskChannel(VoiceChannel):
    """One number, or one extension, of an Asterisk."""

    kind = "asterisk"
    name = "Phone (own Asterisk)"
    fields: tuple[Field, ...] = (
        Field("number", "Phone number", help="What people see when we call, as +49..."),
        Field("ari_url", "Asterisk's address", help="Its HTTP server: http://127.0.0.1:8088"),
        Field("ari_user", "ARI user", default="onethread", help="As in ari.conf."),
        Field("ari_password", "ARI password", secret=True),
        Field(
            "ari_app",
            "ARI application",
            default=ari.APP,
            required=False,
            help="As in extensions.conf: Stasis(onethread). Another one for each further inbox.",
        ),
        Field(
            "audio_address",
            "Where Asterisk reaches this service",
            default="127.0.0.1:9092",
            required=False,
            help="Address and port of the setting ONETHREAD_AUDIOSOCKET, as seen from Asterisk.",
        ),
        Field(
            "dial",
            "How to ring somebody",
            default="Local/{number}@onethread",
            required=False,
            help="{number} is a number or extension: PJSIP/{number}@trunk, or a dialplan context.",
        ),
        Field(
            "languages",
            "Languages",
            default="en-US",
            required=False,
            help="The first greets; callers choose others by a key: en-US, de-DE.",
        ),
        Field(
            "transfer",
            "Handing over",
            default="warm",
            required=False,
            help="warm: colleagues hear a summary and press 1. cold: connected at once.",
        ),
        Field(
            "record",
            "Record calls with people",
            default="no",
            required=False,
            help="yes or no. Where the law asks for it, say so in the disclosure.",
        ),
    )

    @cached_property
    def _http(self) -> httpx.Client:
        return ari.client()

    def fetch(self, account: Account, file: File) -> bytes:
        return ari.recording(self._http, account, file.reference)

    def check(self, account: Account) -> tuple[Check, ...]:
        return (*ari.check(self._http, account), _sound(account), *_speech(account))


def _sound(account: Account) -> Check:
    """Tried from here: that Asterisk gets there too, a call shows."""
    address = account.config.get("audio_address") or "127.0.0.1:9092"
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=3):
            return Check("Sound", True, f"The service takes sound at {address}.")
    except (OSError, ValueError, OverflowError):
        words = f"Nothing takes sound at {address}: set ONETHREAD_AUDIOSOCKET and restart."
        return Check("Sound", False, words)


def _speech(account: Account) -> tuple[Check, ...]:
    known = engines()
    languages = lines.languages(account.config)
    deaf = [one for one in languages if not known.hears(one)]
    mute = [one for one in languages if not known.speaks(one)]
    return (
        Check(
            "Hearing",
            not deaf,
            f"Calls in {', '.join(deaf)} go to people at once: nothing here recognises speech. "
            "Install onethread[voice], or set ONETHREAD_SPEECH_URL and ONETHREAD_SPEECH_HEARS."
            if deaf
            else f"By {known.hear.name if known.hear else ''}.",
        ),
        Check(
            "Speaking",
            not mute,
            f"Calls in {', '.join(mute)} go to people unannounced: nothing here speaks. "
            "Install espeak-ng, or set ONETHREAD_SPEECH_URL and ONETHREAD_SPEECH_SPEAKS."
            if mute
            else f"By {known.say.name if known.say else ''}.",
        ),
    )
