"""The pages in a real browser: nothing refused by the content security policy, nothing wider than the screen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect
from pytest_django import Settings

from backoffice import days, tasks
from tests import people
from tests.builders import NOON, make_case, make_notice, make_price, make_subscription, make_text

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# A small phone and a desk.
SIZES = {"phone": (360, 740), "desk": (1280, 900)}
PAGES = [
    "/admin/",
    "/admin/terms/",
    "/admin/terms/secureflag/2024-01-01/",
    "/admin/terms/compare/?old=secureflag/2024-01-01&new=cryptopass/2022-01-01",
    "/admin/calculator/",
    "/admin/calculator/term.end/",
    "/admin/calculator/late.charges/",
    "/admin/calculator/referral.qualify/",
    "/admin/runs/",
    "/admin/runs/secureflag/2026-03-01/",
    "/admin/accounts/customer/",
    "/admin/accounts/subscription/",
    "/admin/accounts/subscription/{subscription}/change/",
    "/admin/accounts/subscription/{subscription}/act/stop/",
    "/admin/accounts/subscription/{subscription}/act/breach/",
    "/admin/accounts/subscription/{subscription}/act/accepted/",
    "/admin/accounts/subscription/{subscription}/act/confirmation/",
    "/admin/accounts/subscription/{subscription}/act/special-term/",
    "/admin/accounts/subscription/{subscription}/act/owner/",
    "/admin/accounts/amendment/add/",
    "/admin/accounts/breach/",
    "/admin/accounts/datastep/",
    "/admin/accounts/period/{period}/change/",
    "/admin/accounts/notice/{notice}/change/",
    "/admin/accounts/identitydocument/add/",
    "/admin/accounts/verification/",
    "/admin/accounts/eligibilitycase/",
    "/admin/accounts/screening/",
    "/admin/accounts/notice/",
    "/admin/accounts/notice/{notice}/step/again/",
    "/admin/accounts/inboundmail/",
    "/admin/accounts/contactdoubt/",
    "/admin/accounts/contactdoubt/add/",
    "/admin/accounts/receivednotice/",
    "/admin/accounts/receivednotice/add/",
    "/admin/accounts/conductcase/",
    "/admin/accounts/conductcase/add/",
    "/admin/accounts/conductcase/{case}/change/",
    "/admin/accounts/abusereport/add/",
    "/admin/accounts/bulkmailing/add/",
    "/admin/accounts/contractdocument/add/",
    "/admin/accounts/apikey/add/",
    "/admin/billing/invoice/",
    "/admin/billing/price/add/",
]


class Site:
    """A signed-in browser, and what it complained of: errors on its console, and addresses outside the site."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.complaints: list[str] = []
        self.cookie = people.owner().cookies[settings.SESSION_COOKIE_NAME].value

    def open(self, path: str, size: tuple[int, int] = SIZES["desk"], **kind: Any) -> Page:
        context = self.browser.new_context(viewport={"width": size[0], "height": size[1]}, **kind)
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": self.cookie, "url": self.address}
        context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._watch)
        answered = page.goto(self.address + path)
        assert answered is not None and answered.ok, path
        return page

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.complaints.append(request.url)


@pytest.fixture
def site(browser: Browser, live_server: Any) -> Iterator[Site]:
    """A site with nobody's complaints: the test fails if the browser had any."""
    site = Site(browser, live_server.url)
    yield site
    for context in browser.contexts:
        context.close()
    assert site.complaints == []


@pytest.fixture
def books() -> dict[str, int]:
    """A few rows of everything, by the names that the addresses above use."""
    make_price("secureflag")
    subscription = make_subscription("secureflag")
    make_text(subscription.sheet)
    days.run_day("secureflag", date(2026, 3, 1), at=NOON)
    period = subscription.periods.get()
    notice = make_notice(
        subscription,
        because=period.because,
        recipient="somebody-with-a-very-long-address@department.organisation.example.com",
        subject="Your subscription renews",
        body="Dear customer,\n\nit renews.",
    )
    case = make_case(subscription=subscription, violation="robots")
    return {"case": case.pk, "subscription": subscription.pk, "period": period.pk, "notice": notice.pk}


@pytest.mark.parametrize(("size", "scheme"), [("phone", "light"), ("desk", "dark")])
def test_no_page_is_wider_than_its_screen_or_breaks_the_policy(
    site: Site, books: dict[str, int], size: str, scheme: str
) -> None:
    page = site.open("/admin/", SIZES[size], color_scheme=scheme, reduced_motion="reduce")
    for path in PAGES:
        answered = page.goto(site.address + path.format(**books))
        assert answered is not None and answered.ok, path
        excess = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert excess <= 0, f"{path} is {excess} pixels too wide"


def test_the_calculator_answers_while_one_types_and_its_address_keeps_the_question(site: Site) -> None:
    page = site.open("/admin/calculator/term.period/?_vendor=secureflag")
    answers = page.locator("#answers")
    page.locator("[name=start]").fill("2025-05-05")
    expect(answers).to_contain_text("The period runs from 5 May 2025 to 4 May 2026")
    page.locator("[name=index]").fill("1")
    expect(answers).to_contain_text("The period runs from 5 May 2026 to 4 May 2027")
    colleague = site.open(page.url.removeprefix(site.address))
    expect(colleague.locator("#answers")).to_contain_text("The period runs from 5 May 2026 to 4 May 2027")
    expect(colleague.locator("[name=start]")).to_have_value("2025-05-05")


def test_an_error_in_the_calculator_tells_which_fact_to_change(site: Site) -> None:
    page = site.open("/admin/calculator/term.period/?_vendor=secureflag")
    page.locator("[name=start]").fill("")
    expect(page.locator("#answers")).to_contain_text("Enter “The term began on”.")


def test_rows_of_a_list_come_and_go_by_keyboard(site: Site) -> None:
    page = site.open("/admin/calculator/late.charges/?_vendor=cryptopass")
    add = page.locator("[data-add-row=rows-costs]")
    add.focus()
    page.keyboard.press("Enter")
    row = page.locator("#rows-costs > .row")
    row.locator("[name='costs.0.kind']").select_option("collection")
    row.locator("[name='costs.0.amount']").fill("80.00")
    row.locator("[name='costs.0.on']").fill("2026-05-20")
    expect(page.locator("#answers")).to_contain_text("80.00")
    row.locator("[data-remove-row]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#answers")).not_to_contain_text("80.00")


def test_a_record_is_asked_for_once_it_is_ticked(site: Site) -> None:
    page = site.open("/admin/calculator/referral.qualify/")
    expect(page.locator("[name='claim.letters']")).to_be_hidden()
    page.locator("[name=claim]").check()
    expect(page.locator("[name='claim.letters']")).to_be_visible()


def test_the_why_can_be_copied_as_text_and_leads_to_the_clause(site: Site) -> None:
    page = site.open(
        "/admin/calculator/term.period/?_vendor=secureflag", permissions=["clipboard-read", "clipboard-write"]
    )
    page.get_by_role("button", name="Copy as text").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("The period runs from") and "- [13.1" in copied
    page.locator(".clause").first.click()
    expect(page.locator(".term:target")).to_be_visible()


def test_the_next_day_is_run_and_watched(site: Site, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DAYS_BY_HAND = True
    make_subscription("secureflag")

    def run_here(vendor: str, day: str) -> None:
        days.run_day(vendor, date.fromisoformat(day), at=timezone.now())

    monkeypatch.setattr(tasks.run_day, "delay", run_here)
    page = site.open("/admin/runs/")
    page.get_by_role("button", name="Run the next day").click()
    done = page.get_by_role("link", name="1 March 2026: done")
    expect(done).to_be_visible()
    done.click()
    expect(page.locator("#day")).to_contain_text("What this day made")


def test_the_calendar_follows_what_workers_do(site: Site, settings: Settings) -> None:
    settings.DAYS_BY_HAND = True
    make_subscription("secureflag")
    page = site.open(f"/admin/runs/?watch={moment()}&of=secureflag/2026-03-01")
    expect(page.get_by_text("next", exact=True)).to_be_visible()
    days.run_day("secureflag", date(2026, 3, 1), at=NOON)
    expect(page.get_by_role("link", name="1 March 2026: done")).to_be_visible()


def test_who_was_signed_out_meanwhile_signs_in_on_a_page_of_its_own(site: Site) -> None:
    page = site.open("/admin/calculator/refund.early_termination/")
    page.context.clear_cookies()
    page.locator("[name=price]").fill("50.00")
    expect(page.locator("[name=password]")).to_be_visible()
    expect(page.locator("#answers")).to_have_count(0)


def test_a_number_that_no_rule_takes_is_refused_by_the_rule_and_not_left_unanswered(site: Site) -> None:
    page = site.open("/admin/calculator/refund.early_termination/")
    page.locator("[name=cycle_months]").fill("1.5")
    expect(page.locator("#answers")).to_contain_text("Months of the period: Input should be a valid integer")


def moment() -> str:
    now: datetime = timezone.now()
    return now.isoformat().replace("+", "%2B")


def test_the_api_is_described_offline(site: Site) -> None:
    page = site.open("/api/v1/docs/")
    expect(page.get_by_text("/api/v1/decisions/")).to_be_visible()
    page.get_by_text("/api/v1/decisions/").click()
    expect(page.get_by_text("Ask one question, or up to 1000 as a list")).to_be_visible()
