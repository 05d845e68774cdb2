"""Changes of contracts, from their publication to what became of each customer's contract."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile

from accounts.delivery import came_back
from accounts.models import (
    Agreement,
    Amendment,
    AmendmentExit,
    AmendmentNotice,
    MaterialClaim,
    Notice,
    Period,
    SheetChange,
    Subscription,
    Waiver,
)
from accounts.services import (
    NotPossible,
    Publication,
    Signatory,
    add_document,
    agree_to_amendment,
    answer_claim,
    claim_material_effect,
    leave_over_amendment,
    publish_amendment,
    tell_again,
    waive_amendment,
)
from backoffice import days, outbox
from backoffice.terms.book import book
from tests.builders import make_price, make_subscription, make_text
from tests.refusals import must_be_refused
from tests.stories.versions import second_version

pytestmark = pytest.mark.django_db

MARCH = date(2026, 3, 1)
ADA = Signatory("Ada Ader", "Director", "officer")


@pytest.fixture(autouse=True)
def the_book_as_it_was() -> Iterator[None]:
    yield
    book.cache_clear()


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def live(day: date) -> None:
    """Runs every vendor's days up to one, that day included."""
    days.catch_up(at=at(day))


def publish(vendor: str, subject: str, on: date, **changes: Any) -> Amendment:
    change = Publication(
        **{"vendor": vendor, "subject": subject, "tell_on": on, "text": "In short: it differs.", **changes}
    )
    return publish_amendment(change=change, on=on, at=at(on))


@pytest.fixture
def stricter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """A version of Secure Group's terms from 1 May 2026 on that wants a notice not to renew twelve days ahead."""
    changes = {"period.notice_days": 12, "breach.material.days": None}
    return second_version(tmp_path, monkeypatch, "securegroup", date(2026, 5, 1), changes)


def told_under(versions: tuple[str, str], on: date = date(2026, 3, 10), **changes: Any) -> AmendmentNotice:
    """A contract of a year from 1 March 2026 whose customer is told of the new version on a day."""
    old, new = versions
    make_subscription("securegroup", cycle_months=12)
    publish("securegroup", "terms", on, old_sheet=old, new_sheet=new, **changes)
    live(on)
    return AmendmentNotice.objects.get()


def test_a_change_of_terms_is_told_on_the_account_page_thirty_days_ahead(stricter: tuple[str, str]) -> None:
    notice = told_under(stricter)
    assert (notice.state, notice.told_on, notice.given_on) == ("told", date(2026, 3, 10), date(2026, 3, 10))
    assert (notice.effective_on, notice.leave_until) == (date(2026, 4, 9), date(2026, 4, 8))
    assert notice.only_if_material
    letter = Notice.objects.get(kind="amendment")
    assert (letter.channel, letter.due_on) == ("portal", date(2026, 3, 10))
    assert {item["clause"] for item in letter.because} == {"TOS preamble"}
    assert "notice not to renew must come: 10 until now, then 12 (TOS 8)" in letter.body
    assert "Days in which to put it right: 30 until now, then no more" in letter.body
    assert "The change takes effect on 9 April 2026." in letter.body
    assert "If it materially affects your use of the service, you may leave because of this change" in letter.body
    assert "tell us so in writing by 8 April 2026 at the latest" in letter.body


def test_who_stays_is_judged_by_the_new_version_from_the_effective_day_and_the_past_keeps_its_own(
    stricter: tuple[str, str],
) -> None:
    old, new = stricter
    make_price("securegroup")
    notice = told_under(stricter)
    live(date(2026, 4, 8))
    assert Subscription.objects.get().sheet == old
    live(date(2026, 4, 9))
    notice.refresh_from_db()
    contract, change = Subscription.objects.get(), SheetChange.objects.get()
    assert (notice.state, contract.sheet) == ("in_effect", new)
    assert (change.on, change.old_sheet, change.new_sheet, change.agreed) == (date(2026, 4, 9), old, new, False)
    assert change.because == notice.because
    first = Period.objects.get()
    assert (first.sheet, first.non_renewal_by) == (old, date(2027, 2, 18))
    live(date(2027, 3, 1))
    second = Period.objects.get(index=1)
    assert (second.sheet, second.non_renewal_by) == (new, date(2028, 2, 17))
    first.refresh_from_db()
    assert (first.sheet, first.non_renewal_by) == (old, date(2027, 2, 18))


def test_who_claims_a_material_effect_leaves_in_writing_before_the_change(stricter: tuple[str, str]) -> None:
    notice = told_under(stricter)
    claim = claim_material_effect(notice=notice, words="We cannot.", on=date(2026, 4, 1), at=at(date(2026, 4, 1)))
    assert (claim.state, claim.in_time) == ("open", True)
    answer_claim(claim=claim, accepted=True, on=date(2026, 4, 2))
    spoken = leave_over_amendment(notice=notice, in_writing=False, on=date(2026, 4, 3), at=at(date(2026, 4, 3)))
    assert spoken.exit is not None
    assert (spoken.exit.allowed, spoken.exit.reason) == (False, "not_in_writing")
    left = leave_over_amendment(notice=notice, in_writing=True, on=date(2026, 4, 8), at=at(date(2026, 4, 8)))
    assert left.exit is not None
    assert (left.exit.allowed, left.exit.ends_on) == (True, date(2026, 4, 8))
    assert {item["clause"] for item in left.exit.because} == {"TOS preamble"}
    contract = Subscription.objects.get()
    assert (contract.ends_on, contract.ends_reason) == (date(2026, 4, 8), "change")
    live(date(2026, 4, 10))
    contract.refresh_from_db()
    assert (contract.state, contract.sheet) == ("ended", stricter[0])
    assert not SheetChange.objects.exists()


def test_without_a_material_effect_or_too_late_nobody_leaves_and_the_no_is_kept(stricter: tuple[str, str]) -> None:
    notice = told_under(stricter)
    unclaimed = leave_over_amendment(notice=notice, in_writing=True, on=date(2026, 4, 1), at=at(date(2026, 4, 1)))
    assert unclaimed.exit is not None
    assert (unclaimed.exit.allowed, unclaimed.exit.reason) == (False, "not_material")
    live(date(2026, 4, 9))
    claim = claim_material_effect(notice=notice, words="", on=date(2026, 4, 9), at=at(date(2026, 4, 9)))
    assert (claim.state, claim.in_time, claim.answered_on) == ("refused", False, date(2026, 4, 9))
    late = leave_over_amendment(notice=notice, in_writing=True, on=date(2026, 4, 9), at=at(date(2026, 4, 9)))
    assert late.exit is not None
    assert not late.exit.allowed
    assert Subscription.objects.get().ends_on is None
    assert AmendmentExit.objects.filter(allowed=False).count() == 2


def test_a_refused_claim_lets_nobody_leave(stricter: tuple[str, str]) -> None:
    notice = told_under(stricter)
    claim = claim_material_effect(notice=notice, words="", on=date(2026, 3, 20), at=at(date(2026, 3, 20)))
    answer_claim(claim=claim, accepted=False, on=date(2026, 3, 21))
    left = leave_over_amendment(notice=notice, in_writing=True, on=date(2026, 3, 22), at=at(date(2026, 3, 22)))
    assert left.exit is not None
    assert left.exit.reason == "not_material"
    with pytest.raises(NotPossible, match="not accepted already"):
        answer_claim(claim=claim, accepted=True, on=date(2026, 3, 23))
    with pytest.raises(NotPossible, match="no claim is open"):
        claim_material_effect(notice=notice, words="", on=date(2026, 3, 24), at=at(date(2026, 3, 24)))


def test_in_an_emergency_the_change_is_at_once_and_thirty_days_are_left_to_leave(stricter: tuple[str, str]) -> None:
    notice = told_under(stricter, emergency=True)
    assert (notice.state, notice.effective_on, notice.leave_until) == (
        "in_effect",
        MARCH.replace(day=10),
        date(2026, 4, 9),
    )
    assert Subscription.objects.get().sheet == stricter[1]
    claim_material_effect(notice=notice, words="", on=date(2026, 4, 1), at=at(date(2026, 4, 1)))
    left = leave_over_amendment(notice=notice, in_writing=True, on=date(2026, 4, 9), at=at(date(2026, 4, 9)))
    assert left.exit is not None
    assert (left.exit.allowed, left.exit.ends_on) == (True, date(2026, 4, 9))


def test_a_price_rise_waits_for_a_renewal_that_the_customer_could_still_leave_before() -> None:
    """SecureFlag 5.5: told by e-mail on a Saturday, the renewal date, it counts as received on Monday."""
    make_price("secureflag", from_on=date(2025, 1, 1))
    make_subscription("secureflag", accepted_on=date(2025, 3, 1))
    make_subscription("secureflag", accepted_on=date(2025, 9, 1))
    live(date(2026, 2, 27))
    publish("secureflag", "price", date(2026, 2, 28), prices=(Decimal("675.00"), Decimal("700.00")))
    live(date(2026, 2, 28))
    late, early = AmendmentNotice.objects.order_by("id")
    assert (late.given_on, late.effective_on, late.leave_until) == (
        date(2026, 3, 2),
        date(2027, 2, 28),
        date(2027, 2, 27),
    )
    assert (early.given_on, early.effective_on, early.leave_until) == (
        date(2026, 3, 2),
        date(2026, 8, 31),
        date(2026, 8, 30),
    )
    assert {"5.5", "15.5"} <= {item["clause"] for item in late.because}
    letter = Notice.objects.get(kind="amendment", subscription=early.subscription)
    assert "675.00 GBP until now, then 700.00 GBP" in letter.body
    left = leave_over_amendment(notice=early, in_writing=False, on=date(2026, 5, 1), at=at(date(2026, 5, 1)))
    assert left.exit is not None
    assert (left.exit.allowed, left.exit.ends_on) == (True, date(2026, 8, 31))


def test_the_old_policy_may_be_kept_for_ninety_days_and_waived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Secure Packet 10."""
    old, new = second_version(
        tmp_path, monkeypatch, "securepacket", date(2026, 4, 1), {"breach.software.suspend_at_once": False}
    )
    keeps, takes, spared = (make_subscription("securepacket") for _ in range(3))
    publish("securepacket", "aup", date(2026, 3, 10), old_sheet=old, new_sheet=new)
    live(date(2026, 3, 10))
    of = {one.subscription_id: one for one in AmendmentNotice.objects.all()}
    assert {(one.effective_on, one.keep_until) for one in of.values()} == {(date(2026, 3, 10), date(2026, 6, 8))}
    agree_to_amendment(notice=of[takes.pk], by=ADA, how="portal", on=date(2026, 3, 20), at=at(date(2026, 3, 20)))
    mild = waive_amendment(notice=of[keeps.pk], severe=False, words="", on=date(2026, 3, 21), at=at(date(2026, 3, 21)))
    waived = waive_amendment(notice=of[spared.pk], severe=True, words="It harms.", on=date(2026, 3, 21), at=at(MARCH))
    assert mild.waiver is not None
    assert waived.waiver is not None
    assert (mild.waiver.allowed, waived.waiver.allowed) == (False, True)
    assert waived.waiver.because == [
        {"clause": "10", "says": "The vendor may waive a change that would severely harm a customer's business"}
    ]
    live(date(2026, 6, 8))
    assert [Subscription.objects.get(pk=one.pk).sheet for one in (keeps, takes, spared)] == [old, new, old]
    live(date(2026, 6, 9))
    assert [Subscription.objects.get(pk=one.pk).sheet for one in (keeps, takes, spared)] == [new, new, old]
    agreed = dict(SheetChange.objects.values_list("subscription", "agreed"))
    assert agreed == {keeps.pk: False, takes.pk: True}
    with pytest.raises(NotPossible, match="waived for subscription"):
        waive_amendment(notice=of[spared.pk], severe=True, words="", on=date(2026, 6, 9), at=at(MARCH))
    assert Waiver.objects.count() == 2


def test_what_a_contract_does_not_let_be_changed_needs_the_customers_consent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = second_version(tmp_path, monkeypatch, "secureflag", date(2026, 5, 1), {"period.notice_days": 3})
    agrees, stays = make_subscription("secureflag"), make_subscription("secureflag")
    publish("secureflag", "terms", date(2026, 3, 10), old_sheet=old, new_sheet=new)
    live(date(2026, 3, 10))
    assert set(AmendmentNotice.objects.values_list("state", "effective_on")) == {("offered", None)}
    assert "only if you agree" in Notice.objects.filter(kind="amendment")[0].body
    text, agreed_at = make_text(new), at(date(2026, 3, 15))
    agree_to_amendment(notice=agrees.amendment_notices.get(), by=ADA, how="email", on=agreed_at.date(), at=agreed_at)
    live(date(2027, 2, 1))
    assert [Subscription.objects.get(pk=one.pk).sheet for one in (agrees, stays)] == [new, old]
    # The new text is accepted by who agreed to it, and by nobody else.
    made = Agreement.objects.get(sheet=new)
    assert (made.subscription, made.document, made.sha256) == (agrees, text, text.sha256)
    assert (made.accepted_by, made.capacity, made.how, made.accepted_at) == ("Ada Ader", "officer", "email", agreed_at)
    with pytest.raises(NotPossible):
        leave_over_amendment(notice=stays.amendment_notices.get(), in_writing=True, on=date(2026, 4, 1), at=at(MARCH))


def test_the_end_of_a_service_is_told_two_weeks_ahead_and_ends_its_contracts() -> None:
    """ETHICmail 1.5.2."""
    make_subscription("ethicmail", cycle_months=12)
    make_subscription("ethicmail", cycle_months=12, plan="Other")
    live(date(2026, 3, 9))
    publish("ethicmail", "service_end", date(2026, 3, 10), plan="Team")
    live(date(2026, 3, 10))
    notice = AmendmentNotice.objects.get()
    assert (notice.effective_on, notice.leave_until) == (date(2026, 3, 24), None)
    assert "24 March 2026 is the last day of service" in Notice.objects.get(kind="amendment").body
    live(date(2026, 3, 25))
    assert dict(Subscription.objects.values_list("plan", "state")) == {"Team": "ended", "Other": "active"}
    assert Subscription.objects.get(plan="Team").ends_because[0]["clause"] == "1.5.2"


def test_a_rise_of_more_than_a_tenth_lets_the_customer_dissolve() -> None:
    """DEV 5.3."""
    make_subscription("securegroup_devices")
    publish("securegroup_devices", "price", MARCH, prices=(Decimal("100.00"), Decimal("111.00")))
    live(MARCH)
    notice = AmendmentNotice.objects.get()
    assert (notice.state, notice.may_dissolve) == ("in_effect", True)
    assert "you may dissolve the contract" in Notice.objects.get(kind="amendment").body
    left = leave_over_amendment(notice=notice, in_writing=True, on=date(2026, 3, 5), at=at(date(2026, 3, 5)))
    assert left.exit is not None
    assert (left.exit.reason, left.exit.ends_on) == ("dissolved", date(2026, 3, 5))
    assert "DEV 5.3" in {item["clause"] for item in left.exit.because}


def test_a_change_of_the_privacy_policy_is_posted_with_its_difference_and_the_archive_grows() -> None:
    """PRIV: posted, what has changed, and an archive of past policies."""
    make_subscription("securegroup")
    with pytest.raises(Exception, match="told what is different"):
        publish("securegroup", "policy", MARCH, text="")
    with pytest.raises(Exception, match="the new text has to be in it"):
        publish("securegroup", "policy", MARCH)
    sheet = "securegroup/2015-01-01"
    first, second = (
        add_document(
            sheet=sheet, title="Privacy policy", version=n, file=ContentFile(n.encode(), f"{n}.txt"), at=at(MARCH)
        )
        for n in ("1", "2")
    )
    amendment = publish("securegroup", "policy", MARCH, text="Crash logs are kept for a week.", document=second)
    live(MARCH)
    notice, letter = AmendmentNotice.objects.get(), Notice.objects.get(kind="amendment")
    assert (notice.state, letter.channel) == ("in_effect", "portal")
    assert "Crash logs are kept for a week." in letter.body
    assert "stay in an archive" in letter.body
    assert {item["clause"] for item in letter.because} == {"PRIV"}
    assert amendment.document == second
    assert type(first).objects.filter(title="Privacy policy").count() == 2


def test_each_customer_is_told_once_however_many_and_how_often(stricter: tuple[str, str], monkeypatch: Any) -> None:
    monkeypatch.setattr("backoffice.days.CHUNK", 3)
    old, new = stricter
    for _ in range(7):
        make_subscription("securegroup")
    publish("securegroup", "terms", MARCH, old_sheet=old, new_sheet=new)
    for _ in range(2):
        live(MARCH)
    assert AmendmentNotice.objects.count() == Notice.objects.filter(kind="amendment").count() == 7
    assert Amendment.objects.get().planned_on == MARCH
    first, second = AmendmentNotice.objects.order_by("pk")[:2]
    must_be_refused("amendment", AmendmentNotice.objects.filter(pk=second.pk), subscription=first.subscription)
    with pytest.raises(Exception, match="published already"):
        publish("securegroup", "terms", MARCH, old_sheet=old, new_sheet=new)


def test_a_contract_made_while_a_change_is_under_way_is_told_of_it_too(stricter: tuple[str, str]) -> None:
    told_under(stricter)
    late = make_subscription("securegroup", accepted_on=date(2026, 4, 2))
    live(date(2026, 4, 3))
    notice = late.amendment_notices.get()
    assert (notice.state, notice.told_on) == ("told", date(2026, 4, 2))


def test_a_contract_that_comes_late_to_a_version_is_told_of_the_change_that_replaces_it(
    stricter: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second change was published before the first one, which was told thirty days ahead, took effect."""
    notice = told_under(stricter)
    _, third = second_version(
        tmp_path / "third", monkeypatch, "securegroup", date(2026, 6, 1), {"period.notice_days": 15}
    )
    publish("securegroup", "terms", date(2026, 3, 20), old_sheet=stricter[1], new_sheet=third)
    live(notice.effective_on or MARCH)
    assert [Notice.objects.filter(kind="amendment").count(), Subscription.objects.get().sheet] == [1, stricter[1]]
    live(date(2026, 4, 10))
    told = AmendmentNotice.objects.get(amendment__new_sheet=third)
    assert (told.state, told.told_on, told.effective_on) == ("told", date(2026, 4, 10), date(2026, 5, 10))


def test_an_end_of_a_service_that_is_never_heard_of_ends_nothing() -> None:
    """ETHICmail 1.5.2: the notice comes back, so the contract goes on until it is told again."""
    make_subscription("ethicmail", cycle_months=12)
    publish("ethicmail", "service_end", date(2026, 3, 10), plan="Team")
    live(date(2026, 3, 10))
    assert Subscription.objects.get().ends_on == date(2026, 3, 24)
    outbox.deliver(at=at(date(2026, 3, 10)))
    came_back(notice=Notice.objects.get(kind="amendment"), at=at(date(2026, 3, 12)), result="550")
    live(date(2026, 3, 25))
    contract, notice = Subscription.objects.get(), AmendmentNotice.objects.get()
    assert (contract.state, contract.ends_on, notice.state) == ("active", None, "untold")
    tell_again(notice=notice, on=date(2026, 3, 26))
    live(date(2026, 4, 10))
    assert Subscription.objects.get().state == "ended"


def test_a_change_whose_letter_came_back_takes_no_effect_until_it_is_told_again(stricter: tuple[str, str]) -> None:
    notice = told_under(stricter)
    Notice.objects.filter(kind="amendment").update(state="bounced", sent_at=at(MARCH))
    live(date(2026, 4, 9))
    notice.refresh_from_db()
    assert (notice.state, Subscription.objects.get().sheet) == ("untold", stricter[0])
    tell_again(notice=notice, on=date(2026, 4, 10))
    live(date(2026, 4, 10))
    notice.refresh_from_db()
    assert (notice.state, notice.effective_on) == ("told", date(2026, 5, 10))
    assert Notice.objects.filter(kind="amendment").count() == 2
    live(date(2026, 5, 10))
    assert Subscription.objects.get().sheet == stricter[1]


def test_a_contract_that_is_over_is_left_alone(stricter: tuple[str, str]) -> None:
    old, new = stricter
    contract = make_subscription("securegroup", cycle_months=12)
    make_subscription("securegroup", cycle_months=12, plan="Other")
    publish("securegroup", "terms", MARCH, old_sheet=old, new_sheet=new, plan="Team", tell_on=date(2026, 4, 20))
    live(MARCH)
    Subscription.objects.filter(pk=contract.pk).update(state="ended", ends_on=date(2026, 3, 31))
    live(date(2026, 4, 20))
    assert AmendmentNotice.objects.get().state == "over"
    assert not Notice.objects.filter(kind="amendment").exists()


def test_a_version_that_has_no_such_length_is_not_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_subscription("ethicmail", cycle_months=3)
    make_subscription("securegroup")
    folder = tmp_path
    old, _ = second_version(folder, monkeypatch, "ethicmail", date(2026, 5, 1), {"period.notice_days": 20})
    shorter = folder / "ethicmail" / "2026-05-01.toml"
    shorter.write_text(shorter.read_text().replace("[1, 3, 6, 12]", "[1, 6, 12]"))
    book.cache_clear()
    with pytest.raises(NotPossible, match="contracts of 3 months"):
        publish("ethicmail", "terms", MARCH, old_sheet=old, new_sheet="ethicmail/2026-05-01")
    with pytest.raises(Exception, match="Both versions are of this vendor's contract"):
        publish("securegroup", "terms", MARCH, old_sheet=old, new_sheet="ethicmail/2026-05-01")
    with pytest.raises(Exception, match="on a day that is over"):
        publish("securegroup", "terms", MARCH, tell_on=MARCH - timedelta(days=1))


def test_claims_are_refused_by_the_database_twice(stricter: tuple[str, str]) -> None:
    notice = told_under(stricter)
    claim_material_effect(notice=notice, words="", on=date(2026, 4, 1), at=at(date(2026, 4, 1)))
    must_be_refused("material_claim_answered", MaterialClaim.objects.all(), state="accepted")
    must_be_refused("amendment_told_takes_effect", AmendmentNotice.objects.all(), moves_on=None)
