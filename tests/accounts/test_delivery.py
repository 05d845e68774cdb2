"""What becomes of a letter: when it counts as received, how it comes back, and how it is sent again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from accounts import contact, delivery
from accounts.delivery import Destination
from accounts.models import ContactDoubt, Notice, NoticeAttempt
from accounts.notices import KIND
from accounts.refusals import NotPossible
from backoffice import outbox
from tests.builders import make_customer, make_notice, make_subscription
from tests.refusals import must_be_refused

pytestmark = pytest.mark.django_db

# A Friday in February, when it is the same hour in London, Greenwich and on the customer's clock.
FRIDAY = datetime(2027, 2, 19, 12, tzinfo=UTC)
MONDAY = datetime(2027, 2, 22, 9, tzinfo=UTC)


def letter(vendor: str = "secureflag", **changes: Any) -> Notice:
    subscription = make_subscription(vendor, customer=make_customer(email="ada@customer.example", country="GB"))
    return make_notice(subscription, message_id=delivery.message_id(f"renewal/{subscription.pk}/0", 1), **changes)


def mailed(at: datetime = FRIDAY, **changes: Any) -> Notice:
    notice = letter(**changes)
    outbox.post(KIND, [(f"{KIND}/{notice.obligation}", {"obligation": notice.obligation})], at=at)
    outbox.deliver(at=at)
    notice.refresh_from_db()
    return notice


# 15.5: an e-mail counts when it is sent, within the hours of a business day.
@pytest.mark.parametrize(
    ("sent_at", "deemed_at"),
    [(FRIDAY, FRIDAY), (FRIDAY + timedelta(hours=6), MONDAY), (FRIDAY + timedelta(days=1), MONDAY)],
)
def test_a_letter_that_was_sent_counts_as_received(sent_at: datetime, deemed_at: datetime) -> None:
    notice = mailed(sent_at)
    assert (notice.state, notice.deemed_at) == ("sent", deemed_at)
    assert {item["clause"] for item in notice.deemed_because} == {"15.5", "Schedule 1"}


def test_where_the_contract_is_silent_no_moment_is_invented() -> None:
    notice = mailed(vendor="securegroup")
    assert (notice.state, notice.deemed_at, notice.deemed_because) == ("sent", None, [])
    gone = mailed(sheet="nobody/2020-01-01")
    assert (gone.state, gone.deemed_at) == ("sent", None)


def test_a_letter_that_came_back_counts_no_longer_and_puts_the_address_in_doubt() -> None:
    notice = delivery.came_back(notice=mailed(), at=FRIDAY, result="550 5.1.1 no such user")
    notice.refresh_from_db()
    assert (notice.state, notice.deemed_at, notice.result) == ("bounced", None, "550 5.1.1 no such user")
    assert [item["clause"] for item in notice.deemed_because] == ["15.5"]
    doubt = ContactDoubt.objects.get()
    assert (doubt.customer, doubt.part, doubt.why, doubt.since) == (
        notice.customer,
        "email",
        "came_back",
        date(2027, 2, 19),
    )
    with pytest.raises(NotPossible, match="has not come back now"):
        delivery.came_back(notice=notice, at=FRIDAY, result="again")
    assert ContactDoubt.objects.count() == 1


def test_a_failure_that_comes_before_the_note_of_sending_is_not_lost() -> None:
    notice = letter()
    delivery.came_back(notice=notice, at=FRIDAY, result="550")
    delivery.note_sent(notice.obligation, 1, FRIDAY)
    notice.refresh_from_db()
    assert (notice.state, notice.deemed_at, notice.sent_at) == ("bounced", None, FRIDAY)


def test_a_letter_is_sent_again_to_another_address_and_stays_one_obligation() -> None:
    notice = delivery.came_back(notice=mailed(), at=FRIDAY, result="550")
    again = delivery.send_again(notice=notice, to=Destination("email", "new@customer.example"), at=MONDAY)
    outbox.deliver(at=MONDAY)
    again.refresh_from_db()
    first, second = mail.outbox
    assert (first.to, second.to) == (["ada@customer.example"], ["new@customer.example"])
    assert first.message()["Message-ID"] != second.message()["Message-ID"] == again.message_id
    assert (again.state, again.attempt, again.deemed_at, again.result) == ("sent", 2, MONDAY, "")
    kept = NoticeAttempt.objects.get()
    assert (kept.number, kept.recipient, kept.state, kept.result) == (1, "ada@customer.example", "bounced", "550")
    assert Notice.objects.count() == 1


def test_an_attempt_that_another_one_has_followed_is_not_sent_any_more() -> None:
    notice = letter()
    outbox.post(KIND, [(f"{KIND}/{notice.obligation}", {"obligation": notice.obligation})], at=FRIDAY)
    Notice.objects.update(state="failed")
    delivery.send_again(notice=notice, to=Destination("letter", "Ada", "1 High Street"), at=FRIDAY)
    outbox.deliver(at=FRIDAY)
    notice.refresh_from_db()
    assert (mail.outbox, notice.state, notice.channel) == ([], "waiting", "letter")
    delivery.note_failed(notice.obligation, 1)
    notice.refresh_from_db()
    assert notice.state == "waiting"


def test_a_late_failure_of_an_earlier_attempt_leaves_the_letter_where_it_is() -> None:
    notice = mailed()
    Notice.objects.update(state="failed")
    delivery.send_again(notice=notice, to=Destination("email", "new@customer.example"), at=FRIDAY)
    delivery.late_bounce(attempt=NoticeAttempt.objects.get(), result="550 late")
    notice.refresh_from_db()
    assert (notice.state, NoticeAttempt.objects.get().state) == ("waiting", "bounced")


# 15.5: ordinary mail counts on the fifth business day, airmail on the tenth, a registered letter when it is delivered.
@pytest.mark.parametrize(
    ("channel", "posted", "delivered"),
    [
        ("letter", datetime(2027, 2, 26, 9, tzinfo=UTC), datetime(2027, 2, 26, 9, tzinfo=UTC)),
        ("airmail", datetime(2027, 3, 5, 9, tzinfo=UTC), datetime(2027, 3, 5, 9, tzinfo=UTC)),
        ("registered", None, MONDAY),
    ],
)
def test_paper_counts_as_the_contract_says(channel: str, posted: datetime | None, delivered: datetime) -> None:
    notice = letter(channel=channel, recipient="Ada", address="1 High Street")
    on_its_way = delivery.posted(notice=notice, at=FRIDAY, tracking="RR 123")
    assert (on_its_way.state, on_its_way.deemed_at, on_its_way.tracking) == ("sent", posted, "RR 123")
    arrived = delivery.delivered(notice=notice, at=FRIDAY + timedelta(days=1), result="signed for")
    arrived.refresh_from_db()
    assert (arrived.state, arrived.deemed_at, arrived.result) == ("delivered", delivered, "signed for")


def test_a_registered_letter_that_comes_back_never_counts() -> None:
    notice = letter(channel="registered", recipient="Ada", address="1 High Street")
    delivery.posted(notice=notice, at=FRIDAY, tracking="RR 123")
    back = delivery.came_back(notice=notice, at=MONDAY, result="not called for")
    assert (back.state, back.deemed_at, ContactDoubt.objects.get().part) == ("bounced", None, "postal")


def test_what_the_post_cannot_do_is_refused() -> None:
    notice = letter(channel="registered", recipient="Ada", address="1 High Street")
    with pytest.raises(NotPossible, match="was not posted"):
        delivery.came_back(notice=notice, at=FRIDAY, result="")
    with pytest.raises(NotPossible, match="tracking number"):
        delivery.posted(notice=notice, at=FRIDAY, tracking=" ")
    with pytest.raises(NotPossible, match="not on its way"):
        delivery.delivered(notice=notice, at=FRIDAY)
    with pytest.raises(NotPossible, match="neither came back nor failed"):
        delivery.send_again(notice=notice, to=Destination("email", "a@b.example"), at=FRIDAY)
    delivery.posted(notice=notice, at=FRIDAY, tracking="RR 123")
    with pytest.raises(NotPossible, match="before it left"):
        delivery.delivered(notice=notice, at=FRIDAY - timedelta(days=1))
    delivery.came_back(notice=notice, at=MONDAY, result="")
    with pytest.raises(NotPossible, match="needs a postal address"):
        delivery.send_again(notice=notice, to=Destination("letter", "Ada"), at=MONDAY)
    with pytest.raises(NotPossible, match="goes out by itself"):
        delivery.posted(notice=letter(), at=FRIDAY)


def test_an_attempt_has_one_row() -> None:
    notice = mailed()
    for number in (1, 2):
        Notice.objects.update(state="failed")
        delivery.send_again(notice=notice, to=Destination("email", f"{number}@customer.example"), at=FRIDAY)
    must_be_refused("one_row_per_attempt|noticeattempt", NoticeAttempt.objects.filter(number=2), number=1)


def bounced(recipient: str = "", **changes: Any) -> ContactDoubt | None:
    notice = letter(**changes)
    if recipient:
        Notice.objects.filter(pk=notice.pk).update(recipient=recipient)
    delivery.came_back(notice=notice, at=FRIDAY, result="550")
    return ContactDoubt.objects.first()


def test_an_address_that_is_not_the_customer_s_now_is_in_no_doubt() -> None:
    assert bounced("old@customer.example") is None
    assert bounced(party="vendor", customer=None, recipient="legal@vendor.example") is None


def test_the_address_for_bills_is_in_doubt_by_itself() -> None:
    notice = letter()
    assert notice.customer is not None
    notice.customer.billing_email = "bills@customer.example"
    notice.customer.save()
    Notice.objects.update(recipient="bills@customer.example")
    delivery.came_back(notice=notice, at=FRIDAY, result="550")
    assert ContactDoubt.objects.get().part == "billing"


def test_a_doubt_under_terms_that_are_gone_stands_without_clauses() -> None:
    doubt = bounced(sheet="nobody/2020-01-01")
    assert doubt is not None and doubt.because == []


# 2.9.2: the account holder may be asked for documents; no other contract says so.
def test_proof_is_asked_for_where_the_contract_allows_it() -> None:
    customer = make_customer()
    day = date(2026, 5, 4)
    asked = contact.ask_proof(customer=customer, vendor="ethicmail", part="postal", on=day)
    assert asked.doubt is not None and (asked.doubt.why, asked.doubt.asked_on) == ("asked", day)
    assert {item["clause"] for item in asked.doubt.because} == {"2.9.1", "2.9.2"}
    again = contact.ask_proof(customer=customer, vendor="ethicmail", part="postal", on=day)
    assert again.doubt == asked.doubt
    for vendor, part in (("cryptopass", "postal"), ("ethicmail", "phone"), ("securepacket", "postal")):
        assert contact.ask_proof(customer=customer, vendor=vendor, part=part, on=day).doubt is None  # type: ignore[arg-type]


def test_what_came_back_may_be_asked_to_be_proven() -> None:
    notice = letter("ethicmail", channel="letter", recipient="Ada", address="1 High Street")
    delivery.posted(notice=notice, at=FRIDAY)
    delivery.came_back(notice=notice, at=MONDAY, result="moved")
    assert notice.customer is not None
    contact.ask_proof(customer=notice.customer, vendor="ethicmail", part="postal", on=MONDAY.date())
    doubt = ContactDoubt.objects.get()
    assert (doubt.why, doubt.asked_on) == ("came_back", MONDAY.date())
    # What proof was asked of is not settled by another address that nobody has proven.
    assert contact.corrected(notice.customer, ["street"], MONDAY.date()) == 0
    with pytest.raises(NotPossible, match="before it was in doubt"):
        contact.note_proof(doubt=doubt, on=FRIDAY.date())
    assert contact.note_proof(doubt=doubt, on=MONDAY.date()).settled == "proven"
    with pytest.raises(NotPossible, match="settled already"):
        contact.note_proof(doubt=doubt, on=MONDAY.date())


def test_another_address_settles_the_doubt_about_the_old_one() -> None:
    doubt = bounced()
    assert doubt is not None
    assert contact.corrected(doubt.customer, ["language", "phone"], MONDAY.date()) == 0
    assert contact.corrected(doubt.customer, ["email"], MONDAY.date()) == 1
    doubt.refresh_from_db()
    assert (doubt.settled, doubt.settled_on) == ("corrected", MONDAY.date())


def test_the_database_keeps_one_open_doubt_of_a_part() -> None:
    doubt = bounced()
    assert doubt is not None
    contact.ask_proof(customer=doubt.customer, vendor="ethicmail", part="postal", on=FRIDAY.date())
    rows = ContactDoubt.objects.filter(part="postal")
    must_be_refused("one_open_doubt_per_part|contactdoubt", rows, part="email")
    must_be_refused("contact_doubt_asked_on", rows, asked_on=None)
    must_be_refused("contact_doubt_settled_on", rows, settled="proven")
