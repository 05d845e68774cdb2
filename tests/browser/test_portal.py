"""The portal in a real browser: nothing refused by the content security policy, nothing wider than the screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.utils import timezone
from playwright.sync_api import Browser, expect

from accounts.models import Subscription, User
from accounts.services import Guest, add_document, assign_licence, invite
from accounts.services.user_texts import link_for
from tests import people
from tests.browser.test_pages import SIZES, Site
from tests.builders import (
    NOON,
    make_administrator,
    make_customer,
    make_end_user,
    make_notice,
    make_price,
    make_reseller,
    make_subscription,
    make_text,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "somebody-with-a-very-long-address@department.organisation.example.com"
PAGES = [
    "/portal/",
    "/portal/customers/",
    "/portal/customers/{customer}/",
    "/portal/customers/{customer}/people/",
    "/portal/customers/{customer}/people/new/",
    "/portal/people/{person}/leave/",
    "/portal/people/{person}/texts/",
    "/portal/people/{person}/texts/send/",
    "/portal/people/{person}/texts/{eula}/",
    "/portal/subscriptions/{subscription}/take-back/",
    "/portal/subscriptions/{subscription}/",
    "/portal/subscriptions/{subscription}/stop/",
    "/portal/subscriptions/{subscription}/licences/",
    "/portal/subscriptions/{subscription}/seats/add/",
    "/portal/licences/{licence}/assign/",
    "/portal/licences/{licence}/give-up/",
    "/portal/agreements/",
    "/portal/subscriptions/{subscription}/agreements/{document}/",
    "/portal/notices/",
    "/portal/notices/{notice}/",
    "/account/password/change/",
    "/account/logout/",
]
OUTSIDE = [
    "/account/login/",
    "/account/password/reset/",
    "/account/password/reset/done/",
    "/portal/welcome/?key={key}",
    "/portal/texts-to-accept/?key={texts}",
]


@pytest.fixture
def books() -> dict[str, Any]:
    """A reseller with one customer and a row of everything, by the names that the addresses above use."""
    make_price("secureflag")
    reseller = make_reseller(name="Quayside")
    customer = make_customer(name="Transports Garnier et compagnie internationale", reseller=reseller, email=LONG)
    subscription = make_subscription("secureflag", customer=customer, quantity=3, cycle_months=12)
    make_administrator(subscription, people.address("manager"))
    notice = make_notice(subscription, state="sent", sent_at=NOON, recipient=LONG, body="Dear customer,\n\nit renews.")
    file = ContentFile(b"The whole text.\n" + b"A-line-that-never-breaks-" * 40, "terms.txt")
    document = add_document(sheet=subscription.sheet, title="Terms of subscription", version="2", file=file, at=NOON)
    eula = make_text(subscription.sheet, "eula", file=ContentFile(b"The whole text.\n", "eula.txt"))
    person = make_end_user(customer, username="ada.lovelace")
    seat = subscription.licences.get(number=2)
    assign_licence(licence=seat, holder=person, asked_by=people.address("manager"), on=subscription.accepted_on)
    _, key = invite(guest=Guest("guest@example.com", "viewer"), to=reseller, at=NOON.replace(year=2090))
    return {
        "reseller": reseller,
        "customer": customer.pk,
        "subscription": subscription.pk,
        "licence": subscription.licences.get(number=1).pk,
        "person": person.pk,
        "eula": eula.pk,
        "texts": link_for(user=person, sent_by=User.objects.get(email="guest@example.com"), at=timezone.now()),
        "notice": notice.pk,
        "document": document.pk,
        "key": key,
    }


@pytest.fixture
def site(browser: Browser, live_server: Any, books: dict[str, Any]) -> Iterator[Site]:
    """A manager's browser: the test fails if it had any complaint."""
    cache.clear()
    site = Site(browser, live_server.url)
    site.cookie = people.member("manager", books["reseller"]).cookies[settings.SESSION_COOKIE_NAME].value
    yield site
    for context in browser.contexts:
        context.close()
    assert site.complaints == []


@pytest.mark.parametrize(("size", "scheme"), [("phone", "light"), ("desk", "dark")])
def test_no_page_is_wider_than_its_screen_or_breaks_the_policy(
    site: Site, books: dict[str, Any], size: str, scheme: str
) -> None:
    page = site.open("/portal/", SIZES[size], color_scheme=scheme)
    for path in PAGES + OUTSIDE:
        if path == OUTSIDE[0]:
            page.context.clear_cookies()
        answered = page.goto(site.address + path.format(**books))
        assert answered is not None and answered.ok, path
        assert page.locator("h1").count() == 1, path
        excess = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert excess <= 0, f"{path} is {excess} pixels too wide"
        loose = page.locator("input:not([type=hidden]):visible, select:visible").evaluate_all(
            "fields => fields.filter(field => !field.labels.length).map(field => field.name)"
        )
        assert loose == [], f"{path} has fields without a label"


def test_somebody_signs_in_and_stops_a_contract_by_keyboard_alone(site: Site, books: dict[str, Any]) -> None:
    user = people.who("manager")
    user.set_password("a-long-and-fine-password")
    user.save()
    page = site.open("/portal/customers/")
    page.context.clear_cookies()
    page.goto(f"{site.address}/portal/subscriptions/{books['subscription']}/")
    page.get_by_label("Email").fill(user.email)
    page.keyboard.press("Tab")
    page.keyboard.type("a-long-and-fine-password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Team")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="To the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Stop this contract").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Undoing it")).to_be_visible()
    page.get_by_role("button", name="Give notice to stop").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Your notice was given.")
    assert Subscription.objects.get().ends_on is not None


def test_what_is_wrong_stands_beside_its_field(site: Site, books: dict[str, Any]) -> None:
    page = site.open(f"/portal/subscriptions/{books['subscription']}/seats/add/")
    page.get_by_label("How many more seats").fill("0")
    page.get_by_role("button", name="See what follows").click()
    field = page.get_by_label("How many more seats")
    expect(field).to_have_attribute("aria-invalid", "true")
    described = str(field.get_attribute("aria-describedby"))
    expect(page.locator(f"#{described.split()[0]}")).to_contain_text("greater than or equal to 1")
