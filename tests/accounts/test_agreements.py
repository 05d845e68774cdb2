"""What the database keeps of agreements, and what staff see and do about them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction

from accounts import staff
from accounts.models import Agreement, ConfirmationForm, ResalePermission, Subscription
from accounts.services import (
    Order,
    Signatory,
    accept,
    agree_special_term,
    confirm_order,
    file_power,
    order_for_resale,
)
from backoffice.pages.today import counted
from backoffice.terms.book import book
from tests import people
from tests.accounts.test_admin import read
from tests.builders import NOON, make_customer, make_reseller, make_subscription, make_text

pytestmark = pytest.mark.django_db


def test_the_database_refuses_to_change_an_agreement_but_for_who_it_names() -> None:
    make_text(book().newest("securegroup").id)
    make_subscription("securegroup", accepted_by=Signatory("Ada Ader"))
    for change in ({"sha256": "0" * 64}, {"how": "portal"}, {"accepted_at": datetime(2026, 4, 1, tzinfo=UTC)}):
        with pytest.raises(DatabaseError, match="an agreement never changes"), transaction.atomic():
            Agreement.objects.update(**change)
    Agreement.objects.update(accepted_by="", accepted_role="")
    assert Agreement.objects.get().accepted_by == ""


def furnished() -> Subscription:
    """A subscription of everything that can be agreed, on each of the lists."""
    reseller = make_reseller()
    customer = make_customer(reseller=reseller)
    subscription = make_subscription("secureflag", customer=customer)
    order = Order(vendor="cryptopass", plan="Team", method="card", accepted_on=NOON.date())
    order_for_resale(customer=customer, order=order, at=NOON)
    text = make_text(subscription.sheet)
    agent = Signatory("Rae Sol", "Solicitor", "agent")
    agreement = accept(document=text, subscription=subscription, by=agent, how="paper", at=NOON)
    file_power(agreement=agreement, reference="Folder 3", on=NOON.date())
    agree_special_term(
        subscription=subscription, key="period.notice_days", value=3, reference="Letter", on=NOON.date(), at=NOON
    )
    confirm_order(subscription=subscription, customer_class="smb", business_use=True, price=Decimal("348.00"), at=NOON)
    return subscription


LISTS = [
    "agreement", "signedpower", "ownership", "specialterm", "confirmationform", "resalepermission", "resaleorder",
]  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_the_database_as_often_for_many_rows_as_for_few(name: str) -> None:
    client, address = people.clerk(), f"/admin/accounts/{name}/"
    furnished()
    people.queries(client, address)
    few = people.queries(client, address)
    for _ in range(6):
        furnished()
    assert people.queries(client, address) == few


@pytest.mark.parametrize("name", LISTS)
def test_each_row_has_its_page_and_is_not_deleted(name: str) -> None:
    furnished()
    row = apps.get_model("accounts", name)._default_manager.latest("id")
    owner = people.owner()
    assert owner.get(f"/admin/accounts/{name}/{row.pk}/change/").status_code == 200
    assert owner.post(f"/admin/accounts/{name}/{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert type(row)._default_manager.filter(pk=row.pk).exists()


def test_the_start_page_tells_what_is_missing_and_leads_to_it() -> None:
    make_text(book().newest("secureflag").id)
    lacking = make_subscription("secureflag", accepted_by=Signatory("Rae Sol", "Solicitor", "agent"))
    nameless = make_subscription("secureflag")
    order = Order(vendor="cryptopass", plan="Team", method="card", accepted_on=NOON.date())
    order_for_resale(customer=lacking.customer, order=order, at=NOON)
    client = people.owner()
    told = {one.words: (one.number, one.href) for one in map(counted, staff.stuck(people.who("owner")))}
    for words, found in {
        "agreements of agents without their power": str(lacking.customer),
        "agreements of nobody knows whom": str(nameless.customer),
        "orders to confirm": str(lacking.customer),
        "orders for resale that were blocked": str(lacking.customer),
    }.items():
        count, address = told[words]
        assert count == (2 if words == "orders to confirm" else 1)
        assert found in read(client, address)


def test_a_subscription_shows_what_its_contract_says_of_itself_and_what_was_agreed_specially() -> None:
    subscription = furnished()
    text = read(people.clerk(), f"/admin/accounts/subscription/{subscription.pk}/change/")
    assert "The service aims to be available more than 98% of the time. A shortfall is not credited." in text
    assert "Disputes go to: Courts of Delaware, United States." in text
    assert "What prevails comes first: special terms, then the terms, then the order." in text
    assert "Periods and renewals: Days before the period's end by which a notice not to renew must come: 3" in text


def test_a_confirmation_is_printed() -> None:
    furnished()
    form = ConfirmationForm.objects.get()
    text = read(people.clerk(), f"/admin/accounts/confirmationform/{form.pk}/print/")
    assert "348.00 GBP" in text and "1 (Confirmation Form)" in text


def test_staff_record_permissions_and_powers_and_end_special_terms() -> None:
    subscription = furnished()
    owner = people.owner()
    fields = {"vendor": "cryptopass", "kind": "written_permission", "reference": "Letter 7", "from_on": "2026-03-01"}
    assert owner.post("/admin/accounts/resalepermission/add/", fields).status_code == 302
    assert ResalePermission.objects.filter(vendor="cryptopass", reference="Letter 7").exists()
    again = owner.post("/admin/accounts/resalepermission/add/", fields)
    assert "This paper is on record already." in again.content.decode()
    text = make_text(subscription.sheet, "aup")
    plain = accept(document=text, subscription=subscription, by=Signatory("Ada"), how="paper", at=NOON)
    agent = accept(
        document=make_text(subscription.sheet, "sla"), subscription=subscription,
        by=Signatory("Rae", "", "agent"), how="paper", at=NOON,
    )  # fmt: skip
    power = {"reference": "Folder 4", "filed_on": "2026-03-05"}
    refused = owner.post("/admin/accounts/signedpower/add/", power | {"agreement": plain.pk})
    assert "This was not accepted by an agent." in refused.content.decode()
    assert owner.post("/admin/accounts/signedpower/add/", power | {"agreement": agent.pk}).status_code == 302
    assert agent.power.reference == "Folder 4"
    special = subscription.specially_agreed.get()
    order = {"action": "end_today", "_selected_action": [special.pk]}
    people.clerk().post("/admin/accounts/specialterm/", order)
    special.refresh_from_db()
    assert special.until_on is None
    for words in ("own value counts again", "Nothing changed: special term"):
        assert words in owner.post("/admin/accounts/specialterm/", order, follow=True).content.decode()
    special.refresh_from_db()
    assert special.until_on is not None
