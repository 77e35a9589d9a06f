"""TwiML is well-formed whatever is said, and says it unchanged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from connectors.channels.voice import twiml
from connectors.channels.voice.caller import attestation, caller, proof
from connectors.simulator.twilio_caller import CarrierError, parsed
from desk.envelope import Strength


@given(st.text(max_size=200), st.text(max_size=50))
def test_any_words_make_one_say_and_nothing_else(words: str, attribute: str) -> None:
    response = twiml.Response().say(f"x{words}", "en-US").listen(words, "en-US", f"a?{attribute}")
    root = etree.fromstring(response.xml())
    assert [str(one.tag) for one in root] == ["Say", "Gather"]
    assert len(root.findall(".//*")) == 2 + bool(words)


def test_markup_in_words_is_words() -> None:
    hostile = "</Say><Dial>+900123</Dial><Say>&amp; ]]>"
    [said] = parsed(twiml.Response().say(hostile, "en-US").xml())
    assert said.text == hostile


@pytest.mark.parametrize(
    "document",
    [
        b"<Response><Dance/></Response>",
        b"<Response><Say tone='sad'>a</Say></Response>",
        b"<Response><Dial><Say>a</Say></Dial></Response>",
        b"<Response><Say></Say></Response>",
        b"<Answer/>",
        b"<Response>",
    ],
)
def test_the_simulated_carrier_is_strict(document: bytes) -> None:
    with pytest.raises(CarrierError):
        parsed(document)


@pytest.mark.parametrize(
    ("form", "letter", "strength"),
    [
        ({"StirVerstat": "TN-Validation-Passed-A"}, "A", Strength.OBSERVED),
        ({"StirVerstat": "TN-Validation-Passed-B"}, "B", Strength.CLAIMED),
        ({"StirVerstat": "TN-Validation-Failed"}, "", Strength.CLAIMED),
        ({"StirVerstat": "No-TN-Validation"}, "", Strength.CLAIMED),
        ({"ShakenStirValidated": "true", "ShakenStirAttestation": "A"}, "A", Strength.OBSERVED),
        ({"ShakenStirValidated": "false", "ShakenStirAttestation": "A"}, "", Strength.CLAIMED),
        ({}, "", Strength.CLAIMED),
    ],
)
def test_a_caller_id_is_observed_at_most(
    form: dict[str, str], letter: str, strength: Strength
) -> None:
    assert attestation(form) == letter
    assert proof(form) == strength
    assert proof(form).rank < Strength.ASSERTED.rank


@pytest.mark.parametrize("number", ["", "anonymous", "+266696687", "Restricted"])
def test_a_withheld_number_is_nobodys(number: str) -> None:
    assert caller({"CallSid": "CA1"}, number).kind == "phone_call"
