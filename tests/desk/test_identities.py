"""Who somebody is, is a matter of evidence."""

import pytest

from core.db import reading, transaction
from core.settings import Settings
from desk import customers, identities, recognition
from desk.customers import Customer
from desk.envelope import Address, Strength

ADAS_MAIL = "ada@mail.example"


def _recognise(*addresses: Address, name: str = "") -> str:
    """The customer that a message from these addresses belongs to."""
    with transaction() as session:
        identity = recognition.recognise(session, addresses, name)
        return customers.current_id(session, identity.customer_id)


def _known(merchant_id: str, *addresses: Address) -> str:
    with transaction() as session:
        customer = Customer(name=merchant_id, merchant_id=merchant_id)
        session.add(customer)
        session.flush()
        for address in addresses:
            identities.assign(session, customer, address)
        return customer.id


def _mail(strength: Strength) -> Address:
    return Address("email", ADAS_MAIL, strength, f"says {strength}")


def _visitor(value: str) -> Address:
    return Address("visitor", value, Strength.OBSERVED, "website chat")


def _signed(value: str) -> Address:
    return Address("external", value, Strength.SIGNED, "signed by the website")


def test_the_same_address_is_the_same_customer(installation: Settings) -> None:
    first = _recognise(_mail(Strength.ASSERTED))
    assert _recognise(_mail(Strength.OBSERVED)) == first


def test_addresses_that_the_channel_proves_together_join(installation: Settings) -> None:
    phone = Address("phone", "+4915100000001", Strength.ASSERTED, "WhatsApp")
    both = _recognise(Address("whatsapp", "DE.1", Strength.ASSERTED, "WhatsApp"), phone)
    assert _recognise(phone) == both


def test_a_claimed_address_joins_nobody(installation: Settings) -> None:
    ada = _known("C-1", _mail(Strength.SIGNED))
    stranger = _recognise(_visitor("v1"), _mail(Strength.CLAIMED))

    assert stranger != ada
    with reading() as session:
        [only] = identities.of_customer(session, ada)
        assert only.kind == "email"


def test_nobody_is_recognised_by_claims_alone(installation: Settings) -> None:
    with pytest.raises(ValueError, match="sender"):
        _recognise(_mail(Strength.CLAIMED))


def test_an_identity_is_as_strong_as_its_best_evidence(installation: Settings) -> None:
    for strength in (Strength.OBSERVED, Strength.ASSERTED, Strength.OBSERVED):
        _recognise(_mail(strength))

    with transaction() as session:
        identity = recognition.recognise(session, [_mail(Strength.OBSERVED)])
        reasons = [evidence.source for evidence in identities.evidence_for(session, identity.id)]
    assert identity.strength == Strength.ASSERTED
    assert reasons == ["says observed", "says asserted"]


def test_an_anonymous_visitor_becomes_whom_the_website_signs_in(installation: Settings) -> None:
    ada = _known("C-1", _signed("C-1"))
    anonymous = _recognise(_visitor("v1"))
    assert anonymous != ada

    assert _recognise(_visitor("v1"), _signed("C-1")) == ada
    assert _recognise(_visitor("v1")) == ada


def test_a_signed_visitor_never_merges_two_known_customers(installation: Settings) -> None:
    ada, bo = _known("C-1", _signed("C-1")), _known("C-2", _signed("C-2"))
    _recognise(_visitor("v1"), _signed("C-1"))
    _recognise(_visitor("v1"), _signed("C-2"))

    with reading() as session:
        assert customers.all_ids(session, bo) == [bo]
        assert bo not in customers.all_ids(session, ada)
