"""Mail that comes in, in the shapes that servers in the world give it."""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError
from pytest_django import Settings

from accounts import delivery, inbound
from accounts.delivery import Destination
from accounts.mail import LARGEST, Unreadable, read_mail
from accounts.management.commands import receive
from accounts.models import ContactDoubt, InboundMail, Notice, NoticeAttempt
from accounts.refusals import NotPossible
from tests.builders import make_customer, make_notice, make_subscription, make_ticket
from tests.mails import OURS, mail
from tests.refusals import must_be_refused

pytestmark = pytest.mark.django_db

AT = datetime(2027, 2, 19, 12, 5, tzinfo=UTC)
ADDRESS = "ada@customer.example"


@pytest.fixture(autouse=True)
def _our_server(settings: Settings) -> None:
    settings.MAIL_AUTHSERV_ID = OURS
    settings.DEFAULT_FROM_EMAIL = "Back-office <backoffice@backoffice.example>"


def letter() -> Notice:
    subscription = make_subscription(customer=make_customer(email=ADDRESS, country="GB"))
    notice = make_notice(subscription, message_id="<letter-1@backoffice.example>")
    delivery.note_sent(notice.obligation, 1, AT)
    notice.refresh_from_db()
    assert notice.deemed_at == AT
    return notice


def take(name: str, notice: Notice, **known: str) -> InboundMail:
    raw = mail(name, **{"message_id": notice.message_id, "recipient": ADDRESS, **known})
    return inbound.take_in(raw=raw, at=AT).mail


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("postfix", "5.1.1 smtp; 550 5.1.1 <ada@customer.example>: Recipient address rejected: User unknown"),
        ("exim", "5.2.2"),
        ("exchange", "5.1.10 smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound"),
        ("old_exim", "This message was created automatically by mail delivery software."),
    ],
)
def test_a_failure_finds_its_letter_which_counts_no_longer(name: str, said: str) -> None:
    notice = letter()
    taken = take(name, notice)
    notice.refresh_from_db()
    assert (taken.kind, taken.state, taken.vouched, taken.notice) == ("status", "acted", True, notice)
    assert (notice.state, notice.deemed_at) == ("bounced", None)
    assert notice.result.startswith(said)
    # Of a mail that returns ours, no words are kept.
    assert (taken.subject, taken.text) == ("", "")
    assert ContactDoubt.objects.get().customer == notice.customer


def test_a_mail_that_comes_again_changes_nothing_more() -> None:
    notice = letter()
    raw = mail("postfix", message_id=notice.message_id, recipient=ADDRESS)
    first = inbound.take_in(raw=raw, at=AT)
    # On its second way it met another server, whose mark stands on top.
    second = inbound.take_in(raw=b"Received: from elsewhere\r\n" + raw, at=AT)
    assert (first.is_new, second.is_new, first.mail) == (True, False, second.mail)
    assert InboundMail.objects.count() == 1
    must_be_refused("mail_settled_at", InboundMail.objects.all(), settled_at=None)


FORGED = "Authentication-Results: mx.elsewhere.example; dmarc=pass header.from=customer.example\r\n"


@pytest.mark.parametrize(
    ("genuine", "forged"),
    [
        pytest.param("spf=pass smtp.mailfrom=postmaster@mx.customer.example", "spf=fail smtp.mailfrom=x@mx.customer.example", id="failed"),
        pytest.param("mx.customer.example", "mx.attacker.example", id="another domain's"),
        pytest.param("Authentication-Results: mx.backoffice.example", "Authentication-Results: mx.evil.example", id="another server's"),
        pytest.param("Authentication-Results: mx.backoffice.example;", "Authentication-Results: mx.backoffice.example; none\r\nX-Was:", id="none"),
        pytest.param("Authentication-Results:", "X-Authentication-Results:", id="no result"),
    ],
)  # fmt: skip
def test_what_our_server_does_not_vouch_for_waits_for_staff(genuine: str, forged: str) -> None:
    notice = letter()
    raw = mail("exim", message_id=notice.message_id, recipient=ADDRESS).decode()
    raw = raw.replace("dmarc=pass (p=none) header.from=customer.example", "dmarc=none").replace(genuine, forged)
    taken = inbound.take_in(raw=(FORGED + raw).encode(), at=AT).mail
    notice.refresh_from_db()
    assert (taken.vouched, taken.state, notice.state) == (False, "waiting", "sent")
    believed = inbound.believe(mail=taken, at=AT)
    notice.refresh_from_db()
    assert (believed.state, notice.state) == ("acted", "bounced")
    with pytest.raises(NotPossible, match="is done already"):
        inbound.file(mail=taken, at=AT)


def test_a_forged_result_below_our_own_is_not_believed() -> None:
    notice = letter()
    own = "Authentication-Results: mx.backoffice.example; dmarc=fail header.from=customer.example\r\n"
    raw = own.encode() + mail("exim", message_id=notice.message_id, recipient=ADDRESS)
    assert inbound.take_in(raw=raw, at=AT).mail.state == "waiting"


def test_a_genuine_mail_acts_though_a_copy_came_before_it() -> None:
    notice = letter()
    raw = mail("exim", message_id=notice.message_id, recipient=ADDRESS)
    copy = raw.replace(b"Authentication-Results", b"X-Nothing")
    assert inbound.take_in(raw=copy, at=AT).mail.state == "waiting"
    assert inbound.take_in(raw=raw, at=AT).mail.state == "acted"
    notice.refresh_from_db()
    assert notice.state == "bounced"


def test_another_server_than_ours_or_the_recipient_s_may_not_tell_of_a_letter() -> None:
    notice = letter()
    raw = mail("exim", message_id=notice.message_id, recipient=ADDRESS).replace(
        b"customer.example", b"attacker.example"
    )
    taken = inbound.take_in(raw=raw, at=AT).mail
    assert (taken.notice, taken.vouched, taken.state) == (notice, False, "waiting")


def test_without_a_server_of_ours_nothing_is_believed(settings: Settings) -> None:
    settings.MAIL_AUTHSERV_ID = ""
    assert take("postfix", letter()).state == "waiting"


@pytest.mark.parametrize(
    ("action", "state", "became"), [("delivered", "acted", "delivered"), ("delayed", "filed", "sent")]
)
def test_other_words_of_a_delivery(action: str, state: str, became: str) -> None:
    notice = letter()
    taken = take("delivered", notice, action=action)
    notice.refresh_from_db()
    assert (taken.state, taken.action, notice.state) == (state, action, became)


def test_a_failure_that_was_known_already_is_filed() -> None:
    notice = letter()
    delivery.came_back(notice=notice, at=AT, result="550")
    assert take("postfix", notice).state == "filed"


def test_a_failure_of_an_earlier_attempt_leaves_the_later_one_alone() -> None:
    notice = letter()
    first = notice.message_id
    Notice.objects.update(state="failed")
    delivery.send_again(notice=notice, to=Destination("email", "new@customer.example"), at=AT)
    taken = take("postfix", notice, message_id=first)
    notice.refresh_from_db()
    assert (taken.attempt, taken.state, notice.state) == (1, "acted", "waiting")
    assert NoticeAttempt.objects.get().state == "bounced"
    assert take("delivered", notice, message_id=first, action="delivered").state == "filed"
    notice.refresh_from_db()
    assert notice.state == "waiting"


def test_a_failure_of_a_letter_that_is_not_ours_waits() -> None:
    notice = make_notice(make_subscription())
    raw = mail("postfix", message_id="<unknown@elsewhere.example>", recipient=ADDRESS)
    taken = inbound.take_in(raw=raw, at=AT).mail
    assert (taken.kind, taken.state, taken.notice) == ("status", "waiting", None)
    with pytest.raises(NotPossible, match="no delivery of ours"):
        inbound.believe(mail=taken, at=AT)
    notice.refresh_from_db()
    assert notice.state == "waiting"


def test_an_answer_to_a_letter_is_laid_to_it_and_waits_to_be_read() -> None:
    notice = letter()
    taken = take("reply", notice, to="backoffice@backoffice.example", subject="Re: Your renewal")
    assert (taken.kind, taken.notice, taken.customer) == ("reply", notice, notice.customer)
    assert (taken.vouched, taken.sender, taken.state) == (True, ADDRESS, "waiting")
    assert taken.text == "Thank you, we got it \u2013 Ad\u00e9la"
    assert inbound.file(mail=taken, at=AT).state == "filed"


@pytest.mark.parametrize("place", ["subject", "address"])
def test_an_answer_finds_its_ticket(place: str) -> None:
    ticket = make_ticket()
    known = {"to": "support@backoffice.example", "subject": "No mail", "message_id": "<x@customer.example>"}
    if place == "subject":
        known["subject"] = f"Re: [{ticket.reference}] No mail"
    else:
        known["to"] = f"support+{ticket.reference.lower()}@backoffice.example"
    taken = inbound.take_in(raw=mail("reply", **known), at=AT).mail
    assert (taken.kind, taken.ticket, taken.customer) == ("reply", ticket, ticket.subscription.customer)


def test_a_mail_about_nothing_of_ours_waits() -> None:
    taken = inbound.take_in(raw=b"From: a@b.example\n\nHello\n", at=AT).mail
    assert (taken.kind, taken.state, taken.message_id, str(taken)) == ("other", "waiting", "", f"Mail {taken.pk}")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "empty"),
        (b"From mailer Fri Feb 19\n", "empty"),
        (b"\x00\xff\xfe garbage", "does not begin with a header"),
        (b"Subject: no sender\n\nHello", "names no sender"),
        (b"x" * (LARGEST + 1), "larger than"),
    ],
)
def test_what_is_no_mail_is_refused_with_the_reason(raw: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        inbound.take_in(raw=raw, at=AT)
    assert not InboundMail.objects.exists()


def test_a_mail_made_to_break_a_reader_does_not() -> None:
    odd = (
        b"From a mailbox\nFrom: \xff\xfe <a@b.example>\nSubject: =?nonsense?q?=FF?= \x00\nTo: <<>>,;:\n"
        b"Message-ID: no name\nAuthentication-Results: \nAuthentication-Results: mx.backoffice.example\n"
        b'Content-Type: text/plain; charset="no-such-set"\n\n\xc3\xa9 abc\n'
    )
    read = read_mail(odd, OURS)
    assert (read.sender, read.message_id, read.vouched) == ("a@b.example", "", "")
    assert read.text.endswith("abc")
    empty_report = b"From: a@b.example\nContent-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n"
    assert read_mail(empty_report, OURS).statuses == ()
    assert read_mail(b"From: a@b.example\nContent-Type: image/png\n\nx", OURS).text == ""


def test_parts_nested_without_end_are_refused() -> None:
    head = b"From: a@b.example\n"
    for number in range(3000):
        head += b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (number, number)
    with pytest.raises(Unreadable, match="too deeply"):
        read_mail(head, OURS)


def run(raw: bytes, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    said = io.StringIO()
    call_command("receive", stdout=said)
    return said.getvalue()


def test_the_command_says_what_it_did(monkeypatch: pytest.MonkeyPatch) -> None:
    notice = letter()
    raw = mail("postfix", message_id=notice.message_id, recipient=ADDRESS)
    kept = f"Mail {InboundMail.objects.count() + 1}"
    assert run(raw, monkeypatch).endswith(": word of a delivery, done.\n"), kept
    assert ", which came before: word of a delivery, done." in run(raw, monkeypatch)


def test_the_command_tells_the_server_what_to_do_with_what_it_cannot_take(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="no mail that can be taken in: it is empty") as refused:
        run(b"", monkeypatch)
    assert refused.value.returncode == 65

    def away(**_given: Any) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(receive, "take_in", away)
    with pytest.raises(CommandError, match="try again later") as later:
        run(b"From: a@b.example\n\nHello", monkeypatch)
    assert later.value.returncode == 75
    assert "manage.py receive < bounce.eml" in receive.Command().create_parser("manage.py", "receive").format_help()
