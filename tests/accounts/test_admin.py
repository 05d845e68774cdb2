"""The staff's lists of customers and contracts: quick, searchable, and read-only where something was decided."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.contrib.admin import AdminSite
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import Client
from unfold.admin import checkbox

from accounts.keys import find_key, make_key
from accounts.models import ApiKey, ContractDocument, Customer, Subscription
from accounts.services import Guest, add_document, give_notice, invite
from tests import people
from tests.builders import (
    NOON,
    make_customer,
    make_notice,
    make_price,
    make_received,
    make_reseller,
    make_subscription,
)

pytestmark = pytest.mark.django_db

SHEET = "secureflag/2024-01-01"


def read(client: Client, address: str) -> str:
    answered = client.get(address)
    assert answered.status_code == 200, answered
    return " ".join(unescape(answered.content.decode()).split())


LISTS = [
    "reseller",
    "membership",
    "customer",
    "subscription",
    "period",
    "notice",
    "contractdocument",
    "apikey",
    "receivednotice",
    "inboundmail",
    "contactdoubt",
]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_the_database_as_often_for_many_rows_as_for_few(name: str) -> None:
    make_price("secureflag")
    client = people.clerk()
    address = f"/admin/accounts/{name}/"

    def grow(count: int) -> None:
        for number in range(count):
            subscription = make_subscription("secureflag")
            guest = Guest(f"guest{subscription.pk}@example.com", "viewer")
            invite(guest=guest, to=make_reseller(), at=NOON)
            period = subscription.periods.get()
            make_notice(subscription, because=period.because)
            make_received(subscription)
            make_key(name=f"Key {number}", scopes=["decisions"], at=NOON)
            digest = hashlib.sha256(str(subscription.pk).encode()).hexdigest()
            ContractDocument.objects.create(
                sheet=SHEET, title="Terms", version="1", file="x.pdf", sha256=digest, uploaded_at=NOON
            )

    grow(2)
    # What Django remembers of the first page anybody opens is no part of the count.
    people.queries(client, address)
    few = people.queries(client, address)
    grow(20)
    assert people.queries(client, address) == few


@pytest.mark.parametrize("name", ["subscription", "customer"])
def test_a_page_with_rows_inside_asks_as_often_for_many_as_for_few(name: str) -> None:
    customer = make_customer()
    first = make_subscription("secureflag", customer=customer)
    address = f"/admin/accounts/{name}/{customer.pk if name == 'customer' else first.pk}/change/"
    client = people.clerk()
    people.queries(client, address)
    few = people.queries(client, address)
    for index in range(1, 8):
        make_subscription("secureflag", customer=customer)
        period = first.periods.get(index=0)
        period.pk, period.index = None, index
        period.save()
    assert people.queries(client, address) == few


def test_each_row_of_a_list_has_a_box_of_its_own() -> None:
    customers = [make_customer(name=f"Customer {n}") for n in range(3)]
    drawn = checkbox.render("_selected_action", customers[0].pk)
    content = people.owner().get("/admin/accounts/customer/").content.decode()
    assert drawn in content
    assert {int(key) for key in re.findall(r'name="_selected_action" value="(.+?)"', content)} == {
        customer.pk for customer in customers
    }


def test_the_menu_and_the_frame_look_the_lists_up_together(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[str | None] = []
    look = AdminSite.get_app_list

    def counted(self: AdminSite, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        looks.append(app_label)
        return look(self, request, app_label)

    monkeypatch.setattr(AdminSite, "get_app_list", counted)
    assert "Subscriptions" in read(people.owner(), "/admin/accounts/customer/")
    assert looks == [None]


def test_a_subscription_is_found_by_its_number_and_its_customer() -> None:
    make_customer(), make_customer()  # so that no number is a customer's and a subscription's
    found = make_subscription("secureflag", customer=make_customer(name="Aalto & Sons"))
    other = make_subscription("secureflag")
    client = people.clerk()
    link, stranger = (f"/admin/accounts/subscription/{row.pk}/change/" for row in (found, other))
    for term in (str(found.pk), str(found.customer_id), "aalto"):
        text = read(client, f"/admin/accounts/subscription/?q={term}")
        assert link in text and stranger not in text, term
    nothing = read(client, "/admin/accounts/subscription/?q=zebra")
    assert link not in nothing
    assert link not in read(client, f"/admin/accounts/subscription/?q={'9' * 40}")


def test_a_list_can_be_narrowed_to_one_contract() -> None:
    make_subscription("secureflag", plan="Gold")
    make_subscription("securegroup", plan="Silver")
    text = read(people.clerk(), "/admin/accounts/subscription/?vendor=securegroup")
    assert "Silver" in text and "Gold" not in text


def test_a_subscription_shows_why_it_began_and_why_it_ends() -> None:
    subscription = make_subscription("secureflag")
    client = people.clerk()
    address = f"/admin/accounts/subscription/{subscription.pk}/change/"
    text = read(client, address)
    assert "The term begins on 1 March 2026." in text and "No notice to stop was given" in text
    give_notice(subscription=subscription, notice_on=date(2026, 5, 1), by="customer")
    text = read(client, address)
    assert "The notice to stop came on 1 May 2026; 28 February 2027 is the last day of service." in text
    assert f"/admin/terms/{SHEET}/#period.customer_ends" in text


def test_a_contract_without_a_rule_for_its_beginning_says_so() -> None:
    subscription = make_subscription("securepacket")
    text = read(people.clerk(), f"/admin/accounts/subscription/{subscription.pk}/change/")
    assert "The contract does not say when a term begins" in text


def test_a_period_shows_what_was_stored_and_never_asks_the_rule_again() -> None:
    period = make_subscription("secureflag").periods.get()
    period.because = [{"clause": "7.7", "says": "As it was told then"}]
    period.save()
    text = read(people.clerk(), f"/admin/accounts/period/{period.pk}/change/")
    assert "The period runs from 1 March 2026 to 28 February 2027" in text
    assert "As it was told then." in text and "13.1" not in text


def test_a_notice_shows_its_exact_words_and_its_why() -> None:
    make_subscription("secureflag")
    period = Subscription.objects.get().periods.get()
    notice = make_notice(period.subscription, because=period.because, body="Dear customer,\n\n<b>It renews.</b>")
    raw = people.clerk().get(f"/admin/accounts/notice/{notice.pk}/change/").content.decode()
    assert '<div class="letter">Dear customer,\n\n&lt;b&gt;It renews.&lt;/b&gt;</div>' in raw
    assert "The letter of this renewal notice was to be written by 21 February 2027." in raw


@pytest.mark.parametrize("name", ["subscription", "period", "notice"])
def test_what_was_decided_cannot_be_written_over(name: str) -> None:
    make_subscription("secureflag")
    owner = people.owner()
    assert owner.get(f"/admin/accounts/{name}/add/").status_code == 403
    subscription = Subscription.objects.get()
    row = subscription if name == "subscription" else subscription.periods.get()
    if name != "notice":
        assert owner.post(f"/admin/accounts/{name}/{row.pk}/change/", {"plan": "Other"}).status_code == 403
        assert owner.post(f"/admin/accounts/{name}/{row.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_customer_can_be_entered_and_corrected() -> None:
    owner = people.owner()
    fields = {
        "kind": "business", "name": "Aalto & Sons", "email": "post@aalto.example", "language": "en", "country": "FI",
        "time_zone": "Europe/Helsinki", "phone": "+358401234567", "street": "Esplanadi 1", "postcode": "00100",
        "city": "Helsinki", "vat_id": "FI 2077474-0", "billed_by": "operator",
    }  # fmt: skip
    rows = ("subscriptions", "administrators", "contact_doubts")
    inline = {f"{name}-{key}": "0" for name in rows for key in ("TOTAL_FORMS", "INITIAL_FORMS")}
    assert owner.post("/admin/accounts/customer/add/", fields | inline).status_code == 302
    customer = Customer.objects.get()
    changed = fields | inline | {"email": "letters@aalto.example"}
    owner.post(f"/admin/accounts/customer/{customer.pk}/change/", changed)
    customer.refresh_from_db()
    assert (customer.name, customer.email) == ("Aalto & Sons", "letters@aalto.example")
    assert (customer.vat_id, customer.city, customer.verification) == ("FI20774740", "Helsinki", "none")
    wrong = owner.post("/admin/accounts/customer/add/", fields | inline | {"country": "Finland"})
    assert wrong.status_code == 200 and Customer.objects.count() == 1


def test_a_contract_s_text_is_kept_with_its_hash_and_never_twice() -> None:
    owner = people.owner()

    def upload(title: str, sheet: str = SHEET) -> str:
        file = SimpleUploadedFile("terms.pdf", b"We agree.", content_type="application/pdf")
        fields = {"sheet": sheet, "title": title, "version": "3", "file": file}
        return owner.post("/admin/accounts/contractdocument/add/", fields, follow=True).content.decode()

    upload("Terms")
    document = ContractDocument.objects.get()
    assert document.sha256 == hashlib.sha256(b"We agree.").hexdigest()
    assert document.sha256 in read(owner, f"/admin/accounts/contractdocument/{document.pk}/change/")
    assert "This very text was there already, as “Terms, version 3”." in upload("Another name")
    assert "is not one of the available choices" in upload("Terms", "nobody/2020-01-01")
    assert ContractDocument.objects.count() == 1


def test_a_contract_s_text_is_only_for_staff() -> None:
    assert people.outsider().get("/admin/accounts/contractdocument/1/file/").status_code == 302
    assert people.clerk().get("/admin/accounts/contractdocument/1/file/").status_code == 404


def test_a_key_is_shown_once_and_works() -> None:
    owner = people.owner()
    made = owner.post("/admin/accounts/apikey/add/", {"name": "Shop", "scopes": ["decisions"]})
    shown = re.search(r'class="secret">([^<]+)<', made.content.decode())
    assert shown is not None and "no-store" in made.headers["Cache-Control"]
    key = ApiKey.objects.get()
    assert find_key(shown[1], at=key.created_at) == key
    secret = shown[1].partition(".")[2]
    for address in ("/admin/accounts/apikey/", f"/admin/accounts/apikey/{key.pk}/change/", "/admin/"):
        assert secret not in read(owner, address)


def test_a_key_needs_a_scope_that_exists() -> None:
    answered = people.owner().post("/admin/accounts/apikey/add/", {"name": "Shop", "scopes": ["everything"]})
    assert answered.status_code == 200 and ApiKey.objects.count() == 0


def test_a_key_is_revoked_from_the_list_by_who_may() -> None:
    key, _ = make_key(name="Shop", scopes=["decisions"], at=NOON)
    order = {"action": "revoke", "_selected_action": [key.pk]}
    people.clerk().post("/admin/accounts/apikey/", order)
    key.refresh_from_db()
    assert key.revoked_at is None
    people.owner().post("/admin/accounts/apikey/", order)
    key.refresh_from_db()
    assert key.revoked_at is not None


def test_a_key_that_would_open_nothing_is_not_made() -> None:
    over = {"name": "Shop", "scopes": ["decisions"], "expires_at_0": "2020-01-01", "expires_at_1": "00:00:00"}
    answered = people.owner().post("/admin/accounts/apikey/add/", over)
    assert "the key would open nothing" in answered.content.decode() and ApiKey.objects.count() == 0
    people.owner().post("/admin/accounts/apikey/add/", over | {"expires_at_0": "2999-01-01"})
    assert ApiKey.objects.get().expires_at is not None


def test_a_text_is_saved_under_a_name_made_of_its_title_whatever_the_title_is() -> None:
    for title, name in (("<b>Terms</b>", "btermsb-1.txt"), ("\u5408\u540c", "1.txt"), ("!", "1.txt")):
        make_document(title, "text.txt")
        address = f"/admin/accounts/contractdocument/{ContractDocument.objects.latest('id').pk}/file/"
        answered = people.owner().get(address)
        assert answered.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    make_document("Bare", "bare")
    address = f"/admin/accounts/contractdocument/{ContractDocument.objects.latest('id').pk}/file/"
    assert people.owner().get(address).headers["Content-Disposition"] == 'attachment; filename="bare-1"'


def make_document(title: str, file: str) -> None:
    text = SimpleUploadedFile(file, title.encode())
    add_document(sheet="secureflag/2024-01-01", title=title, version="1", file=text, at=NOON)
