"""Who joins whom by itself, who is only suggested, and who never joins: the rules as stories."""

import pytest

from core.db import reading, transaction
from desk import customers, identities, identity_moves, merges, recognition, suggestions
from desk.customers import Customer
from desk.envelope import Address, Strength

NUMBER, NEW_NUMBER = "+4915100000001", "+4915100000002"
MAIL = "ada@mail.example"
ASSERTED, SIGNED, OBSERVED = Strength.ASSERTED, Strength.SIGNED, Strength.OBSERVED

pytestmark = pytest.mark.usefixtures("installation")


def _user(value: str) -> Address:
    return Address("whatsapp", value, ASSERTED, "WhatsApp")


def _phone(value: str = NUMBER, strength: Strength = ASSERTED) -> Address:
    return Address("phone", value, strength, "WhatsApp")


def _mail(strength: Strength, source: str = "DMARC pass") -> Address:
    return Address("email", MAIL, strength, source)


def _signed(sub: str) -> Address:
    return Address("external", sub, SIGNED, "signed by the website")


def _visitor(value: str, strength: Strength = OBSERVED) -> Address:
    return Address("visitor", value, strength, "website chat")


def _writes(*addresses: Address) -> str:
    with transaction() as session:
        recognition.recognise(session, addresses)
        signed = next((one for one in addresses if one.kind == "external"), addresses[0])
        identity = identities.find(session, signed.kind, signed.value)
        assert identity is not None
        return customers.current_id(session, identity.customer_id)


def _merchant_knows(merchant_id: str, *addresses: Address) -> str:
    with transaction() as session:
        customer = Customer(name=merchant_id, merchant_id=merchant_id)
        session.add(customer)
        session.flush()
        for address in addresses:
            recognition.assign(session, customer, address)
        return customer.id


def _owner(kind: str, value: str) -> str | None:
    with reading() as session:
        return identities.customer_of(session, kind, value)


def _current(customer_id: str) -> str:
    with reading() as session:
        return customers.current_id(session, customer_id)


def _suggested() -> list[set[str]]:
    with reading() as session:
        return [set(suggestions.pair(session, row)) for row in suggestions.waiting(session)]


def test_a_proven_number_joins_whom_the_merchant_assigned_it_to() -> None:
    ada = _merchant_knows("C-1", _phone(strength=SIGNED))
    assert _writes(_user("DE.1"), _phone()) == ada
    assert _writes(_user("DE.1")) == ada
    assert _suggested() == []


def test_proven_mail_joins_its_writer_to_whom_the_merchant_assigns_it_later() -> None:
    writer = _writes(_mail(ASSERTED))
    ada = _merchant_knows("C-1", _mail(SIGNED, "the shop"))
    assert writer != ada

    assert _writes(_mail(ASSERTED)) == ada
    assert _current(writer) == ada


def test_a_spoofed_from_joins_nobody() -> None:
    writer = _writes(_mail(OBSERVED, "From header"))
    ada = _merchant_knows("C-1", _mail(SIGNED, "the shop"))

    assert _writes(_mail(OBSERVED, "From header")) == writer != ada
    assert _current(ada) == ada


def test_another_user_on_a_known_number_is_a_new_person() -> None:
    ada = _writes(_user("DE.1"), _phone())
    bo = _writes(_user("DE.2"), _phone())

    assert bo != ada
    assert _owner("phone", NUMBER) == bo
    assert _writes(_user("DE.1")) == ada
    with reading() as session:
        assert not [i for i in identities.of_customer(session, ada) if i.kind == "phone"]


def test_what_the_merchant_said_of_a_number_is_stale_once_another_user_holds_it() -> None:
    ada = _merchant_knows("C-1", _phone(strength=SIGNED))
    assert _writes(_user("DE.1"), _phone()) == ada
    bo = _writes(_user("DE.2"), _phone())

    assert bo != ada
    with reading() as session:
        number = identities.find(session, "phone", NUMBER)
        assert number is not None
        [merchants] = [
            e for e in identities.evidence_for(session, number.id) if e.customer_id == ada
        ]
    assert merchants.stale_at is not None
    assert merchants.stale_why
    assert _writes(_user("DE.2"), _phone()) == bo


def test_two_people_who_share_a_phone_stay_two_and_the_number_proves_nobody() -> None:
    ada, bo = _writes(_user("DE.1"), _phone()), _writes(_user("DE.2"), _phone())
    for _ in range(3):
        assert _writes(_user("DE.1"), _phone()) == ada
        assert _writes(_user("DE.2"), _phone()) == bo

    with reading() as session:
        number = identities.find(session, "phone", NUMBER)
        assert number is not None
        assert number.shared
        assert number.strength == OBSERVED
        assert len(identity_moves.of_customer(session, ada)) == 1
    assert _suggested() == [{ada, bo}]


def test_a_changed_number_is_relinked_and_the_old_one_proves_nothing() -> None:
    ada = _writes(_user("DE.1"), _phone())
    with transaction() as session:
        recognition.changed(session, _phone(), [_user("DE.1"), _phone(NEW_NUMBER)])

    assert _owner("phone", NEW_NUMBER) == ada
    with reading() as session:
        old = identities.find(session, "phone", NUMBER)
        assert old is not None
        assert old.retired_at is not None
        assert old.strength == Strength.CLAIMED
    bo = _writes(_user("DE.2"), _phone())
    assert bo != ada
    assert _owner("phone", NUMBER) == bo


def test_a_changed_user_id_is_the_same_person_and_takes_the_old_number_out() -> None:
    ada = _writes(_user("DE.1"), _phone())
    with transaction() as session:
        recognition.changed(session, _user("DE.1"), [_user("DE.9"), _phone(NEW_NUMBER)])

    assert _writes(_user("DE.9"), _phone(NEW_NUMBER)) == ada
    with reading() as session:
        old = identities.find(session, "phone", NUMBER)
        assert old is not None
        assert old.retired_at is not None
    assert _writes(_user("DE.5"), _phone()) != ada


def test_an_address_signed_for_one_that_belongs_to_another_known_one_is_only_suggested() -> None:
    ada = _merchant_knows("C-1", _mail(SIGNED, "the shop"))
    bo = _writes(_visitor("v1"), _signed("C-2"), _mail(SIGNED, "signed by the website"))

    assert bo != ada
    assert _owner("email", MAIL) == ada
    assert _suggested() == [{ada, bo}]
    assert _writes(_mail(ASSERTED)) == ada


def test_a_network_id_joins_nobody_whatever_else_stands_beside_it() -> None:
    ada = _writes(_user("DE.1"), _phone())
    instagram = Address("instagram", "ig-1", ASSERTED, "Instagram")
    somebody = _writes(instagram, _phone(strength=OBSERVED))

    assert somebody != ada
    assert _owner("phone", NUMBER) == ada


def test_a_contact_card_of_somebody_else_proves_nothing() -> None:
    ada = _writes(_user("DE.1"), _phone())
    telegram = Address("telegram", "77", ASSERTED, "Telegram")
    shared = _phone(strength=Strength.CLAIMED)
    assert _writes(telegram, shared) != ada
    own = Address("phone", NUMBER, Strength.VERIFIED, "their own contact")
    assert _writes(telegram, own) == _current(ada)


def test_one_browser_two_people_signed_in_one_after_the_other() -> None:
    ada = _writes(_visitor("v1"), _signed("C-1"))
    bo = _writes(_visitor("v1"), _signed("C-2"))

    assert bo != ada
    assert _writes(_visitor("v1")) == ada
    assert _current(bo) == bo
    assert _owner("external", "C-2") == bo


def test_addresses_of_two_customers_join_by_rule_when_both_are_proven() -> None:
    phone_side = _writes(_phone())
    mail_side = _writes(_mail(ASSERTED))
    together = _writes(_mail(ASSERTED), _phone())

    assert together == _current(phone_side) == _current(mail_side)


def test_the_same_address_given_for_two_customers_is_a_suggestion_before_anybody_writes() -> None:
    ada = _merchant_knows("C-1", _mail(SIGNED))
    bo = _merchant_knows("C-2", _mail(SIGNED))
    assert _suggested() == [{ada, bo}]
    assert _owner("email", _mail(SIGNED).value) == ada
    with reading() as session:
        (row,) = suggestions.waiting(session)
        assert [one["words"] for one in row.evidence] == ["The same address is proven for both."]


def test_an_address_proven_for_one_and_given_for_another_is_a_suggestion() -> None:
    ada = _writes(_mail(ASSERTED))
    bo = _merchant_knows("C-2", _mail(SIGNED))
    assert _suggested() == [{ada, bo}]


def test_an_address_that_was_only_typed_is_none() -> None:
    _writes(_visitor("v1"), _mail(Strength.CLAIMED))
    _merchant_knows("C-2", _mail(SIGNED))
    assert _suggested() == []


def test_whoever_proves_an_address_of_three_is_suggested_for_each() -> None:
    known = [_merchant_knows(f"C-{number}", _mail(SIGNED)) for number in (1, 2, 3)]
    writer = _writes(_mail(ASSERTED))
    assert writer == known[0]
    assert all({writer, other} in _suggested() for other in known[1:])


def test_addresses_of_two_customers_are_a_suggestion_when_one_is_only_seen() -> None:
    phone_side = _writes(_phone())
    mail_side = _writes(_mail(OBSERVED, "From header"))

    assert _writes(_phone(), _mail(ASSERTED)) == phone_side
    assert _current(mail_side) == mail_side
    assert _suggested() == [{phone_side, mail_side}]


def test_no_rule_repeats_a_merge_that_a_teammate_took_back() -> None:
    writer = _writes(_mail(ASSERTED))
    ada = _merchant_knows("C-1", _mail(SIGNED, "the shop"))
    assert _writes(_mail(ASSERTED)) == ada
    with transaction() as session:
        [merge] = session.query(customers.Merge).all()
        merges.undo(session, merge.id, by="lea", why="father and daughter share it")

    assert _writes(_mail(ASSERTED)) == writer != ada
    assert _suggested() == [{writer, ada}]


def test_a_number_that_a_teammate_split_off_is_not_joined_again() -> None:
    ada = _writes(_user("DE.1"), _phone())
    with transaction() as session:
        number = identities.find(session, "phone", NUMBER)
        assert number is not None
        identity_moves.split(session, number, source="the office's number", by="lea")
    own = _owner("phone", NUMBER)
    assert own != ada

    assert _writes(_user("DE.1"), _phone()) == ada
    assert _owner("phone", NUMBER) == own


def test_a_signature_is_the_merchants_word_and_no_proof_by_the_channel() -> None:
    ada = _writes(_visitor("v1"), _signed("C-1"), _mail(SIGNED, "signed by the website"))
    with reading() as session:
        mail = identities.find(session, "email", MAIL)
        assert mail is not None
        assert [e.customer_id for e in identities.evidence_for(session, mail.id)] == [ada]
