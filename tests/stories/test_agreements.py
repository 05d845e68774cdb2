"""What was agreed: who accepted what, what may be resold, what was agreed specially, and what the contract promises."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Agreement, ConfirmationForm, Ownership, Period, ResaleOrder, Subscription
from accounts.reports.agreements import resale_words
from accounts.services import (
    NotPossible,
    Order,
    Signatory,
    accept,
    agree_special_term,
    assign_licence,
    confirm_order,
    documents_to_accept,
    end_special_term,
    file_power,
    give_notice,
    note_use,
    order_for_resale,
    record_owner,
    record_permission,
    subscribe,
)
from accounts.services.agreements import without_power
from backoffice.terms.book import book
from backoffice.terms.interpreter import decide
from tests.builders import (
    NOON,
    accept_texts,
    make_administrator,
    make_customer,
    make_end_user,
    make_reseller,
    make_subscription,
    make_text,
)
from tests.refusals import must_be_refused

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 10)
ADA = Signatory("Ada Ader", "Director", "officer")
SHEETS = {vendor: book().newest(vendor).id for vendor in book().vendors()}


def clauses(because: list[dict[str, Any]]) -> list[str]:
    return [item["clause"] for item in because]


def cannot_be_twice(row: Any) -> None:
    """The database refuses a second row like this one, whichever code writes it."""
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def an_order(vendor: str, **changes: Any) -> Order:
    known: dict[str, Any] = {"plan": "Team", "method": "card", "accepted_on": DAY, "payment_confirmed_on": DAY}
    return Order(vendor=vendor, **{**known, "agreed_start": DAY, **changes})


def ask(rule: str, vendor: str, **facts: Any) -> tuple[str, list[str]]:
    """What a rule says of a contract, in words, and its clauses."""
    found, decision = decide(book(), {"rule": rule, "vendor": vendor, "facts": facts})
    return found.tell(decision.answer), clauses(decision.because)


@pytest.mark.parametrize(
    ("vendor", "clause"),
    [("secureflag", "4.1.5"), ("ethicmail", "3.1.1 (f) ii"), ("cryptopass", "9.3"), ("securegroup", "TOS 9")],
)
def test_what_the_contract_bars_is_not_resold_without_a_permission_on_record(vendor: str, clause: str) -> None:
    customer = make_customer(phone="+33612345678")
    asked = order_for_resale(customer=customer, order=an_order(vendor), at=NOON)
    assert asked.order.subscription is None and not Subscription.objects.exists()
    assert (asked.decision.answer.reason, clauses(asked.order.because)[0]) == ("barred", clause)
    # A permission for another, or that has run out, does not help.
    kind = asked.decision.answer.needs
    assert kind is not None
    known: dict[str, Any] = {"vendor": vendor, "kind": kind, "at": NOON}
    record_permission(**known, reference="Letter 1", from_on=date(2026, 1, 1), customer=make_customer())
    record_permission(
        **known, reference="Letter 2", from_on=date(2026, 1, 1), until_on=date(2026, 3, 9), customer=customer
    )
    assert order_for_resale(customer=customer, order=an_order(vendor), at=NOON).order.subscription is None
    given = record_permission(**known, reference="Letter 3", from_on=date(2026, 1, 1), customer=customer)
    made = order_for_resale(customer=customer, order=an_order(vendor), at=NOON).order.subscription
    assert made is not None and (made.for_resale, made.resale_permission) == (True, given)
    assert ResaleOrder.objects.filter(subscription=None).count() == 2
    cannot_be_twice(ResaleOrder.objects.get(subscription=made))
    must_be_refused("subscription_resale", Subscription.objects.filter(pk=made.pk), for_resale=False)


def test_a_device_is_not_resold_while_it_is_not_wholly_paid() -> None:
    order = an_order("securegroup_devices")
    barred = order_for_resale(customer=make_customer(), order=order, at=NOON)
    assert (barred.order.subscription, barred.order.reason) == (None, "title_retained")
    assert clauses(barred.order.because) == ["DEV 8.5", "DEV 2.4"]
    paid = order_for_resale(customer=make_customer(), order=order, at=NOON, title_retained=False).order
    assert paid.subscription is not None and (paid.permission, paid.subscription.for_resale) == (None, True)


# 3.1: what may be resold may still be refused to who may not subscribe.
def test_a_permission_to_resell_does_not_let_in_who_may_not_subscribe() -> None:
    known: dict[str, Any] = {"vendor": "cryptopass", "kind": "written_permission", "at": NOON}
    record_permission(**known, reference="Letter", from_on=date(2026, 1, 1))
    asked = order_for_resale(customer=make_customer(country="US"), order=an_order("cryptopass"), at=NOON)
    assert asked.decision.answer.permitted and asked.order.subscription is None
    assert asked.refused is not None and asked.refused.question == "eligibility.check"
    assert resale_words(asked.order).endswith("The order was refused for another reason.")


def test_trap_1_resale_needs_what_each_contract_asks_for_and_texts_flow_down() -> None:
    # A letter is no re-seller agreement, and a re-seller agreement of one vendor is none of another's.
    northgate = make_reseller(name="Northgate IT")
    reseller = make_customer(reseller=northgate, phone="+33612345678")
    letter: dict[str, Any] = {"kind": "written_permission", "from_on": date(2026, 1, 1), "at": NOON}
    record_permission(vendor="securegroup", reference="Letter", **letter)
    assert order_for_resale(customer=reseller, order=an_order("securegroup"), at=NOON).order.subscription is None
    record_permission(
        vendor="securegroup", kind="reseller_agreement", reference="Folder 12", from_on=date(2026, 1, 1), at=NOON
    )
    asked = order_for_resale(customer=reseller, order=an_order("securegroup"), at=NOON)
    assert asked.order.permission is not None and asked.order.permission.reference == "Folder 12"
    assert clauses(asked.order.because) == ["TOS 9", "TOS preamble"]
    assert order_for_resale(customer=reseller, order=an_order("cryptopass"), at=NOON).order.subscription is None
    # What a reseller's customer subscribes to is passed on, so it cannot be ordered as if for its own use.
    with pytest.raises(NotPossible, match="is a reseller's, so it is ordered for resale"):
        subscribe(customer=reseller, order=an_order("securegroup"), at=NOON)
    # A permission for what one reseller sells is none for another's.
    paper: dict[str, Any] = {
        "vendor": "cryptopass",
        "kind": "written_permission",
        "from_on": date(2026, 1, 1),
        "at": NOON,
    }
    record_permission(**paper, reference="Letter to another", reseller=make_reseller())
    assert order_for_resale(customer=reseller, order=an_order("cryptopass"), at=NOON).order.subscription is None
    record_permission(**paper, reference="Letter to Northgate", reseller=northgate)
    assert order_for_resale(customer=reseller, order=an_order("cryptopass"), at=NOON).order.subscription is not None
    # What the reseller must apply to its end users is recorded as it tells of it, and not before that is shown.
    sold = asked.order.subscription
    assert sold is not None
    user = make_end_user(reseller, on=DAY)
    given = assign_licence(licence=sold.licences.get(), holder=user, asked_by="ada@example.com", on=DAY)
    assert given.acceptance is not None and given.acceptance.answer.missing == ("terms", "aup", "privacy")
    assert (given.acceptance.answer.may_use, given.acceptance.answer.answers) == (False, "reseller")
    texts = [make_text(sold.sheet, kind) for kind in ("terms", "aup", "privacy")]
    told: dict[str, Any] = {"end_user": user, "by": Signatory(user.username), "how": "passed_on", "at": NOON}
    with pytest.raises(NotPossible, match="needs its proof"):
        accept(document=texts[0], told_by="Orla Byrne", **told)
    for text in texts:
        accept(document=text, told_by="Orla Byrne", evidence="Contract with Quayside Dental", **told)
    assert note_use(user=user, on=DAY).user is not None
    assert {one.sha256 for one in user.agreements.all()} == {one.sha256 for one in texts}


@pytest.mark.parametrize(
    ("vendor", "missing", "clause"),
    [
        ("securegroup", ("terms", "aup", "privacy"), "TOS 10 (vii)"),
        ("secureflag", ("eula",), "2.3"),
        ("ethicmail", ("terms",), "2.1"),
        ("cryptopass", ("privacy", "eula", "terms_of_use"), "7.2"),
    ],
)
def test_nobody_uses_a_service_before_accepting_what_its_contract_asks(
    vendor: str, missing: tuple[str, ...], clause: str
) -> None:
    subscription = make_subscription(vendor)
    make_administrator(subscription)
    user = make_end_user(subscription.customer)
    licence = subscription.licences.get()
    given = assign_licence(licence=licence, holder=user, asked_by="ada@example.com", on=DAY)
    # The licence is given, and says what is missing; the service is not used.
    assert given.assignment is not None and given.acceptance is not None
    assert given.acceptance.answer.missing == missing
    refused = note_use(user=user, on=DAY)
    assert refused.user is None and clause in clauses(refused.decision.because)
    user.refresh_from_db()
    assert user.last_used_on is None
    assert [one.kind for one in documents_to_accept(user)] == list(missing)
    assert [one.document for one in documents_to_accept(user)] == [None] * len(missing)
    # It was accepted on 10 March at noon: the day before counts as little as ever.
    accept_texts(user, at=datetime(2026, 3, 10, 12, tzinfo=UTC))
    assert documents_to_accept(user) == []
    assert note_use(user=user, on=date(2026, 3, 10)).user is not None
    early = make_end_user(subscription.customer)
    assert early.agreements.count() == 0


def test_an_acceptance_counts_from_its_moment_on() -> None:
    subscription = make_subscription("secureflag")
    user = make_end_user(subscription.customer)
    assign_licence(licence=subscription.licences.get(), holder=user, asked_by="ada@example.com", on=DAY)
    accept_texts(user, at=datetime(2026, 3, 12, 12, tzinfo=UTC))
    assert note_use(user=user, on=date(2026, 3, 11)).user is None
    assert note_use(user=user, on=date(2026, 3, 12)).user is not None


def test_an_acceptance_is_recorded_whole_and_never_changes() -> None:
    text = make_text(SHEETS["securegroup"])
    subscription = make_subscription("securegroup", accepted_by=Signatory("Rae Sol", "Solicitor", "agent"))
    agreement = Agreement.objects.get()
    assert (agreement.party, agreement.customer, agreement.subscription) == (
        "customer",
        subscription.customer,
        subscription,
    )
    assert (agreement.accepted_by, agreement.accepted_role, agreement.capacity) == ("Rae Sol", "Solicitor", "agent")
    assert (agreement.document, agreement.sheet, agreement.how) == (text, subscription.sheet, "order")
    assert (agreement.accepted_at, agreement.sha256) == (NOON, text.sha256)
    # An agent's power is missed until it is on file.
    assert list(without_power()) == [agreement]
    file_power(agreement=agreement, reference="Folder 3", on=DAY)
    assert not without_power().exists()
    # Accepting again changes nothing; a later text is one more agreement.
    again = accept(document=text, subscription=subscription, by=ADA, how="portal", at=NOON)
    assert again == agreement and Agreement.objects.count() == 1
    later = make_text(SHEETS["securegroup"], "aup")
    assert [one.document for one in documents_to_accept(subscription.customer)] == [later]
    accept(document=later, subscription=subscription, by=ADA, how="portal", at=NOON)
    assert documents_to_accept(subscription.customer) == []
    cannot_be_twice(Agreement.objects.get(document=text))


def test_the_same_text_is_accepted_once_by_a_user_and_by_a_reseller() -> None:
    subscription = make_subscription("secureflag")
    user = make_end_user(subscription.customer)
    text = make_text(subscription.sheet, "eula")
    twice = [accept(document=text, end_user=user, by=ADA, how="portal", at=NOON) for _ in range(2)]
    assert twice[0] == twice[1]
    cannot_be_twice(Agreement.objects.get())
    paper = make_text(SHEETS["securegroup"], "reseller_agreement")
    reseller = make_reseller()
    signed = [accept(document=paper, reseller=reseller, by=ADA, how="paper", at=NOON) for _ in range(2)]
    assert signed[0] == signed[1] and signed[0].party == "reseller"
    cannot_be_twice(Agreement.objects.get(party="reseller"))
    with pytest.raises(NotPossible, match="no agreement about reselling"):
        accept(document=text, reseller=reseller, by=ADA, how="paper", at=NOON)
    with pytest.raises(NotPossible, match="no text of a contract"):
        accept(document=make_text(SHEETS["cryptopass"]), end_user=user, by=ADA, how="portal", at=NOON)
    with pytest.raises(NotPossible, match="no text of subscription"):
        accept(document=paper, subscription=subscription, by=ADA, how="portal", at=NOON)
    with pytest.raises(NotPossible, match="for one subscription, by one user, or by one reseller"):
        accept(document=text, end_user=user, subscription=subscription, by=ADA, how="portal", at=NOON)
    with pytest.raises(NotPossible, match="was not made by an agent"):
        file_power(agreement=twice[0], reference="Folder 3", on=DAY)


def test_who_owns_a_service_is_kept_true_with_its_days() -> None:
    subscription = make_subscription("securegroup")
    new = make_customer(name="Quayside Dental")
    record_owner(subscription=subscription, owner=new, controller="Northgate IT", from_on=DAY, at=NOON)
    kept = list(Ownership.objects.values_list("owner", "controller", "from_on", "until_on"))
    assert kept == [
        (subscription.customer_id, "", date(2026, 3, 1), DAY),
        (new.pk, "Northgate IT", DAY, None),
    ]
    with pytest.raises(NotPossible, match="changed after 2026-03-09 already"):
        record_owner(subscription=subscription, owner=subscription.customer, from_on=date(2026, 3, 9), at=NOON)
    must_be_refused("one_owner_at_a_time|UNIQUE", Ownership.objects.filter(owner=subscription.customer), until_on=None)


# 2.13: the vendor's terms prevail over the customer's; 15.4: it is varied in writing by both.
def test_the_rank_of_the_texts_is_the_contracts() -> None:
    facts = {"special_terms": True, "in_writing": False, "customers_terms": True}
    words, cited = ask("documents.order", "secureflag", **facts)
    assert "The customer's own terms do not count." in words and "they were not agreed in writing" in words
    assert cited == ["preamble", "15.4", "2.13"]
    words, cited = ask("documents.order", "securegroup_devices", **facts | {"in_writing": True})
    assert words.startswith("What prevails comes first: special terms, then the order, then the terms.")
    assert "The version that counts is the one agreed to." in words
    assert cited == ["DEV 2.4", "DEV 2.4", "DEV 2.2", "DEV 24.2"]
    assert ask("documents.order", "cryptopass", **facts)[1] == ["9.4"]
    assert ask("documents.order", "securegroup", **facts)[1] == ["TOS 1", "TOS 1"]


def test_a_special_term_judges_its_subscription_and_no_other() -> None:
    special, ordinary = make_subscription("securegroup"), make_subscription("securegroup")
    agreed = agree_special_term(
        subscription=special, key="period.notice_days", value=3, reference="Letter of 5 March", on=DAY, at=NOON
    )
    assert agreed.special is not None and clauses(agreed.special.because) == ["TOS 1", "TOS 1"]
    special.refresh_from_db()
    # Ten days before the end of March is the 21st; what was agreed lets a notice of the 25th count.
    for subscription, ends_on in ((special, date(2026, 3, 31)), (ordinary, date(2026, 4, 30))):
        told = give_notice(subscription=subscription, notice_on=date(2026, 3, 25), by="customer")
        assert told.answer.ends_on == ends_on
    special.refresh_from_db()
    said = [item for item in special.ends_because if item["clause"] == "Special term, for TOS 8"]
    assert len(said) == 1 and "agreed with this customer on 10 March 2026" in said[0]["says"]


def test_special_terms_come_to_an_end_and_take_each_others_place() -> None:
    subscription = make_subscription("securegroup")
    for value in (3, 4):
        known: dict[str, Any] = {"key": "period.notice_days", "value": value, "reference": "Letter"}
        agreed = agree_special_term(subscription=subscription, **known, on=DAY, at=NOON)
    subscription.refresh_from_db()
    assert subscription.terms.period is not None and subscription.terms.period.notice_days.value == 4
    assert [one.until_on for one in subscription.specially_agreed.order_by("id")] == [DAY, None]
    assert agreed.special is not None
    first = subscription.specially_agreed.filter(value=3)
    must_be_refused("one_special_term_per_value|UNIQUE", first, until_on=None)
    end_special_term(special=agreed.special, on=date(2026, 4, 1))
    subscription.refresh_from_db()
    assert subscription.terms is book().sheet(subscription.sheet)
    with pytest.raises(NotPossible, match="is over"):
        end_special_term(special=agreed.special, on=date(2026, 4, 1))


# 15.4: in writing by both.
def test_a_special_term_that_is_not_in_writing_does_not_count_where_it_must_be() -> None:
    subscription = make_subscription("secureflag")
    known: dict[str, Any] = {"key": "period.notice_days", "value": 3, "reference": "Telephone call", "on": DAY}
    refused = agree_special_term(subscription=subscription, **known, in_writing=False, at=NOON)
    assert refused.special is None and "15.4" in clauses(refused.decision.because)
    subscription.refresh_from_db()
    assert subscription.special_terms == {}


def test_an_order_is_confirmed_by_the_form_that_the_contract_asks_for() -> None:
    subscription = make_subscription("secureflag", quantity=12)
    made = confirm_order(
        subscription=subscription, customer_class="smb", business_use=True, price=Decimal("348.00"), at=NOON
    )
    form = made.form
    assert form is not None
    assert (form.product, form.start, form.months, form.licences) == ("Team", date(2026, 3, 1), 12, 12)
    assert (form.price, form.currency, form.customer_class) == (Decimal("348.00"), "GBP", "smb")
    assert "1 (Confirmation Form)" in clauses(form.because)
    with pytest.raises(NotPossible, match="confirmed before"):
        confirm_order(subscription=subscription, customer_class="smb", business_use=True, price=Decimal(1), at=NOON)
    cannot_be_twice(ConfirmationForm.objects.get())
    alone = confirm_order(
        subscription=make_subscription("secureflag"), customer_class="individual", business_use=True,
        price=Decimal(90), at=NOON,
    ).form  # fmt: skip
    assert alone is not None and alone.licences is None


@pytest.mark.parametrize(
    ("vendor", "customer_class", "business_use", "reason"),
    [
        ("secureflag", "enterprise", True, "other_class"),
        ("secureflag", "smb", False, "consumer"),
        ("cryptopass", "smb", True, None),
    ],
)
def test_what_cannot_be_confirmed_has_no_form(
    vendor: str, customer_class: str, business_use: bool, reason: str | None
) -> None:
    subscription = make_subscription(vendor)
    asked = confirm_order(
        subscription=subscription, customer_class=customer_class, business_use=business_use, price=Decimal(1), at=NOON
    )
    assert asked.form is None
    assert (asked.decision.outcome.reason if asked.decision.outcome else None) == reason


# Schedule 1; Cryptopass 1, 6.3, 6.4.
def test_what_a_contract_promises_of_its_service_and_what_it_does_not_is_told() -> None:
    words, cited = ask("service.promised", "secureflag", available="0.98", cause="beyond_control")
    assert words.startswith("The service aims to be available more than 98% of the time. It was not.")
    assert "A shortfall is not credited." in words and words.endswith("Support owes nothing here.")
    assert set(cited) == {"Schedule 1"}
    words, cited = ask("service.promised", "cryptopass", available=None, cause=None)
    assert words.startswith("Being available is not promised. Emergency services cannot be called with it.")
    assert cited == ["6.3", "1", "6.4"]


# DEV 22.3: an amicable settlement comes first.
def test_law_and_courts_are_told_and_what_must_be_tried_first() -> None:
    words, cited = ask("dispute.venue", "securegroup_devices", amicable_tried=False)
    assert words.startswith("Both must first try to settle it amicably. The law that applies: Canada.")
    assert cited == ["DEV 23.1", "DEV 22.1", "DEV 22.2", "DEV 22.3"]
    assert ask("dispute.venue", "cryptopass", amicable_tried=True)[1] == ["9.5", "9.6"]
    assert ask("dispute.venue", "secureflag", amicable_tried=True)[1] == ["15.10", "15.10"]
    assert ask("dispute.venue", "ethicmail", amicable_tried=True) == ("The vendor may choose the courts.", ["12.1"])


def test_only_running_contracts_are_varied() -> None:
    subscription = make_subscription("secureflag")
    Subscription.objects.filter(pk=subscription.pk).update(state="ended", ends_on=DAY)
    assert Period.objects.filter(subscription=subscription).exists()
    with pytest.raises(NotPossible, match="its terms stay as they are"):
        agree_special_term(
            subscription=subscription, key="period.notice_days", value=3, reference="Letter", on=DAY, at=NOON
        )
