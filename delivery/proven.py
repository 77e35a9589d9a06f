"""Whether the channel vouches for who sent a message."""

from desk.envelope import Envelope, Strength


def is_proven(envelope: Envelope) -> bool:
    """What nobody vouches for is placed by no word in it and joins nothing."""
    return bool(envelope.sender) and envelope.sender[0].strength.rank >= Strength.ASSERTED.rank
