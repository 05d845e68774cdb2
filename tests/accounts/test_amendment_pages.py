from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import staff
from accounts.models import (
    Agreement,
    Amendment,
    AmendmentExit,
    AmendmentNotice,
    MaterialClaim,
    SheetChange,
    Subscription,
)
from accounts.services import Publication, claim_material_effect, draft_amendment, publish_amendment
from accounts.services.amendment_reach import foresee
from backoffice import days
from backoffice.pages.today import counted
from backoffice.terms.book import book
from tests import people
from tests.accounts.acts import ask, do, mark, now, words
from tests.accounts.acts import page as act_page
from tests.builders import NOON, make_reseller, make_subscription, make_text
from tests.stories.versions import second_version

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, str]]:
    """Secure Group's terms in two versions; pages are looked at on 2 March 2026."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
    yield second_version(tmp_path, monkeypatch, "securegroup", date(2026, 5, 1), {"period.notice_days": 12})
    book.cache_clear()


def reach(versions: tuple[str, str], count: int = 1) -> AmendmentNotice:
    """So many contracts that are told of a change of their terms on 2 March 2026."""
    for _ in range(count):
        make_subscription("securegroup")
    old, new = versions
    if not Amendment.objects.exists():
        change = Publication("securegroup", "terms", DAY, text="Stricter.", old_sheet=old, new_sheet=new)
        publish_amendment(change=change, on=DAY, at=NOON)
    days.catch_up(at=NOON)
    return AmendmentNotice.objects.latest("pk")


def page(notice: AmendmentNotice) -> str:
    return f"/admin/accounts/amendmentnotice/{notice.pk}/change/"


ADD = "/admin/accounts/amendment/add/"
ADA = {"how": "portal", "name": "Ada Ader", "capacity": "officer", "role": "Director"}


def plan(client: Client, **given: str) -> tuple[str, str]:
    """Whom a change would reach, and the mark by which it is published."""
    answered = client.post(ADD, given)
    return words(answered), mark(answered)


def publish(client: Client, **given: str) -> str:
    _, read = plan(client, **given)
    assert read
    return words(client.post(ADD, {**given, "confirm": read}, follow=True))


def test_a_change_is_published_once_it_was_read_whom_it_reaches(versions: tuple[str, str]) -> None:
    make_subscription("securegroup")
    client = people.owner()
    assert "1 January 2015 → 1 May 2026, reaches 1 live contracts" in words(client.get(ADD))
    old, new = versions
    given = {"vendor": "securegroup", "subject": "terms", "versions": f"{old} {new}", "tell_on": "2026-03-02"}
    told, read = plan(client, **given)
    assert "It reaches 1 live contract, whose customers are told on 2 March 2026." in told
    assert "on the account page" in told and "1 April 2026" in told and "31 March 2026, whom it affects" in told
    assert "TOS preamble" in told and "10 becomes <strong>12</strong>" in told
    assert "The books hold no text of the new version that customers could accept." in told
    assert not Amendment.objects.exists()
    # Another change than the one that was read is shown first.
    other = words(client.post(ADD, {**given, "text": "Stricter.", "confirm": read}))
    assert "This has changed since you looked." in other and not Amendment.objects.exists()
    make_text(new)
    assert "The books hold no text" not in plan(client, **given)[0]
    assert "It reaches 1 live contracts" in publish(client, **given)
    kept = Amendment.objects.get()
    assert (kept.old_sheet, kept.new_sheet, kept.published_on) == (old, new, DAY)
    shown = client.get(f"/admin/accounts/amendment/{kept.pk}/change/").content.decode()
    assert "10 → 12" in shown
    assert "1 live contracts; it is planned for them" in shown
    days.catch_up(at=NOON)
    shown = client.get(f"/admin/accounts/amendment/{kept.pk}/change/").content.decode()
    assert "1 told, not in effect yet" in shown
    again = client.post(ADD, given).content.decode()
    assert "This change of versions is published already." in again
    assert Amendment.objects.count() == 1


def test_what_was_foreseen_is_what_the_days_do() -> None:
    """Secure Flag's prices take effect with each contract's own renewal, so each has its own days."""
    for accepted_on in (date(2025, 4, 1), date(2025, 4, 1), date(2025, 9, 10)):
        make_subscription("secureflag", accepted_on=accepted_on)
    change = Publication("secureflag", "price", DAY, text="Dearer.", prices=(Decimal(100), Decimal(110)))
    alike = foresee(draft_amendment(change=change, on=DAY, at=NOON))
    assert [one.contracts for one in alike] == [2, 1]
    publish_amendment(change=change, on=DAY, at=NOON)
    days.catch_up(at=NOON)
    kept = AmendmentNotice.objects.order_by("subscription_id").values_list(
        "given_on", "effective_on", "leave_until", "only_if_material", "may_dissolve", "keep_until", "because"
    )
    foreseen = [one.reach[1:] for one in (alike[0], alike[0], alike[1])]
    assert [tuple(row) for row in kept] == foreseen


def test_a_change_that_reaches_nobody_says_so(versions: tuple[str, str]) -> None:
    told, read = plan(people.owner(), vendor="securegroup", subject="aup", text="Stricter.", tell_on="2026-03-02")
    assert "It reaches no live contract." in told and read


def test_the_comparison_leads_to_publishing_and_then_to_what_was_published(versions: tuple[str, str]) -> None:
    old, new = versions
    make_subscription("securegroup")
    compare = "/admin/terms/compare/"
    client = people.owner()
    shown = words(client.get(compare, {"old": old, "new": new}))
    address = unescape(re.search(r'href="([^"]*amendment/add/[^"]*)"', shown)[1])  # type: ignore[index]
    initial = client.get(address).context["form"]
    assert (initial["vendor"].value(), initial["versions"].value()) == ("securegroup", f"{old} {new}")
    assert "Publish this change" not in words(people.clerk().get(compare, {"old": old, "new": new}))
    for pair in ({"old": new, "new": old}, {"old": "cryptopass/2022-01-01", "new": new}):
        assert "Publish this change" not in words(client.get(compare, pair))
    publish(client, vendor="securegroup", subject="terms", versions=f"{old} {new}", tell_on="2026-03-02")
    after = words(client.get(compare, {"old": old, "new": new}))
    assert f"/admin/accounts/amendment/{Amendment.objects.get().pk}/change/" in after
    assert "Publish this change" not in after


def test_what_the_rule_cannot_be_asked_without_is_told_at_the_form() -> None:
    make_subscription("securegroup_devices")
    given = {"vendor": "securegroup_devices", "subject": "price", "tell_on": "2026-03-02"}
    client = people.owner()
    told, read = plan(client, **given)
    assert "old_price may not be null here" in told and not read
    publish(client, **given, old_price="100.00", new_price="120.00")
    kept = Amendment.objects.get()
    shown = client.get(f"/admin/accounts/amendment/{kept.pk}/change/").content.decode()
    assert "100.00 EUR until now, then 120.00 EUR" in shown


def test_a_customer_claims_and_leaves_on_the_page(versions: tuple[str, str]) -> None:
    notice, client = reach(versions), people.owner()
    assert "It leaves" in words(client.get(page(notice)))
    told = ask(client, notice, "leave", in_writing="on")
    assert "does not materially affect it" in told and "TOS preamble" in told
    told = ask(client, notice, "claim", words="We cannot go on so.")
    assert "the customer may leave because of it until 31 March 2026" in told
    assert not MaterialClaim.objects.exists()
    do(client, notice, "claim", words="We cannot go on so.")
    assert client.get(act_page(notice, "claim")).status_code == 404
    claim = MaterialClaim.objects.get()
    assert claim.words == "We cannot go on so."
    address = f"/admin/accounts/materialclaim/{claim.pk}/change/"
    client.post(address, {"accounts_materialclaim_accept": "1"})
    claim.refresh_from_db()
    assert claim.state == "accepted"
    assert "The claim came in time." in client.get(address).content.decode()
    told = ask(client, notice, "leave", in_writing="on")
    assert "The customer leaves because of the change" in told
    assert now(notice).state == "told"
    do(client, notice, "leave", in_writing="on")
    assert now(notice).state == "left"
    assert "We cannot go on so." in client.get(page(notice)).content.decode()


def test_who_leaves_without_saying_so_in_writing_is_refused_and_the_no_is_kept(versions: tuple[str, str]) -> None:
    notice, client = reach(versions), people.owner()
    do(client, notice, "claim", words="")
    assert "has to say so in writing" in ask(client, notice, "leave")
    do(client, notice, "leave")
    assert (now(notice).state, AmendmentExit.objects.get().reason) == ("told", "not_in_writing")


def test_a_claim_is_refused_on_the_page(versions: tuple[str, str]) -> None:
    claim = claim_material_effect(notice=reach(versions), words="", on=DAY, at=NOON)
    address = f"/admin/accounts/materialclaim/{claim.pk}/change/"
    assert people.clerk().post(address, {"accounts_materialclaim_refuse": "1"}).status_code == 403
    people.owner().post(address, {"accounts_materialclaim_refuse": "1"})
    claim.refresh_from_db()
    assert claim.state == "refused"


def test_who_agrees_has_the_new_version_at_once_and_accepts_its_texts(versions: tuple[str, str]) -> None:
    make_text(versions[0])
    notice, client = reach(versions), people.owner()
    terms, aup = make_text(versions[1]), make_text(versions[1], "aup")
    make_text(versions[1], "eula")
    told = ask(client, notice, "agree", **ADA)
    assert f"Agreement: <strong>{terms} accepted on 2 March 2026" in told
    assert "Change of version: <strong>" in told
    before = Agreement.objects.count()
    do(client, notice, "agree", **ADA)
    assert Subscription.objects.get().sheet == versions[1]
    made = Agreement.objects.filter(sheet=versions[1]).order_by("document_id")
    assert [one.document for one in made] == [terms, aup]
    assert Agreement.objects.count() == before + 2
    assert {(one.accepted_by, one.capacity, one.how, one.accepted_at) for one in made} == {
        ("Ada Ader", "officer", "portal", NOON)
    }
    shown = client.get(f"/admin/accounts/sheetchange/{SheetChange.objects.get().pk}/change/").content.decode()
    assert "From 2 March 2026 on the new version judges the contract" in shown


def test_who_agrees_to_a_policy_accepts_the_text_that_came_with_it() -> None:
    subscription = make_subscription("securegroup")
    policy = make_text(subscription.sheet, "privacy")
    change = Publication("securegroup", "policy", DAY, text="More is kept.", document=policy)
    publish_amendment(change=change, on=DAY, at=NOON)
    days.catch_up(at=NOON)
    notice = AmendmentNotice.objects.get()
    AmendmentNotice.objects.update(state="offered")
    do(people.owner(), notice, "agree", **ADA)
    assert Agreement.objects.get().document == policy


def test_waiving_and_telling_again_are_asked_where_they_make_sense(versions: tuple[str, str]) -> None:
    notice, client = reach(versions), people.owner()
    told = ask(client, notice, "waive", severe="on")
    assert "The contract does not say." in told and "Nothing would change." in told
    assert client.get(act_page(notice, "again")).status_code == 404
    AmendmentNotice.objects.update(state="untold")
    do(client, notice, "again")
    notice.refresh_from_db()
    assert (notice.state, notice.times_told) == ("planned", 1)
    AmendmentNotice.objects.update(state="over")
    assert "Nothing now." in words(client.get(page(notice)))


def test_who_may_only_look_publishes_and_notes_nothing(versions: tuple[str, str]) -> None:
    notice, clerk = reach(versions), people.clerk()
    assert clerk.get(ADD).status_code == 403
    for act in ("claim", "leave", "agree", "waive"):
        assert clerk.get(act_page(notice, act)).status_code == 403
    assert people.member("reseller", make_reseller()).get(act_page(notice, "agree")).status_code == 302
    assert people.owner().get(act_page(AmendmentNotice(pk=999_999), "agree")).status_code == 404


@pytest.mark.parametrize("name", ["amendment", "amendmentnotice", "materialclaim", "sheetchange"])
def test_a_list_asks_as_often_for_many_rows_as_for_few(name: str, versions: tuple[str, str]) -> None:
    client = people.clerk()

    def grow(count: int) -> None:
        reach(versions, count)
        for number, notice in enumerate(AmendmentNotice.objects.filter(state="told", claim=None)):
            claim_material_effect(notice=notice, words="", on=DAY, at=NOON)
            SheetChange.objects.create(
                subscription=notice.subscription,
                amendment_notice=notice,
                on=DAY,
                old_sheet=versions[0],
                new_sheet=f"{versions[1]}{number}",
            )

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(f"/admin/accounts/{name}/").status_code == 200
        return len(found)

    grow(2)
    queries()
    few = queries()
    grow(10)
    assert queries() == few


def test_the_start_page_tells_what_comes_and_what_waits(versions: tuple[str, str]) -> None:
    notice = reach(versions)
    claim_material_effect(notice=notice, words="", on=DAY, at=NOON)
    shown = people.owner().get("/admin/").content.decode()
    assert "claims that a change affects a customer" in shown
    owner = get_user_model().objects.get(is_superuser=True)
    year = staff.due(owner, DAY, date(DAY.year + 1, DAY.month, DAY.day))
    coming = {one.words: one.number for one in map(counted, year)}
    assert {"contracts on which a change takes effect", "customers to tell of a change"} <= set(coming)
    assert sum(coming.values()) >= 1
