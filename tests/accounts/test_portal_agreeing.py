"""Agreeing in the portal: taking a notice back, changes, by what authority somebody accepts, and what users accept."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from accounts.models import Agreement, AmendmentNotice, ContractDocument, EndUser, NoticeWithdrawal, Subscription
from accounts.services import (
    NotPossible,
    Publication,
    add_document,
    agree_special_term,
    assign_licence,
    designate_administrator,
    give_notice,
    leave,
    note_use,
    publish_amendment,
    signatory_of,
)
from accounts.services.agreements import without_power
from accounts.services.people import Person
from accounts.services.user_texts import VALID_FOR, accept_by_link, barred_users, link_for, open_link
from backoffice import days
from backoffice.terms.book import book
from tests import people
from tests.accounts.test_portal_pages import confirm, look, ours, see, words
from tests.builders import (
    NOON,
    make_administrator,
    make_customer,
    make_end_user,
    make_reseller,
    make_subscription,
    make_text,
)
from tests.stories.versions import second_version

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def noon() -> Any:
    """It is noon of 2 March 2026, as for the builders; sign-ins live by the same clock."""
    with time_machine.travel(NOON, tick=False):
        yield


# Taking a notice back.


def test_a_notice_is_taken_back_once_it_was_read_what_follows() -> None:
    client, subscription = ours()
    assert "Take the notice back" not in look(client, "subscription", subscription.pk)
    give_notice(subscription=subscription, notice_on=DAY, by="customer")
    assert "Take the notice back" in look(client, "subscription", subscription.pk)
    told, mark = see(client, "withdraw", subscription.pk)
    assert "If you confirm, Team goes on renewing." in told and "13.1" in told and mark
    assert "Last day to stop it" in told and "The fees of the next period" in told
    assert not NoticeWithdrawal.objects.exists()
    shown = confirm(client, "withdraw", subscription.pk)
    assert "The notice was taken back." in shown and "Stop this contract" in shown
    subscription.refresh_from_db()
    assert (subscription.notice_on, subscription.ends_on, NoticeWithdrawal.objects.count()) == (None, None, 1)


def test_a_notice_that_binds_is_not_taken_back_and_the_page_says_what_to_do() -> None:
    client, subscription = ours("securegroup", cycle_months=1)
    give_notice(subscription=subscription, notice_on=DAY, by="customer")
    told, mark = see(client, "withdraw", subscription.pk)
    assert "it binds who gave it, unless the vendor agrees" in told and "Write to us" in told and not mark
    client.post(reverse("portal:withdraw", args=(subscription.pk,)), {"confirm": "0" * 64})
    subscription.refresh_from_db()
    assert subscription.notice_on == DAY


def test_a_notice_cannot_be_taken_back_when_it_is_too_late_or_when_there_is_none() -> None:
    client, subscription = ours()
    assert "has no notice of its customer" in see(client, "withdraw", subscription.pk)[0]
    give_notice(subscription=subscription, notice_on=DAY, by="customer")
    subscription.refresh_from_db()
    assert subscription.ends_on is not None
    last = subscription.ends_on
    with time_machine.travel(NOON + (last - DAY), tick=False):
        later = people.member("manager", subscription.customer.reseller)  # type: ignore[arg-type]
        told, mark = see(later, "withdraw", subscription.pk)
    assert "13.1" in told and not mark


# By what authority somebody accepts.


def test_a_resellers_member_accepts_as_the_customers_agent_by_the_resellers_office() -> None:
    client, subscription = ours()
    document = make_text(subscription.sheet)
    told, _ = see(client, "accept", subscription.pk, document.pk)
    reseller = subscription.customer.reseller
    assert f"Manager, as an agent By the authority of manager of {reseller}, which sells to it, in the portal" in told
    assert "signed power for this has to be on file" in told
    confirm(client, "accept", subscription.pk, document.pk)
    made = Agreement.objects.get()
    assert (made.customer, made.accepted_by, made.capacity) == (subscription.customer, "Manager", "agent")
    assert made.authority == f"manager of {reseller}, which sells to it, in the portal"
    assert list(without_power()) == [made], "staff see that the power is to be asked for"
    assert "by Manager, as an agent" in look(client, "subscription", subscription.pk)


def test_an_administrator_accepts_by_the_customers_own_designation() -> None:
    subscription = make_subscription("secureflag")
    make_administrator(subscription, people.address("ada"))
    client, document = people.member("ada", subscription.customer), make_text(subscription.sheet)
    told, _ = see(client, "accept", subscription.pk, document.pk)
    assert "Ada, as a designated administrator" in told and "signed power" not in told
    confirm(client, "accept", subscription.pk, document.pk)
    made = Agreement.objects.get()
    assert (made.capacity, made.authority) == ("administrator", "its designation as an administrator on 1 March 2026")
    assert not without_power().exists()


def test_an_individual_accepts_for_themselves() -> None:
    customer = make_customer(kind="individual", email=people.address("ida"))
    subscription = make_subscription("secureflag", customer=customer)
    person = Person("Ida", people.address("ida"))
    designate_administrator(customer=customer, vendor="secureflag", person=person, on=DAY, at=NOON)
    client, document = people.member("ida", customer), make_text(subscription.sheet)
    confirm(client, "accept", subscription.pk, document.pk)
    made = Agreement.objects.get()
    assert (made.accepted_by, made.capacity, made.authority) == ("Ida", "self", "")


def test_who_neither_administers_nor_sells_a_contract_accepts_nothing_for_it() -> None:
    subscription = make_subscription("secureflag")
    people.member("rival", make_reseller())
    with pytest.raises(NotPossible, match="neither administers this contract nor sells it"):
        signatory_of(user=people.who("rival"), subscription=subscription)


# What the contract says.


def test_a_contract_says_what_it_promises_and_where_disputes_go() -> None:
    client, subscription = ours()
    shown = look(client, "subscription", subscription.pk)
    assert "The service aims to be available more than 98% of the time. A shortfall is not credited." in shown
    assert "Disputes go to: Courts of Delaware, United States." in shown and "Schedule 1" in shown
    assert "Agreed with you alone" not in shown
    agree_special_term(
        subscription=subscription, key="period.notice_days", value=3, reference="Letter", on=DAY, at=NOON
    )
    shown = look(client, "subscription", subscription.pk)
    assert "Agreed with you alone" in shown and "must come: 3" in shown
    _, device = other("securegroup_devices", subscription)
    assert "Both must first try to settle it amicably." in look(client, "subscription", device.pk)


def other(vendor: str, beside: Subscription, **changes: Any) -> tuple[Subscription, Subscription]:
    return beside, make_subscription(vendor, customer=beside.customer, **changes)


# Changes.


@pytest.fixture
def changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A customer of ours that was told of a new version of SecureFlag's terms, which needs its consent."""
    old, new = second_version(tmp_path, monkeypatch, "secureflag", date(2026, 5, 1), {"period.notice_days": 3})
    client, subscription = ours()
    change = Publication("secureflag", "terms", DAY, text="Three days now.", old_sheet=old, new_sheet=new)
    publish_amendment(change=change, on=DAY, at=NOON)
    days.catch_up(at=NOON)
    yield client, subscription, AmendmentNotice.objects.get(), new
    book.cache_clear()


def test_a_change_is_agreed_to_once_its_letter_was_read_and_its_texts_are_accepted(changed: Any) -> None:
    client, subscription, notice, new = changed
    text = make_text(new)
    shown = look(client, "subscription", subscription.pk)
    assert "Terms, told on 2 March 2026: told, needs the customer's consent" in shown
    assert "so the customer has to agree" in shown and "Read it and agree" in shown
    told, mark = see(client, "agree", notice.pk)
    assert "Three days now." in told and str(text) in told and "as an agent" in told and mark
    assert not Agreement.objects.exists()
    assert "You have agreed to it." in confirm(client, "agree", notice.pk)
    subscription.refresh_from_db()
    made = Agreement.objects.get()
    assert (subscription.sheet, made.document, made.how, made.capacity) == (new, text, "portal", "agent")
    after = look(client, "subscription", subscription.pk)
    assert "Read it and agree" not in after and "in effect" in after
    assert "This cannot be done: the change is in effect" in look(client, "agree", notice.pk)


def test_a_change_without_a_text_of_ours_says_that_there_is_none(changed: Any) -> None:
    client, _, notice, _ = changed
    assert "none that we hold" in see(client, "agree", notice.pk)[0]


# What users accept.


def seated(vendor: str = "cryptopass", **changes: Any) -> tuple[Client, Subscription, EndUser]:
    """A person whom a seat of ours names."""
    client, subscription = ours(vendor, **changes)
    person = make_end_user(subscription.customer, username="rosa")
    assign_licence(
        licence=subscription.licences.get(number=1), holder=person, asked_by=people.address("manager"), on=DAY
    )
    return client, subscription, person


def test_the_pages_tell_who_has_texts_to_accept_before_the_first_use() -> None:
    client, subscription, person = seated()
    customer = subscription.customer
    assert f"{customer}: 1 person has texts to accept before the first use" in look(client, "home")
    assert "Yet to accept" in look(client, "people", customer.pk)
    eula = make_text(subscription.sheet, "eula")
    shown = look(client, "user_texts", person.pk)
    assert "may not use the service before accepting" in shown and "7.2" in shown and str(eula) in shown
    assert "texts that we do not have here yet: privacy policy, terms of use" in shown
    for kind in ("privacy", "terms_of_use"):
        make_text(subscription.sheet, kind)
    for text in ContractDocument.objects.all():
        confirm(client, "user_accepted", person.pk, text.pk, **proof())
    shown = look(client, "user_texts", person.pk)
    assert "There is no text that waits for rosa." in shown and "may use the service" in shown
    assert "before the first use" not in look(client, "home")
    assert "Yet to accept" not in look(client, "people", customer.pk)


def proof(**changes: str) -> dict[str, str]:
    return {"name": "Rosa Diaz", "accepted_on": "2026-03-02", "evidence": "Form 3", **changes}


def test_who_passed_a_text_on_notes_that_it_was_accepted_and_answers_for_it() -> None:
    client, subscription, person = seated("secureflag")
    eula = make_text(subscription.sheet, "eula")
    assert note_use(user=person, on=DAY).user is None
    told, mark = see(client, "user_accepted", person.pk, eula.pk, **proof())
    assert "it is noted that rosa accepted this text" in told and eula.sha256 in told and "2.3" in told and mark
    assert not Agreement.objects.exists()
    confirm(client, "user_accepted", person.pk, eula.pk, **proof(accepted_on="2026-03-01"))
    made = Agreement.objects.get()
    assert (made.end_user, made.how, made.accepted_by) == (person, "passed_on", "Rosa Diaz")
    assert (made.told_by, made.evidence, made.accepted_at.date()) == ("Manager", "Form 3", date(2026, 3, 1))
    assert note_use(user=person, on=DAY).user is not None
    assert client.get(reverse("portal:user_accepted", args=(person.pk, eula.pk))).status_code == 404


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"evidence": ""}, "This field is required."),
        ({"accepted_on": "2026-03-03"}, "This is still to come."),
        ({"name": ""}, "This field is required."),
    ],
)
def test_an_acceptance_without_its_proof_or_of_tomorrow_is_not_noted(changes: dict[str, str], told: str) -> None:
    client, subscription, person = seated("secureflag")
    eula = make_text(subscription.sheet, "eula")
    shown, mark = see(client, "user_accepted", person.pk, eula.pk, **proof(**changes))
    assert told in shown and not mark


def test_a_seat_tells_what_is_to_be_accepted_before_the_first_use() -> None:
    client, subscription = ours()
    person = make_end_user(subscription.customer)
    told, _ = see(client, "assign", subscription.licences.get(number=1).pk, holder=person.pk)
    assert "Before the first use The user may not use the service before accepting the end-user licence" in told


def sent_link(client: Client, person: EndUser) -> str:
    client.post(reverse("portal:send_texts", args=(person.pk,)), {"email": "rosa@example.org"})
    found = re.search(r"https?://testserver(\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_a_user_reads_and_accepts_by_a_link_without_signing_in() -> None:
    client, subscription, person = seated()
    eula, privacy = make_text(subscription.sheet, "eula"), make_text(subscription.sheet, "privacy")
    address = sent_link(client, person)
    letter = mail.outbox[0]
    assert letter.to == ["rosa@example.org"] and "until 9 March 2026" in letter.body
    assert f"Manager asks you, for {subscription.customer}," in letter.body
    stranger = Client()
    shown = words(stranger.get(address))
    assert eula.sha256 in shown and privacy.sha256 in shown and "rosa" in shown
    nothing = words(stranger.post(address, {"name": "Rosa Diaz"}))
    assert "This field is required." in nothing and not Agreement.objects.exists()
    other_text = stranger.post(address, {"name": "Rosa Diaz", "texts": [make_text(subscription.sheet).pk]})
    assert "Select a valid choice." in words(other_text) and not Agreement.objects.exists()
    done = words(stranger.post(address, {"name": "Rosa Diaz", "texts": [eula.pk]}, follow=True))
    assert "Thank you. It is recorded." in done and privacy.sha256 in done and eula.sha256 not in done
    made = Agreement.objects.get()
    assert (made.end_user, made.document, made.how, made.capacity) == (person, eula, "portal", "self")
    assert (made.accepted_by, made.told_by, made.accepted_at) == ("Rosa Diaz", "Manager", NOON)
    assert made.evidence == "by the link that was sent on 2026-03-02"
    stranger.post(address, {"name": "Rosa Diaz", "texts": [privacy.pk]})
    assert "You have accepted all that there is to accept." in words(stranger.get(address))


def test_a_text_of_the_link_can_be_downloaded_by_who_has_it_and_no_other_text() -> None:
    client, subscription, person = seated("secureflag")
    pdf = ContentFile(b"%PDF-1.7\x00\xff", "eula.pdf")
    eula = add_document(sheet=subscription.sheet, kind="eula", title="EULA", version="1", file=pdf, at=NOON)
    terms, address, stranger = make_text(subscription.sheet), sent_link(client, person), Client()
    assert "which cannot be shown here" in words(stranger.get(address))
    key = address.partition("?")[2]
    got = stranger.get(f"{reverse('portal:own_text', args=(eula.pk,))}?{key}")
    assert b"".join(got.streaming_content) == b"%PDF-1.7\x00\xff"  # type: ignore[attr-defined]
    for wrong in (f"{reverse('portal:own_text', args=(terms.pk,))}?{key}", reverse("portal:own_text", args=(eula.pk,))):
        assert stranger.get(wrong).status_code == 404


def test_a_link_opens_nothing_when_it_is_old_forged_or_its_user_has_left() -> None:
    client, subscription, person = seated("secureflag")
    eula = make_text(subscription.sheet, "eula")
    address, stranger = sent_link(client, person), Client()
    assert stranger.get(address).status_code == 200
    assert "no-store" in stranger.get(address).headers["Cache-Control"]
    for wrong in (address[:-1], address.partition("?")[0], f"{address.partition('=')[0]}=nonsense"):
        answered = stranger.get(wrong)
        assert answered.status_code == 404 and "This link opens nothing" in words(answered)
    with time_machine.travel(NOON + VALID_FOR, tick=False):
        assert stranger.get(address).status_code == 404
        assert stranger.post(address, {"name": "Rosa", "texts": [eula.pk]}).status_code == 404
    confirm(client, "leave", person.pk)
    assert stranger.get(address).status_code == 404
    assert not Agreement.objects.exists()


def test_the_service_behind_a_link_takes_no_other_texts_and_no_dead_link() -> None:
    _, subscription, person = seated("secureflag")
    eula, terms = make_text(subscription.sheet, "eula"), make_text(subscription.sheet)
    secret = link_for(user=person, sent_by=people.who("manager"), at=NOON)
    for texts in ([terms.pk], [eula.pk, terms.pk], []):
        with pytest.raises(NotPossible, match="not the texts"):
            accept_by_link(secret=secret, name="Rosa", texts=texts, at=NOON)
    with pytest.raises(NotPossible, match="opens nothing"):
        accept_by_link(secret=secret, name="Rosa", texts=[eula.pk], at=NOON + VALID_FOR)
    assert open_link(secret, at=NOON - timedelta(seconds=1)) is None
    leave(user=person, on=DAY)
    person.refresh_from_db()
    with pytest.raises(NotPossible, match="has left"):
        link_for(user=person, sent_by=people.who("manager"), at=NOON)


def test_a_link_outlives_the_sign_in_of_who_sent_it() -> None:
    _, _, person = seated("secureflag")
    secret = link_for(user=person, sent_by=people.who("manager"), at=NOON)
    people.who("manager").delete()
    opened = open_link(secret, at=NOON)
    assert opened is not None and (opened.user, opened.sent_by) == (person, "")


def test_a_wrong_address_and_a_mail_server_that_is_down_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    client, subscription, person = seated("secureflag")
    address = reverse("portal:send_texts", args=(person.pk,))
    assert "There is no text that waits for rosa." in words(client.post(address, {"email": "rosa@example.org"}))
    make_text(subscription.sheet, "eula")
    assert "Enter a valid email address." in words(client.post(address, {"email": "rosa"}))

    def down(*args: Any, **kwargs: Any) -> None:
        raise OSError

    monkeypatch.setattr("accounts.portal.user_texts.send_mail", down)
    told = words(client.post(address, {"email": "rosa@example.org"}, follow=True))
    assert "The link could not be mailed." in told and not mail.outbox


def test_who_is_barred_is_asked_once_for_many_as_for_few(django_assert_max_num_queries: Any) -> None:
    _, subscription, person = seated("secureflag", quantity=5)
    silent = make_subscription("securepacket", customer=subscription.customer)
    for number in (2, 3, 4):
        one = make_end_user(subscription.customer)
        assign_licence(
            licence=subscription.licences.get(number=number), holder=one, asked_by=people.address("manager"), on=DAY
        )
    contracts = Subscription.objects.all()
    assert silent in contracts
    with django_assert_max_num_queries(3):
        found = barred_users(contracts)
    assert {customer: len(users) for customer, users in found.items()} == {subscription.customer_id: 4}
    assert barred_users(contracts, among=[person.pk]) == {subscription.customer_id: {person.pk}}
    assert barred_users(contracts.none()) == {}


def test_a_viewer_is_offered_nothing_to_do_about_texts() -> None:
    _, subscription, person = seated("secureflag")
    make_text(subscription.sheet, "eula")
    viewer = people.member("viewer", subscription.customer.reseller, "viewer")  # type: ignore[arg-type]
    shown = unescape(viewer.get(reverse("portal:user_texts", args=(person.pk,))).content.decode())
    assert "Send a link" not in shown and "Note that it was accepted" not in shown
