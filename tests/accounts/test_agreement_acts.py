"""What staff note of what was agreed, on the pages of contracts, customers, users and resellers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import (
    Agreement,
    ConfirmationForm,
    Declaration,
    DeclarationBreach,
    Ownership,
    SpecialTerm,
    Subscription,
)
from accounts.services import assign_licence, terminate
from tests import people
from tests.accounts.acts import ask, do, mark, now, page, words
from tests.builders import (
    NOON,
    make_administrator,
    make_customer,
    make_end_user,
    make_reseller,
    make_subscription,
    make_text,
)

pytestmark = pytest.mark.django_db

PAPER = {
    "how": "paper",
    "at_0": "2026-03-02",
    "at_1": "12:00:00",
    "name": "Ada Ader",
    "role": "Director",
    "capacity": "officer",
}


def shown(client: Client, row: Any) -> str:
    return words(client.get(f"/admin/accounts/{row._meta.model_name}/{row.pk}/change/"))


def test_a_text_that_was_signed_on_paper_is_recorded_with_who_and_how() -> None:
    subscription, client = make_subscription("secureflag"), people.owner()
    text = make_text(subscription.sheet)
    given = PAPER | {"document": text.pk, "evidence": "Folder 7"}
    told = ask(client, subscription, "accepted", **given)
    assert "What prevails comes first: the terms" in told and "2.13" in told
    assert f"Agreement: <strong>{text} accepted on 2 March 2026" in told
    assert not Agreement.objects.exists()
    do(client, subscription, "accepted", **given)
    made = Agreement.objects.get()
    assert (made.document, made.subscription, made.sha256) == (text, subscription, text.sha256)
    assert (made.how, made.accepted_by, made.accepted_role) == ("paper", "Ada Ader", "Director")
    assert (made.capacity, made.evidence, made.accepted_at) == ("officer", "Folder 7", NOON)
    # There is nothing left to accept.
    assert client.get(page(subscription, "accepted")).status_code == 404
    assert page(subscription, "accepted") not in shown(client, subscription)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"capacity": "agent"}, "Say by what this person may accept for another."),
        ({"capacity": "administrator"}, "Say by what this person may accept for another."),
        ({"how": "passed_on"}, "What somebody else tells of an acceptance needs its proof."),
        ({"at_0": "2999-01-01"}, "This is still to come."),
        ({"how": "order"}, "Select a valid choice."),
        ({"name": ""}, "This field is required."),
    ],
)
def test_a_wrong_acceptance_is_told_beside_its_field(changes: dict[str, str], told: str) -> None:
    subscription, client = make_subscription("secureflag"), people.owner()
    given = PAPER | {"document": make_text(subscription.sheet).pk} | changes
    answered = client.post(page(subscription, "accepted"), given)
    assert told in words(answered) and not mark(answered)
    assert not Agreement.objects.exists()


def test_only_texts_of_the_very_contract_are_offered() -> None:
    subscription, client = make_subscription("secureflag"), people.owner()
    make_text(subscription.sheet)
    others = [make_text(subscription.sheet, "eula"), make_text("ethicmail/2016-10-20")]
    for text in others:
        answered = client.post(page(subscription, "accepted"), PAPER | {"document": text.pk})
        assert "Select a valid choice." in words(answered)


def test_an_agents_authority_is_kept() -> None:
    subscription, client = make_subscription("securegroup"), people.owner()
    text = make_text(subscription.sheet)
    agent = PAPER | {"document": text.pk, "capacity": "agent", "authority": "Power of 1 March", "how": "email"}
    do(client, subscription, "accepted", **agent)
    made = Agreement.objects.get()
    assert (made.how, made.capacity, made.authority) == ("email", "agent", "Power of 1 March")


def test_what_a_user_accepted_is_recorded_and_the_contract_says_what_is_left() -> None:
    subscription, client = make_subscription("cryptopass"), people.owner()
    make_administrator(subscription)
    user = make_end_user(subscription.customer)
    assign_licence(
        licence=subscription.licences.get(), holder=user, asked_by="ada@example.com", on=subscription.accepted_on
    )
    eula = make_text(subscription.sheet, "eula")
    make_text(subscription.sheet)
    given = PAPER | {"document": eula.pk, "capacity": "self", "how": "passed_on", "evidence": "Form 3", "told_by": "Bo"}
    told = ask(client, user, "accepted", **given)
    assert "may not use the service before accepting the privacy policy and the terms of use" in told
    assert "7.2" in told
    do(client, user, "accepted", **given)
    made = Agreement.objects.get()
    assert (made.end_user, made.party, made.told_by, made.evidence) == (user, "end_user", "Bo", "Form 3")
    assert "may not use the service before accepting" in shown(client, user) and str(eula) in shown(client, user)


def test_a_reseller_signs_its_agreement() -> None:
    reseller, client = make_reseller(), people.owner()
    text = make_text("securegroup/2015-01-01", "reseller_agreement")
    do(client, reseller, "accepted", **PAPER, document=text.pk)
    assert Agreement.objects.get().reseller == reseller
    assert client.get(page(reseller, "accepted")).status_code == 404


def test_an_order_is_confirmed_as_its_form_asks() -> None:
    subscription, client = make_subscription("secureflag", quantity=3), people.owner()
    given = {"customer_class": "smb", "business_use": "on", "price": "1044.00"}
    told = ask(client, subscription, "confirmation", **given)
    assert "it names" in told and "the licences" in told and "Confirmation Form" in told
    assert not ConfirmationForm.objects.exists()
    do(client, subscription, "confirmation", **given)
    form = ConfirmationForm.objects.get()
    assert (form.subscription, form.price, form.licences) == (subscription, Decimal("1044.00"), 3)
    assert client.get(page(subscription, "confirmation")).status_code == 404


def test_an_order_of_a_consumer_is_not_confirmed_and_told_why() -> None:
    subscription, client = make_subscription("secureflag"), people.owner()
    told = ask(client, subscription, "confirmation", customer_class="smb", price="348.00")
    assert "for use in a business, trade or profession only" in told and "Nothing would change." in told
    assert client.get(page(make_subscription("ethicmail"), "confirmation")).status_code == 404


@pytest.mark.parametrize("price", ["", "-1", "1.234"])
def test_a_price_that_is_none_is_refused(price: str) -> None:
    subscription, client = make_subscription("secureflag"), people.owner()
    answered = client.post(page(subscription, "confirmation"), {"customer_class": "smb", "price": price})
    assert answered.status_code == 200 and not mark(answered)
    assert not ConfirmationForm.objects.exists()


def test_a_special_term_takes_the_place_of_a_value_and_is_read_before() -> None:
    subscription, client = make_subscription("secureflag"), people.owner()
    given = {"key": "period.notice_days", "value": "3", "reference": "Letter of 1 March", "in_writing": "on"}
    told = ask(client, subscription, "special-term", **given)
    assert "What prevails comes first: special terms" in told
    assert "must come: 3" in told
    assert now(subscription).special_terms == {}
    do(client, subscription, "special-term", **given)
    assert now(subscription).terms.period.notice_days.value == 3
    assert SpecialTerm.objects.get().reference == "Letter of 1 March"


def test_a_special_term_that_is_not_in_writing_changes_nothing() -> None:
    subscription, client = make_subscription("secureflag"), people.owner()
    given = {"key": "period.notice_days", "value": "3", "reference": "A call"}
    told = ask(client, subscription, "special-term", **given)
    assert "The special terms do not count, because they were not agreed in writing." in told
    assert "15.4" in told and "Nothing would change." in told


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("period.notice_days", "many", "valid integer"),
        ("resale.barred", "perhaps", "valid boolean"),
        ("currency", "EUR", "Select a valid choice."),
    ],
)
def test_a_value_that_the_terms_could_not_have_is_told(key: str, value: str, told: str) -> None:
    subscription, client = make_subscription("secureflag"), people.owner()
    given = {"key": key, "value": value, "reference": "Letter", "in_writing": "on"}
    assert told in words(client.post(page(subscription, "special-term"), given))
    assert not SpecialTerm.objects.exists()


def test_a_service_gets_another_owner_and_the_contract_says_that_this_is_kept_true() -> None:
    subscription, client = make_subscription("securegroup"), people.owner()
    new = make_customer(name="Quayside Dental")
    given = {"owner": new.pk, "controller": "Northgate IT", "told_by": "Orla Byrne"}
    told = ask(client, subscription, "owner", **given)
    assert (
        "The customer must keep it current" in told
        and "TOS preamble" in told
        and "Quayside Dental, controlled by Northgate IT, from" in told
    )
    do(client, subscription, "owner", **given)
    owned = Ownership.objects.get(until_on=None)
    assert (owned.owner, owned.controller, owned.told_by) == (new, "Northgate IT", "Orla Byrne")
    again = words(client.post(page(subscription, "owner"), given))
    assert "is owned and controlled so already" in again


def test_what_a_customer_declares_is_kept_with_the_hash_of_its_words() -> None:
    subscription, client = make_subscription("ethicmail"), people.owner()
    given = {"kinds": ["lawful_funds"], "by": "ada@example.com", "words": "Our funds are lawful."}
    told = ask(client, subscription, "declarations", **given)
    assert "has yet to declare" in told and "10.2" in told
    assert "Pays from lawful sources, declared on" in told
    do(client, subscription, "declarations", **given)
    made = Declaration.objects.get()
    assert (made.declared_by, len(made.text_sha256)) == ("ada@example.com", 64)
    assert 'value="lawful_funds"' not in client.get(page(subscription, "declarations")).content.decode()
    assert client.get(page(make_subscription("secureflag"), "declarations")).status_code == 404


def test_a_declaration_that_is_not_true_voids_the_contracts_once_it_was_read() -> None:
    subscription, client = make_subscription("ethicmail"), people.owner()
    customer = subscription.customer
    given = {"vendor": "ethicmail", "kind": "lawful_funds"}
    told = ask(client, customer, "breach-found", **given)
    assert "every contract is void" in told and "10.3" in told and "A letter leaves" in told
    assert now(subscription).state == "active"
    do(client, customer, "breach-found", **given)
    breach = DeclarationBreach.objects.get()
    assert (breach.customer, breach.found_by, now(subscription).state) == (customer, people.who("owner"), "ended")
    assert client.get(page(customer, "breach-found")).status_code == 404


def test_a_contract_that_is_over_takes_no_more_agreements() -> None:
    subscription, client = make_subscription("secureflag"), people.owner()
    make_text(subscription.sheet)
    today = timezone.now().date()
    terminate(subscription=subscription, reason="conduct", because=[], on=max(today, date(2026, 3, 2)), at=NOON)
    for act in ("accepted", "confirmation", "special-term", "owner", "declarations"):
        assert client.get(page(subscription, act)).status_code == 404


ACTS = ["accepted", "confirmation", "special-term", "owner"]


@pytest.mark.parametrize("act", ACTS)
def test_who_may_only_look_agrees_to_nothing(act: str) -> None:
    subscription = make_subscription("secureflag")
    make_text(subscription.sheet)
    assert people.clerk().get(page(subscription, act)).status_code == 403
    reseller = people.member("reseller", make_reseller())
    assert reseller.get(page(subscription, act)).status_code == 302
    absent = Subscription(pk=999_999)
    assert people.owner().get(page(absent, act)).status_code == 404
