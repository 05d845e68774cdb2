"""The staff's pages about personal data: registers, erasing with its preview, archives."""

from __future__ import annotations

from datetime import date
from html import unescape
from io import BytesIO
from zipfile import ZipFile

import pytest

from accounts.models import Administrator, Customer, DataBreach, DataRequest, Notice, PlannedDisposal, Subscription
from accounts.services.retention import wish_for_data
from tests import people
from tests.builders import NOON, make_administrator, make_end_user, make_subscription

pytestmark = pytest.mark.django_db

LISTS = (
    "datarequest", "databreach", "processor", "disposal", "erasure", "personkey", "sealedrecord", "planneddisposal",
)  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_each_list_opens(name: str) -> None:
    make_subscription("cryptopass")
    assert people.clerk().get(f"/admin/accounts/{name}/").status_code == 200


def test_a_request_is_taken_down_takes_longer_and_is_answered() -> None:
    subscription = make_subscription("cryptopass")
    make_administrator(subscription)
    owner = people.owner()
    inline = {"alarms-TOTAL_FORMS": "0", "alarms-INITIAL_FORMS": "0"}
    fields = {
        "kind": "access", "subject": "accounts.administrator", "subject_id": Administrator.objects.get().pk,
        "name": "Ada Ader", "email": "ada@example.com", "text": "", "verified_how": "",
        "received_at_0": "2026-03-02", "received_at_1": "12:00:00",
    }  # fmt: skip
    nobody = owner.post("/admin/accounts/datarequest/add/", {**fields, **inline, "subject_id": 0})
    assert "There is nobody of this number." in nobody.content.decode()
    assert owner.post("/admin/accounts/datarequest/add/", {**fields, **inline}).status_code == 302
    request = DataRequest.objects.get()
    assert request.answer_by == date(2026, 4, 2) and Notice.objects.filter(kind="data_request").exists()
    address = f"/admin/accounts/datarequest/{request.pk}/change/"
    assert "to be answered" not in owner.get(address).content.decode()
    refused = owner.post(address, {**inline, "verified_how": "", "answer": "", "grant_now": "1"}, follow=True)
    assert "not known yet" in unescape(refused.content.decode())
    owner.post(address, {**inline, "verified_how": "called back", "answer": "Here it is.", "grant_now": "1"})
    request.refresh_from_db()
    assert (request.state, request.answer) == ("granted", "Here it is.")


def test_a_breach_is_taken_down_and_the_authority_told() -> None:
    make_subscription("secureflag")
    owner = people.owner()
    inline = {"alarms-TOTAL_FORMS": "0", "alarms-INITIAL_FORMS": "0"}
    fields = {
        "vendor": "secureflag", "what": "A laptop was lost.", "categories": "names", "persons": "4", "measures": "",
        "risk": "likely", "noticed_at_0": "2026-03-02", "noticed_at_1": "12:00:00",
    }  # fmt: skip
    assert owner.post("/admin/accounts/databreach/add/", {**fields, **inline}).status_code == 302
    breach = DataBreach.objects.get()
    address = f"/admin/accounts/databreach/{breach.pk}/change/"
    late = owner.post(address, {**inline, "late_because": "", "authority_told": "1"}, follow=True)
    assert "needs a reason" in unescape(late.content.decode())
    owner.post(address, {**inline, "late_because": "Found late.", "authority_told": "1"})
    breach.refresh_from_db()
    assert breach.authority_told_at is not None


def test_erasing_shows_first_what_goes_and_what_stays() -> None:
    subscription = make_subscription("cryptopass")
    customer = subscription.customer
    order = {"action": "erase_person", "_selected_action": [customer.pk]}
    owner = people.owner()
    shown = unescape(owner.post("/admin/accounts/customer/", order).content.decode())
    assert "a contract with this customer still runs" in shown and "GDPR 17(1)(a)" in shown
    Subscription.objects.update(state="ended", ends_on=date(2026, 3, 31))
    shown = unescape(owner.post("/admin/accounts/customer/", order).content.decode())
    assert "What goes" in shown and "What stays for a while" in shown and Customer.objects.get().name == customer.name
    owner.post("/admin/accounts/customer/", {**order, "confirmed": "yes"})
    assert Customer.objects.get().name == f"Erased customer {customer.pk}"


def test_who_may_not_erase_neither_sees_the_archive_nor_erases() -> None:
    customer = make_subscription("cryptopass").customer
    for action in ("erase_person", "give_archive"):
        order = {"action": action, "_selected_action": [customer.pk], "confirmed": "yes"}
        answered = people.clerk().post("/admin/accounts/customer/", order)
        assert answered.headers["Content-Type"] != "application/zip"
    assert Customer.objects.get().name == customer.name


def test_a_person_s_archive_and_the_users_of_a_contract_are_handed_over() -> None:
    subscription = make_subscription("secureflag")
    make_end_user(subscription.customer)
    owner = people.owner()
    order = {"action": "give_archive", "_selected_action": [subscription.customer.pk]}
    given = owner.post("/admin/accounts/customer/", order)
    with ZipFile(BytesIO(given.content)) as archive:
        assert "index.txt" in archive.namelist()
    wish_for_data(subscription=subscription, wanted="return", on=date(2026, 3, 3), at=NOON)
    plan = PlannedDisposal.objects.get()
    order = {"action": "give_back", "_selected_action": [plan.pk]}
    back = owner.post("/admin/accounts/planneddisposal/", order)
    assert back.headers["Content-Type"] == "application/zip"
    plan.refresh_from_db()
    assert plan.returned_on is not None
