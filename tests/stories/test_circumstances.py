"""What comes from outside: third parties, force majeure, another party in the contract, data abroad, errors of others."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from accounts import tickets
from accounts.models import (
    Announcement,
    Assignment,
    Breach,
    ForceMajeure,
    Handover,
    Licence,
    MovedDeadline,
    Notice,
    Subscription,
    TransferConsent,
)
from accounts.policy.errors import IntakeFacts, decide_errors_intake
from accounts.policy.third_parties import ThirdPartyFacts, decide_third_party_change
from accounts.policy.user_data import SharingFacts, decide_user_data_share
from accounts.services import (
    NotPossible,
    announce,
    assign_licence,
    end_force_majeure,
    hand_contract_on,
    note_force_majeure,
)
from backoffice import days
from backoffice.terms.book import book
from tests import people
from tests.builders import NOON, make_customer, make_end_user, make_subscription, make_ticket
from tests.refusals import must_be_refused

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def live(day: date) -> None:
    days.catch_up(at=at(day))


def event(vendor: str, kind: str, **changes: str) -> Announcement:
    known = {"vendor": vendor, "kind": kind, "text": "PGP changed its format.", **changes}
    return announce(**known, happened_on=DAY, on=DAY, at=NOON)


def test_a_third_partys_change_is_told_and_lets_nobody_leave() -> None:
    for _ in range(2):
        make_subscription("securegroup")
    make_subscription("securegroup", plan="Other")
    event("securegroup", "change", plan="Team")
    for _ in range(2):
        live(DAY)
    letters = Notice.objects.filter(kind="announcement")
    assert letters.count() == 2
    assert "may not leave because of it" in letters[0].body
    assert [item["clause"] for item in letters[0].because] == ["TOS 3"]
    answer = decide_third_party_change(book().newest("securegroup"), ThirdPartyFacts(event="end", material=True))
    assert (answer.answer.breach, answer.because[0]["clause"]) == (False, "TOS 8")
    assert Announcement.objects.get().told_on == DAY


def test_the_end_of_a_third_partys_service_is_no_breach() -> None:
    make_subscription("securegroup")
    event("securegroup", "end")
    live(DAY)
    letter = Notice.objects.get(kind="announcement")
    assert "It is no breach" in letter.body
    assert [item["clause"] for item in letter.because] == ["TOS 8"]


def test_an_error_found_elsewhere_is_told_to_every_customer_of_the_product() -> None:
    """DEV 21.6."""
    make_subscription("securegroup_devices")
    event("securegroup_devices", "error")
    live(DAY)
    letter = Notice.objects.get(kind="announcement")
    assert [item["clause"] for item in letter.because] == ["DEV 21.6"]
    assert "PGP changed its format." in letter.body


def test_an_error_is_taken_at_any_hour_worked_around_reclassified_and_corrected_by_the_next_release() -> None:
    """DEV 21.3 to 21.5."""
    sheet = book().newest("securegroup_devices")
    intake = decide_errors_intake(sheet, IntakeFacts(working_hours=False))
    assert (intake.answer.taken, intake.answer.by_email) == (True, True)
    ticket = make_ticket("securegroup_devices", reported_at=datetime(2026, 3, 1, 3, tzinfo=UTC))
    assert ticket.state == "open"
    tickets.reclassify(ticket=ticket, priority="critical", by="customer", at=at(DAY))
    done = tickets.work_around(ticket=ticket, next_release_on=date(2026, 6, 1), at=at(DAY))
    assert (done.state, done.answered_at, done.fix_by) == ("answered", at(DAY), date(2026, 6, 1))
    assert [item["clause"] for item in done.fix_because] == ["DEV 21.5"]
    tickets.reclassify(ticket=ticket, priority="", by="customer", at=at(DAY))
    with pytest.raises(NotPossible, match="has a work-around already"):
        tickets.work_around(ticket=ticket, next_release_on=None, at=at(DAY))
    assert tickets.correct(ticket=ticket, at=at(date(2026, 5, 30))).fixed_at == at(date(2026, 5, 30))
    with pytest.raises(NotPossible, match="is corrected already"):
        tickets.correct(ticket=ticket, at=at(date(2026, 6, 1)))


def test_force_majeure_is_told_and_moves_what_it_excuses_by_its_length() -> None:
    """TOS 13.2."""
    contract = make_subscription("securegroup")
    breach = Breach.objects.create(
        subscription=contract,
        vendor="securegroup",
        sheet=contract.sheet,
        kind="material",
        by="vendor",
        detail="No mail.",
        noticed_on=DAY,
        received_on=DAY,
        cure_by=date(2026, 4, 1),
        may_end_from=date(2026, 4, 2),
        created_at=NOON,
    )
    happened = note_force_majeure(vendor="securegroup", text="A flood.", began_on=DAY, on=date(2026, 3, 5), at=NOON)
    assert (happened.tell_by, happened.because[0]["clause"]) == (date(2026, 3, 12), "TOS 13.2")
    live(date(2026, 3, 5))
    assert "A flood." in Notice.objects.get(kind="announcement").body
    [moved] = end_force_majeure(event=happened, over_on=date(2026, 3, 16))
    breach.refresh_from_db()
    assert (moved.old_due_on, moved.new_due_on) == (date(2026, 4, 1), date(2026, 4, 15))
    assert (breach.cure_by, breach.may_end_from) == (date(2026, 4, 15), date(2026, 4, 16))
    assert {item["clause"] for item in moved.because} == {"TOS 13.2"}
    with pytest.raises(NotPossible, match="cannot be over"):
        end_force_majeure(event=happened, over_on=date(2026, 3, 17))
    must_be_refused("deadline_moved_later", MovedDeadline.objects.all(), new_due_on=date(2026, 4, 1))
    must_be_refused("force_majeure_by", ForceMajeure.objects.all(), by="customer")


def test_more_than_two_months_of_it_let_either_dissolve_and_a_ticket_waits_as_long() -> None:
    """DEV 16.4."""
    ticket = make_ticket("securegroup_devices", priority="critical")
    due_at = ticket.due_at
    happened = note_force_majeure(vendor="securegroup_devices", text="Customs.", began_on=DAY, on=DAY, at=NOON)
    end_force_majeure(event=happened, over_on=date(2026, 5, 3))
    happened.refresh_from_db()
    ticket.refresh_from_db()
    assert happened.dissolve_from == date(2026, 5, 3)
    assert due_at is not None
    assert ticket.due_at is not None
    assert (ticket.due_at - due_at).days == 62


def test_a_customers_own_force_majeure_moves_its_own_days_only_where_the_contract_excuses_it() -> None:
    """TOS 13.2 excuses either party, DEV 16.1 the vendor only."""
    for vendor, moves in (("securegroup", 1), ("securegroup_devices", 0)):
        contract = make_subscription(vendor)
        Breach.objects.create(
            subscription=contract,
            vendor=vendor,
            sheet=contract.sheet,
            kind="material",
            detail="Spam.",
            noticed_on=DAY,
            received_on=DAY,
            cure_by=date(2026, 4, 1),
            created_at=NOON,
        )
        happened = note_force_majeure(
            vendor=vendor, text="A strike.", began_on=DAY, on=DAY, at=NOON, subscription=contract
        )
        assert len(end_force_majeure(event=happened, over_on=date(2026, 3, 12))) == moves


def test_a_contract_goes_to_a_company_of_the_group_on_notice_with_its_seats_free() -> None:
    """SF 15.6."""
    contract, new = make_subscription("secureflag"), make_customer()
    user = make_end_user(contract.customer)
    assign_licence(licence=contract.licences.get(), holder=user, asked_by="ada@example.com", on=DAY)
    unbound = hand_contract_on(subscription=contract, to=new, relation="group", told_in_writing=True, on=DAY, at=NOON)
    assert (unbound.handover.allowed, unbound.handover.reason) == (False, "not_bound")
    assert Subscription.objects.get().customer == contract.customer
    done = hand_contract_on(
        subscription=contract, to=new, relation="group", told_in_writing=True, bound=True, on=DAY, at=NOON
    )
    assert (done.handover.allowed, done.handover.because[0]["clause"]) == (True, "15.6")
    assert Subscription.objects.get().customer == new
    assert (Licence.objects.get().holder, Assignment.objects.get().until_on) == (None, DAY)
    with pytest.raises(NotPossible, match="cannot be handed on"):
        hand_contract_on(subscription=contract, to=new, relation="group", on=DAY, at=NOON)
    must_be_refused("handover_relation", Handover.objects.all(), relation="friend")


def test_a_contract_that_bars_it_goes_to_nobody_but_a_successor() -> None:
    """TOS 13."""
    contract = make_subscription("securegroup")
    barred = hand_contract_on(
        subscription=contract, to=make_customer(), relation="other", consent=True, on=DAY, at=NOON
    )
    assert (barred.handover.allowed, barred.handover.because[0]["clause"]) == (False, "TOS 13")
    heir = hand_contract_on(subscription=contract, to=make_customer(), relation="successor", on=DAY, at=NOON)
    assert heir.handover.allowed


def test_a_silent_contract_is_handed_on_with_the_vendors_consent() -> None:
    contract = make_subscription("cryptopass")
    for consent in (False, True):
        tried = hand_contract_on(
            subscription=contract, to=make_customer(), relation="other", consent=consent, on=DAY, at=NOON
        )
        assert (tried.handover.allowed, tried.handover.because) == (consent, [])


def test_who_begins_to_use_the_service_abroad_consents_to_the_transfer_and_nothing_is_shared() -> None:
    """PRIV."""
    customer = make_customer(country="FR")
    for _ in range(2):
        make_subscription("securegroup", customer=customer)
    make_subscription("securegroup", customer=make_customer(country="CA"))
    make_subscription("secureflag")
    consent = TransferConsent.objects.get()
    assert (consent.customer, consent.to_country, consent.on) == (customer, "CA", date(2026, 3, 1))
    assert {item["clause"] for item in consent.because} == {"PRIV"}
    sheet = book().newest("securegroup")
    shared = {p: decide_user_data_share(sheet, SharingFacts(purpose=p)).answer.allowed for p in PURPOSES}  # type: ignore[arg-type]
    assert shared == {"sms_confirmation": True, "advertising": False, "other": False}


PURPOSES = ("sms_confirmation", "advertising", "other")


def test_staff_enter_events_and_hand_contracts_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
    client, contract = people.owner(), make_subscription("secureflag")
    given = {"vendor": "secureflag", "kind": "change", "text": "It moved.", "happened_on": DAY, "tell_on": DAY}
    client.post("/admin/accounts/announcement/add/", given)
    assert Announcement.objects.get().text == "It moved."
    client.post("/admin/accounts/forcemajeure/add/", {"vendor": "secureflag", "text": "A storm.", "began_on": DAY})
    storm = ForceMajeure.objects.get()
    page = f"/admin/accounts/forcemajeure/{storm.pk}/change/"
    inline = {"moved-TOTAL_FORMS": "0", "moved-INITIAL_FORMS": "0"}
    client.post(page, {**inline, "accounts_forcemajeure_over_today": "1"})
    storm.refresh_from_db()
    assert storm.over_on == DAY
    assert "It began on 2 March 2026." in client.get(page).content.decode()
    to = make_customer()
    asked = {"subscription": contract.pk, "to_customer": to.pk, "relation": "other"}
    told = client.post("/admin/accounts/handover/add/", asked, follow=True).content.decode()
    assert "nothing was handed on" in told
    client.post("/admin/accounts/handover/add/", {**asked, "consent": "on"})
    assert Subscription.objects.get().customer == to
    again = client.post("/admin/accounts/handover/add/", asked).content.decode()
    assert "this customer&#x27;s already" in again
    for name in ("announcement", "forcemajeure", "handover", "transferconsent", "vendorcontract", "vendorclock"):
        assert client.get(f"/admin/accounts/{name}/").status_code == 200
    shown = client.get(f"/admin/accounts/handover/{Handover.objects.latest('pk').pk}/change/").content.decode()
    assert "the other party has consented" in shown
