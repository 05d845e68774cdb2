"""What staff see of the post, and what they can do there."""

from __future__ import annotations

from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts import delivery, inbound
from accounts.letters.paper import letter_pdf
from accounts.models import ContactDoubt, InboundMail, Notice
from tests import people
from tests.builders import make_customer, make_notice, make_subscription, make_ticket
from tests.mails import mail

pytestmark = pytest.mark.django_db

LIST = "/admin/accounts/notice/"
NOW = datetime(2027, 2, 19, 13, tzinfo=UTC)
WHEN = {"at_0": "2027-02-19", "at_1": "12:00:00"}


@pytest.fixture(autouse=True)
def _an_afternoon() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def read(client: Client, address: str) -> str:
    answered = client.get(address)
    assert answered.status_code == 200, answered
    return " ".join(unescape(answered.content.decode()).split())


def letter(**changes: Any) -> Notice:
    customer = make_customer(
        name="Ada Ader", email="ada@customer.example", country="GB", street="1 High Street", city="Halifax"
    )
    return make_notice(make_subscription(customer=customer), **changes)


def on_paper(channel: str = "registered") -> Notice:
    return letter(channel=channel, recipient="Ada Ader", address="1 High Street\nHalifax")


def step(client: Client, notice: Notice, name: str, **given: str) -> Any:
    return client.post(f"{LIST}{notice.pk}/step/{name}/", given, follow=True)


def test_a_registered_letter_goes_through_its_steps() -> None:
    notice, owner = on_paper(), people.owner()
    assert "letters on paper to post" in read(owner, "/admin/")
    assert f"{LIST}{notice.pk}/change/" in read(owner, f"{LIST}?paper=waiting")
    assert "It was posted" in read(owner, f"{LIST}{notice.pk}/change/")
    assert "a registered letter has a tracking number" in step(owner, notice, "posted", **WHEN).content.decode()
    step(owner, notice, "posted", **WHEN, tracking="RR 123")
    text = read(owner, f"{LIST}{notice.pk}/change/")
    assert "RR 123" in text and "It was delivered" in text and "or it has not left yet" in text
    step(owner, notice, "delivered", **WHEN, result="signed for")
    text = read(owner, f"{LIST}{notice.pk}/change/")
    assert "It counts as received on 19 February 2027 at 12:00 (UTC)." in text and "15.5" in text
    step(owner, notice, "came-back", **WHEN, result="refused")
    assert "does not count as received, because it came back" in read(owner, f"{LIST}{notice.pk}/change/")


def test_a_letter_that_came_back_is_sent_again_from_its_page() -> None:
    notice, owner = letter(), people.owner()
    delivery.came_back(notice=notice, at=NOW, result="550 5.1.1")
    start = read(owner, "/admin/")
    assert "letters that came back" in start and "addresses and other contact data in doubt" in start
    form = read(owner, f"{LIST}{notice.pk}/step/again/")
    assert "ada@customer.example" in form and "1 High Street" in form
    wrong = step(owner, notice, "again", channel="email", recipient="nobody", address="")
    assert "Enter a valid email address." in wrong.content.decode()
    step(owner, notice, "again", channel="email", recipient="new@customer.example", address="")
    notice.refresh_from_db()
    assert (notice.state, notice.recipient, notice.attempt) == ("waiting", "new@customer.example", 2)
    assert "550 5.1.1" in read(owner, f"{LIST}{notice.pk}/change/")


def test_what_is_still_to_come_is_not_noted() -> None:
    notice = on_paper("letter")
    answered = step(people.owner(), notice, "posted", at_0="2027-02-20", at_1="12:00:00")
    assert "This is still to come." in answered.content.decode()


def test_a_letter_to_a_vendor_goes_again_where_it_went() -> None:
    notice = letter(party="vendor", customer=None, recipient="legal@vendor.example", state="failed")
    assert "legal@vendor.example" in read(people.owner(), f"{LIST}{notice.pk}/step/again/")


def test_only_who_may_change_letters_takes_steps() -> None:
    notice, clerk = on_paper(), people.clerk()
    assert clerk.get(f"{LIST}{notice.pk}/step/posted/").status_code == 403
    assert people.owner().get(f"{LIST}{notice.pk}/step/burned/").status_code == 404
    assert people.newcomer().get(f"{LIST}{notice.pk}/pdf/").status_code == 403


def test_a_letter_on_paper_is_the_same_file_each_time() -> None:
    notice = on_paper()
    answered = people.clerk().get(f"{LIST}{notice.pk}/pdf/")
    assert answered.headers["Content-Disposition"] == f'attachment; filename="letter-{notice.pk}.pdf"'
    assert answered.content == letter_pdf(notice)
    assert answered.content.startswith(b"%PDF-1.7") and b"pdfaid:part>2<" in answered.content.replace(b" ", b"")
    notice.body = "Other words"
    assert letter_pdf(notice) != answered.content


def test_words_that_look_like_markup_are_set_as_words() -> None:
    notice = on_paper()
    notice.body = '#panic("no")\n\n$x$ *bold* \\ <label> @ref'
    notice.subject = '#import "/etc/passwd"'
    assert letter_pdf(notice).startswith(b"%PDF")


def test_mail_that_nobody_vouches_for_waits_and_is_believed_by_staff() -> None:
    notice, owner = letter(message_id="<one@backoffice.example>"), people.owner()
    raw = mail("postfix", message_id=notice.message_id, recipient=notice.recipient)
    waiting = inbound.take_in(raw=raw, at=NOW).mail
    assert "mails that wait to be read" in read(owner, "/admin/")
    read(owner, f"/admin/accounts/inboundmail/{waiting.pk}/change/")
    order = {"action": "believe", "_selected_action": [waiting.pk]}
    people.clerk().post("/admin/accounts/inboundmail/", order)
    assert InboundMail.objects.get().state == "waiting"
    owner.post("/admin/accounts/inboundmail/", order)
    notice.refresh_from_db()
    assert (InboundMail.objects.get().state, notice.state) == ("acted", "bounced")
    again = owner.post("/admin/accounts/inboundmail/", order, follow=True)
    assert "Nothing was changed" in again.content.decode()


def test_an_answer_is_read_at_its_ticket_and_filed() -> None:
    ticket, owner = make_ticket(), people.owner()
    known = {"to": "a@b.example", "subject": ticket.reference, "message_id": "<x@customer.example>"}
    answer = inbound.take_in(raw=mail("reply", **known), at=NOW).mail
    assert "Thank you, we got it" in read(owner, f"/admin/accounts/inboundmail/{answer.pk}/change/")
    assert "ada@customer.example" in read(owner, f"/admin/accounts/ticket/{ticket.pk}/change/")
    owner.post("/admin/accounts/inboundmail/", {"action": "file", "_selected_action": [answer.pk]})
    assert InboundMail.objects.get().state == "filed"


def test_staff_ask_for_proof_where_the_contract_allows_it() -> None:
    customer, owner = make_customer(), people.owner()
    address = "/admin/accounts/contactdoubt/"
    refused = owner.post(f"{address}add/", {"customer": customer.pk, "vendor": "securegroup", "part": "postal"})
    assert "does not let us ask for proof" in refused.content.decode() and not ContactDoubt.objects.exists()
    owner.post(f"{address}add/", {"customer": customer.pk, "vendor": "ethicmail", "part": "postal"})
    doubt = ContactDoubt.objects.get()
    assert "2.9.2" in read(people.clerk(), f"{address}{doubt.pk}/change/")
    order = {"action": "proven", "_selected_action": [doubt.pk]}
    owner.post(address, order)
    doubt.refresh_from_db()
    assert doubt.settled == "proven"
    assert "settled already" in owner.post(address, order, follow=True).content.decode()


def test_a_doubt_that_no_clause_stands_behind_says_so() -> None:
    delivery.came_back(notice=letter(), at=NOW, result="550")
    text = read(people.clerk(), f"/admin/accounts/contactdoubt/{ContactDoubt.objects.get().pk}/change/")
    assert "does not say what of its data a customer must keep current" in text
