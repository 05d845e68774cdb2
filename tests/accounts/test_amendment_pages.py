from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import staff
from accounts.models import Amendment, AmendmentNotice, MaterialClaim, SheetChange, Subscription
from accounts.services import Publication, claim_material_effect, publish_amendment
from backoffice import days
from backoffice.terms.book import book
from tests import people
from tests.builders import NOON, make_subscription
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


def press(client: Client, notice: AmendmentNotice, button: str, **given: str) -> str:
    data = {"words": "", **given, f"accounts_amendmentnotice_{button}": "1"}
    data |= {f"{name}-{part}_FORMS": "0" for name in INLINES for part in ("TOTAL", "INITIAL")}
    answered = client.post(page(notice), data, follow=True)
    assert answered.status_code == 200
    return answered.content.decode()


INLINES = ("claim", "exits", "waiver")


def test_a_change_is_published_with_the_number_of_contracts_that_it_reaches(versions: tuple[str, str]) -> None:
    make_subscription("securegroup")
    client = people.owner()
    form = client.get("/admin/accounts/amendment/add/").content.decode()
    assert "1 January 2015 → 1 May 2026, reaches 1 live contracts" in form
    old, new = versions
    given = {"vendor": "securegroup", "subject": "terms", "versions": f"{old} {new}", "tell_on": "2026-03-02"}
    answered = client.post("/admin/accounts/amendment/add/", given, follow=True).content.decode()
    assert "It reaches 1 live contracts" in answered
    kept = Amendment.objects.get()
    assert (kept.old_sheet, kept.new_sheet, kept.published_on) == (old, new, DAY)
    shown = client.get(f"/admin/accounts/amendment/{kept.pk}/change/").content.decode()
    assert "10 → 12" in shown
    assert "1 live contracts; it is planned for them" in shown
    days.catch_up(at=NOON)
    shown = client.get(f"/admin/accounts/amendment/{kept.pk}/change/").content.decode()
    assert "1 told, not in effect yet" in shown
    again = client.post("/admin/accounts/amendment/add/", given).content.decode()
    assert "This change of versions is published already." in again
    assert Amendment.objects.count() == 1


def test_what_the_rule_cannot_be_asked_without_is_told_at_the_form() -> None:
    make_subscription("securegroup_devices")
    given = {"vendor": "securegroup_devices", "subject": "price", "tell_on": "2026-03-02"}
    answered = people.owner().post("/admin/accounts/amendment/add/", given).content.decode()
    assert "old_price may not be null here" in answered
    prices = {**given, "old_price": "100.00", "new_price": "120.00"}
    people.owner().post("/admin/accounts/amendment/add/", prices)
    kept = Amendment.objects.get()
    shown = people.owner().get(f"/admin/accounts/amendment/{kept.pk}/change/").content.decode()
    assert "100.00 EUR until now, then 120.00 EUR" in shown


def test_a_customer_claims_and_leaves_on_the_page(versions: tuple[str, str]) -> None:
    notice, client = reach(versions), people.owner()
    assert "The customer leaves, in writing" in client.get(page(notice)).content.decode()
    assert "does not materially affect it" in press(client, notice, "leave")
    press(client, notice, "claim", words="We cannot go on so.")
    assert "Nothing was changed: no claim is open" in press(client, notice, "claim")
    claim = MaterialClaim.objects.get()
    assert claim.words == "We cannot go on so."
    address = f"/admin/accounts/materialclaim/{claim.pk}/change/"
    client.post(address, {"accounts_materialclaim_accept": "1"})
    claim.refresh_from_db()
    assert claim.state == "accepted"
    assert "The claim came in time." in client.get(address).content.decode()
    assert "The customer leaves because of the change" in press(client, notice, "leave")
    notice.refresh_from_db()
    assert notice.state == "left"
    assert "We cannot go on so." in client.get(page(notice)).content.decode()


def test_a_claim_is_refused_on_the_page(versions: tuple[str, str]) -> None:
    claim = claim_material_effect(notice=reach(versions), words="", on=DAY, at=NOON)
    address = f"/admin/accounts/materialclaim/{claim.pk}/change/"
    assert people.clerk().post(address, {"accounts_materialclaim_refuse": "1"}).status_code == 403
    people.owner().post(address, {"accounts_materialclaim_refuse": "1"})
    claim.refresh_from_db()
    assert claim.state == "refused"


def test_who_agrees_has_the_new_version_at_once_and_its_page_says_so(versions: tuple[str, str]) -> None:
    notice, client = reach(versions), people.owner()
    press(client, notice, "agree")
    assert Subscription.objects.get().sheet == versions[1]
    shown = client.get(f"/admin/accounts/sheetchange/{SheetChange.objects.get().pk}/change/").content.decode()
    assert "From 2 March 2026 on the new version judges the contract" in shown


def test_waiving_and_telling_again_are_asked_where_they_make_sense(versions: tuple[str, str]) -> None:
    notice, client = reach(versions), people.owner()
    assert "The contract says nothing of waiving it" in press(client, notice, "waive")
    AmendmentNotice.objects.update(state="untold")
    press(client, notice, "again")
    notice.refresh_from_db()
    assert (notice.state, notice.times_told) == ("planned", 1)
    AmendmentNotice.objects.update(state="over")
    assert "accounts_amendmentnotice_leave" not in client.get(page(notice)).content.decode()


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
    coming = {words: number for words, number, _ in staff.due(owner, DAY, date(DAY.year + 1, DAY.month, DAY.day))}
    assert {"contracts on which a change takes effect", "customers to tell of a change"} <= set(coming)
    assert sum(coming.values()) >= 1
