from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from accounts.models import Agreement, ContractDocument, Period, Subscription
from accounts.services import (
    NotPossible,
    add_document,
    ask_period,
    close_periods,
    confirm_payment,
    give_notice,
    last_day_to_tell,
    register_customer,
)
from backoffice.terms.book import book
from backoffice.terms.question import QuestionError
from tests.builders import NOON, make_subscription

pytestmark = pytest.mark.django_db


def clauses(because: list[dict[str, Any]]) -> set[str]:
    return {item["clause"] for item in because}


@pytest.mark.parametrize(
    ("field", "wrong"), [("email", "nobody"), ("country", "France"), ("name", ""), ("language", "xx")]
)
def test_a_customer_is_checked_before_it_is_kept(field: str, wrong: str) -> None:
    known: dict[str, Any] = {"name": "Ada", "email": "ada@example.com", "country": "FR", field: wrong}
    with pytest.raises(ValidationError) as refused:
        register_customer(**known, at=NOON)
    assert set(refused.value.message_dict) == {field}


def test_a_subscription_is_frozen_to_the_terms_of_its_day() -> None:
    subscription = make_subscription(accepted_on=date(2026, 3, 1))
    assert subscription.sheet == "secureflag/2024-01-01"
    assert (subscription.start, subscription.state) == (date(2026, 3, 1), "active")
    assert clauses(subscription.start_because) == {"13.1"}
    assert subscription.terms is book().sheet(subscription.sheet)


def test_before_the_first_terms_nobody_can_subscribe() -> None:
    with pytest.raises(KeyError, match="no sheet in force on 2023-12-31"):
        make_subscription(accepted_on=date(2023, 12, 31))


def test_its_first_period_is_kept_with_every_date_and_clause() -> None:
    subscription = make_subscription()
    period = Period.objects.get()
    decision = ask_period(subscription, 0)
    assert {name: getattr(period, name) for name in decision.answer._fields} == decision.answer._asdict()
    assert (period.because, period.sheet, period.vendor) == (decision.because, subscription.sheet, "secureflag")
    assert (period.index, period.state, period.closes_on) == (0, "open", date(2027, 2, 28))


# 2.2.1: after a bank transfer the contract begins on the next business day; 3 March 2026 is a Tuesday.
def test_a_start_that_depends_on_a_payment_waits_for_it() -> None:
    waiting = make_subscription("ethicmail", method="bank_transfer", payment_confirmed_on=None)
    assert (waiting.state, waiting.start) == ("pending", None)
    assert not Period.objects.exists()

    begun = confirm_payment(subscription=waiting, on=date(2026, 3, 2), at=NOON)

    assert (begun.state, begun.start) == ("active", date(2026, 3, 3))
    assert Period.objects.get().period_start == date(2026, 3, 3)
    with pytest.raises(NotPossible, match="is active and waits for no payment"):
        confirm_payment(subscription=waiting, on=date(2026, 3, 2), at=NOON)


def test_periods_cannot_be_asked_for_before_the_start() -> None:
    waiting = make_subscription("ethicmail", payment_confirmed_on=None)
    with pytest.raises(NotPossible, match="has not begun"):
        ask_period(waiting, 0)


@pytest.mark.parametrize("vendor", ["securepacket", "securegroup_devices"])
def test_a_contract_silent_about_terms_begins_when_accepted_and_has_no_periods(vendor: str) -> None:
    subscription = make_subscription(vendor)
    assert (subscription.start, subscription.state) == (date(2026, 3, 1), "active")
    assert (subscription.start_because, subscription.renewal_months) == ([], None)
    assert not Period.objects.exists()


@pytest.mark.parametrize(
    ("vendor", "changes", "months"),
    [
        pytest.param("secureflag", {"cycle_months": 24}, 12, id="13.1 every renewal is a year"),
        pytest.param("ethicmail", {"cycle_months": 3}, 3, id="2.2.2 renewals of the same length"),
        pytest.param("securegroup", {}, 1, id="TOS 5 a month by default"),
        pytest.param("cryptopass", {"commitment": True}, 12, id="4.1.2 a year with commitment"),
        pytest.param("cryptopass", {"commitment": False}, 1, id="5.1 months without"),
    ],
)
def test_the_length_of_a_renewal_is_the_contracts(vendor: str, changes: dict[str, Any], months: int) -> None:
    assert make_subscription(vendor, **changes).renewal_months == months


def test_what_the_rule_refuses_leaves_no_trace() -> None:
    with pytest.raises(QuestionError) as refused:
        make_subscription("ethicmail", cycle_months=5)
    assert refused.value.code == "cycle_not_offered"
    assert not Subscription.objects.exists()


def test_a_quantity_of_none_is_refused() -> None:
    with pytest.raises(ValidationError):
        make_subscription(quantity=0)


def test_a_notice_in_time_ends_the_running_period() -> None:
    subscription = make_subscription()
    decision = give_notice(subscription=subscription, notice_on=date(2027, 2, 27), by="customer")
    subscription.refresh_from_db()
    assert (decision.answer.ends_on, decision.answer.in_time) == (date(2027, 2, 28), True)
    assert (subscription.ends_on, subscription.notice_on) == (date(2027, 2, 28), date(2027, 2, 27))
    assert subscription.ends_because == decision.because
    assert subscription.state == "active"


def test_a_notice_too_late_ends_the_period_after() -> None:
    subscription = make_subscription("securegroup")
    give_notice(subscription=subscription, notice_on=date(2026, 3, 25), by="customer")
    subscription.refresh_from_db()
    assert subscription.ends_on == date(2026, 4, 30)
    assert Period.objects.get().closes_on == date(2026, 3, 31)


# 1.5.2: the vendor may end the service on two weeks' notice, whatever the period.
def test_a_notice_may_end_a_period_before_its_time() -> None:
    subscription = make_subscription("ethicmail", cycle_months=12)
    give_notice(subscription=subscription, notice_on=date(2026, 5, 1), by="vendor")
    assert Period.objects.get().closes_on == date(2026, 5, 15)


def test_a_second_notice_never_makes_the_service_longer() -> None:
    subscription = make_subscription("ethicmail", cycle_months=12)
    give_notice(subscription=subscription, notice_on=date(2026, 5, 1), by="vendor")
    give_notice(subscription=subscription, notice_on=date(2026, 5, 2), by="customer")
    subscription.refresh_from_db()
    assert (subscription.ends_on, subscription.notice_on) == (date(2026, 5, 15), date(2026, 5, 1))


def test_where_the_contract_is_silent_a_notice_changes_nothing() -> None:
    subscription = make_subscription("securepacket")
    assert not give_notice(subscription=subscription, notice_on=date(2026, 5, 1), by="customer").covered
    subscription.refresh_from_db()
    assert (subscription.ends_on, subscription.notice_on) == (None, None)


def test_there_is_nothing_to_end_before_the_start() -> None:
    waiting = make_subscription("ethicmail", payment_confirmed_on=None)
    with pytest.raises(NotPossible, match="nothing to end"):
        give_notice(subscription=waiting, notice_on=date(2026, 5, 1), by="customer")


def test_a_period_that_ends_ends_its_subscription() -> None:
    ending, renewing = make_subscription(), make_subscription()
    give_notice(subscription=ending, notice_on=date(2026, 5, 1), by="customer")
    close_periods(list(Period.objects.select_related("subscription").order_by("id")), on=NOON.date(), at=NOON)
    assert dict(Subscription.objects.values_list("pk", "state")) == {ending.pk: "ended", renewing.pk: "active"}
    assert list(Period.objects.values_list("subscription", "index", "state")) == [
        (ending.pk, 0, "ended"),
        (renewing.pk, 0, "renewed"),
        (renewing.pk, 1, "open"),
    ]


# 15.5: an e-mail on a weekend counts from nine on Monday on, so a notice due on Sunday leaves on Friday.
@pytest.mark.parametrize(
    ("due", "leaves"),
    [
        (date(2027, 2, 19), date(2027, 2, 19)),
        (date(2027, 2, 20), date(2027, 2, 19)),
        (date(2027, 2, 21), date(2027, 2, 19)),
        (date(2027, 2, 22), date(2027, 2, 22)),
        # Good Friday to Easter Monday
        (date(2027, 3, 29), date(2027, 3, 25)),
    ],
)
def test_a_notice_leaves_early_enough_to_count_as_received(due: date, leaves: date) -> None:
    day, because = last_day_to_tell(book().newest("secureflag"), due)
    assert day == leaves
    assert "15.5" in clauses(because)


def test_where_receipt_is_not_spoken_of_a_notice_leaves_on_its_day() -> None:
    assert last_day_to_tell(book().newest("securegroup"), date(2027, 2, 21)) == (date(2027, 2, 21), [])


def test_a_contracts_text_is_kept_once_with_its_hash() -> None:
    known: dict[str, Any] = {"sheet": "secureflag/2024-01-01", "title": "Terms", "version": "1", "at": NOON}
    first = add_document(**known, file=ContentFile(b"We agree.", "terms.txt"))
    again = add_document(**known, file=ContentFile(b"We agree.", "copy.txt"))
    assert first == again
    assert first.sha256 == "7ed727ed3508bd4738b621ac9e2c93fbc3ac2f60b880f3f2915283332ccd89ea"
    with first.file.open() as kept:
        assert kept.read() == b"We agree."


def test_a_text_belongs_to_a_sheet_of_the_book() -> None:
    with pytest.raises(KeyError):
        add_document(sheet="acme/2020-01-01", title="T", version="1", file=ContentFile(b"x", "t.txt"), at=NOON)


def test_an_order_accepts_the_newest_text_of_each_document() -> None:
    for title, version in (("Terms", "1"), ("Service levels", "1"), ("Terms", "2")):
        file = ContentFile(f"{title} {version}".encode(), "text.txt")
        add_document(sheet="secureflag/2024-01-01", title=title, version=version, file=file, at=NOON)
    subscription = make_subscription()
    accepted = Agreement.objects.filter(subscription=subscription).order_by("document__title")
    assert [str(one.document) for one in accepted] == ["Service levels, version 1", "Terms, version 2"]
    assert {(one.accepted_at, one.how, one.sha256) for one in accepted} == {
        (NOON, "order", one.document.sha256) for one in accepted
    }
    assert ContractDocument.objects.count() == 3


def test_a_period_exists_once() -> None:
    period = make_subscription().periods.get()
    period.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        period.save(force_insert=True)
