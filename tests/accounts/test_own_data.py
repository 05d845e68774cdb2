"""What somebody who has signed in does with their own data in the portal: has it, and asks for its erasure."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
import time_machine
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import (
    Administrator,
    Customer,
    DataRequest,
    EndUser,
    Membership,
    Notice,
    Subscription,
    User,
)
from accounts.services import NotPossible, own_data, remove_administrator
from accounts.services.data_requests import Asked, answer_request, receive_request
from accounts.services.erasure import erase, erase_person
from accounts.services.person_export import export_person
from accounts.services.persons import found_by, rows_of
from tests import people
from tests.builders import NOON, make_administrator, make_customer, make_end_user, make_reseller, make_subscription

pytestmark = pytest.mark.django_db

PAGE, ERASURE = "/portal/my-data/", "/portal/my-data/erase/"
LATER = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


def ada(vendor: str = "secureflag") -> tuple[Client, Subscription]:
    """An administrator of a customer, who has signed in."""
    subscription = make_subscription(vendor)
    make_administrator(subscription, people.address("ada"))
    return people.member("ada", subscription.customer), subscription


def names(content: bytes) -> set[str]:
    with ZipFile(BytesIO(content)) as archive:
        return set(archive.namelist())


def told(content: bytes, name: str) -> str:
    with ZipFile(BytesIO(content)) as archive:
        return archive.read(name).decode()


def test_who_signs_in_has_one_archive_of_all_that_they_are() -> None:
    client, subscription = ada()
    make_end_user(subscription.customer, username="ben")
    answer = client.post(PAGE)
    assert answer["Content-Disposition"] == 'attachment; filename="my-data.zip"'
    assert "no-store" in answer["Cache-Control"]
    assert {"accounts.user.json", "accounts.administrator.json", "index.txt"} <= names(answer.content)
    assert "Ada" in told(answer.content, "accounts.administrator.json")
    assert "password" not in told(answer.content, "accounts.user.json")
    assert "ben" not in "".join(told(answer.content, name) for name in names(answer.content)), "only their own"
    assert "user" in told(answer.content, "index.txt") and "administrator" in told(answer.content, "index.txt")


def test_the_request_is_in_the_register_with_its_clock_and_its_answer_and_the_customer_is_told() -> None:
    client, subscription = ada()
    client.post(PAGE)
    request = DataRequest.objects.get()
    serving = Administrator.objects.get()
    assert (request.subject, request.subject_id) == ("accounts.administrator", serving.pk)
    assert (request.kind, request.state, request.in_portal, request.verified_how) == (
        "access", "granted", True, own_data.VERIFIED,
    )  # fmt: skip
    assert request.due_at is not None and request.alarm_at is None and request.answered_at is not None
    assert {item["clause"] for item in request.because} == {"Schedule 2 5.1", "GDPR 12(3)"}
    assert Notice.objects.get(kind="data_request").recipient == subscription.customer.email
    page = client.get(PAGE).content.decode()
    assert "Access" in page and "granted" in page


def test_downloading_again_on_the_same_day_asks_nothing_anew() -> None:
    ada()
    user = people.who("ada")
    for hours in (0, 1, 23):
        assert own_data.give_archive(user=user, at=NOON + timedelta(hours=hours))
    assert (DataRequest.objects.count(), Notice.objects.filter(kind="data_request").count()) == (1, 1)
    own_data.give_archive(user=user, at=NOON + timedelta(hours=25))
    assert DataRequest.objects.count() == 2


def test_one_archive_is_made_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    client, _ = ada()
    user = people.who("ada")
    made = export_person
    refusals = []

    def meanwhile(**known: object) -> bytes:
        with pytest.raises(NotPossible) as refusal:
            own_data.give_archive(user=user, at=NOON)
        refusals.append(str(refusal.value))
        return made(**known)  # type: ignore[arg-type]

    monkeypatch.setattr(own_data, "export_person", meanwhile)
    own_data.give_archive(user=user, at=NOON)
    assert refusals == ["an archive is being made for you; try again in a few minutes"]
    monkeypatch.setattr(own_data, "export_person", made)
    cache.add(f"own-archive-{user.pk}", True)
    answer = client.post(PAGE, follow=True)
    assert "being made for you" in answer.content.decode()


def test_an_archive_that_was_killed_leaves_a_request_that_the_next_one_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    ada()
    user = people.who("ada")

    def killed(**_: object) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr(own_data, "export_person", killed)
        own_data.give_archive(user=user, at=NOON)
    assert DataRequest.objects.get().state == "open"
    own_data.give_archive(user=user, at=NOON + timedelta(days=3))
    assert DataRequest.objects.get().state == "granted"
    DataRequest.objects.update(state="open", answered_at=None)
    request = DataRequest.objects.get()
    request.pk = None
    with pytest.raises(IntegrityError, match=r"one_own_request_at_a_time|datarequest"), transaction.atomic():
        request.save()


def test_a_page_that_is_opened_gives_nothing_away() -> None:
    client, _ = ada()
    assert client.get(PAGE)["Content-Type"].startswith("text/html")
    assert not DataRequest.objects.exists()
    assert Client().get(PAGE).status_code == 302


def test_a_reseller_s_member_is_nobody_s_person_and_the_law_gives_the_time() -> None:
    client = people.member("rea", make_reseller())
    answer = client.post(PAGE)
    assert "accounts.user.json" in names(answer.content)
    request = DataRequest.objects.get()
    assert (request.subject, request.customer, request.sheet) == ("accounts.user", None, "")
    assert [item["clause"] for item in request.because] == ["GDPR 12(3)"]
    assert not Notice.objects.exists()
    assert "The contract" not in client.post(ERASURE).content.decode()


def test_a_customer_who_is_this_very_person_has_all_of_it() -> None:
    customer = make_customer(kind="individual", email=people.address("ida"), name="Ida Ider")
    subscription = make_subscription("cryptopass", customer=customer)
    make_administrator(subscription, people.address("ida"))
    client = people.member("ida", customer)
    answer = client.post(PAGE)
    assert {"accounts.customer.json", "accounts.subscription.json"} & names(answer.content) == {
        "accounts.customer.json"
    }
    assert DataRequest.objects.get().subject == "accounts.customer"


# --- Asking for the erasure ---


def confirm(client: Client) -> str:
    """Asks, reads what would follow, and confirms it; what was shown."""
    shown = client.post(ERASURE).content.decode()
    mark = re.search(r'name="confirm"\s+value="([0-9a-f]{64})"', shown)
    assert mark is not None
    assert client.post(ERASURE, {"confirm": mark[1]})["Location"] == PAGE
    return shown


def test_what_would_go_and_what_would_stay_and_why_is_shown_before_it_is_asked_for() -> None:
    with time_machine.travel(NOON, tick=False):
        client, _ = ada("cryptopass")
        shown = client.get(ERASURE).content.decode()
        assert not DataRequest.objects.exists(), "nothing was asked yet"
        assert "you are answered by 2 April 2026" in shown and "8.5" in shown
        assert "Not now: the person still manages the account." in shown
        assert "Goes at once" in shown and "Who signs in." in shown
        assert "Stays sealed until 2 March 2029" in shown, "contacts, three years from the end as the contract says"
        assert "Why it stays: Kept as the contract says (8.3)." in shown
        confirm(client)
        request = DataRequest.objects.get()
        assert (request.kind, request.state, request.in_portal) == ("erasure", "open", True)
        assert request.alarm_at is not None
        assert Notice.objects.filter(kind="data_request").exists()
        again = client.get(ERASURE).content.decode()
    assert "you have asked already" in again and "2026-04-02" in again


def test_staff_who_grant_it_erase_every_row_that_the_person_is() -> None:
    client, subscription = ada("cryptopass")
    other = make_subscription("secureflag", customer=subscription.customer)
    make_administrator(other, people.address("ada"))
    confirm(client)
    request = DataRequest.objects.get()
    first, second = Administrator.objects.order_by("pk")
    remove_administrator(administrator=first, on=date(2026, 5, 1))
    answered = answer_request(request=request, granted=True, answer="", on=LATER.date(), at=LATER)
    assert (answered.state, answered.erasure and answered.erasure.refused_for) == ("refused", "serves")
    assert Administrator.objects.filter(email=people.address("ada")).count() == 2, "nothing of it is gone"
    DataRequest.objects.all().update(state="open", answered_at=None, erasure=None)
    remove_administrator(administrator=second, on=date(2026, 5, 1))
    answered = answer_request(request=request, granted=True, answer="", on=LATER.date(), at=LATER)
    assert answered.state == "granted"
    assert not Administrator.objects.filter(email=people.address("ada")).exists()
    assert not User.objects.filter(email=people.address("ada")).exists()
    assert answered.email.endswith("@erased.invalid") and found_by(people.address("ada")) == []


def test_who_still_serves_one_customer_is_not_erased_as_who_signs_in() -> None:
    _, subscription = ada()
    user = people.who("ada")
    assert erase_person(subject=user, on=LATER.date(), at=LATER).refused_for == "serves"
    remove_administrator(administrator=Administrator.objects.get(), on=date(2026, 5, 1))
    assert Membership.objects.filter(user=user, customer=subscription.customer).exists(), "it opens nothing any more"
    assert erase_person(subject=user, on=LATER.date(), at=LATER).state == "done"
    assert found_by(people.address("ada")) == []


def test_an_erasure_that_is_granted_to_an_individual_takes_the_customer_and_all_its_people() -> None:
    customer = make_customer(kind="individual", email=people.address("ida"), name="Ida Ider")
    subscription = make_subscription("cryptopass", customer=customer)
    make_administrator(subscription, people.address("ida"))
    user = make_end_user(customer)
    client = people.member("ida", customer)
    confirm(client)
    Subscription.objects.update(state="ended", ends_on=date(2026, 4, 30))
    Administrator.objects.update(removed_on=date(2026, 5, 1))
    Notice.objects.update(state="sent", sent_at=NOON)
    request = DataRequest.objects.get()
    assert answer_request(request=request, granted=True, answer="", on=LATER.date(), at=LATER).state == "granted"
    assert Customer.objects.get().name == f"Erased customer {customer.pk}"
    assert EndUser.objects.get().username == f"Erased end user {user.pk}"
    assert not User.objects.filter(email=people.address("ida")).exists()


def test_what_somebody_asks_who_was_erased_goes_with_its_answer() -> None:
    subscription = make_subscription("cryptopass")
    Subscription.objects.update(state="ended", ends_on=date(2026, 4, 30))
    customer = subscription.customer
    assert erase(subject=customer, on=LATER.date(), at=LATER).state == "done"
    asked = Asked("access", "Ada Ader", "ada@example.com", "What do you hold?", verified_how="called back")
    request = receive_request(subject=customer, asked=asked, received_at=LATER, at=LATER)
    answered = answer_request(request=request, granted=True, answer="Nothing.", on=LATER.date(), at=LATER)
    assert (answered.state, answered.text) == ("granted", "") and answered.name.startswith("Erased ")


# --- Who is who ---


def test_rows_that_are_one_person_are_found_from_each_of_them() -> None:
    _, subscription = ada()
    other = make_subscription("securegroup", customer=subscription.customer)
    make_administrator(other, people.address("ada").upper())
    stranger = make_subscription("securegroup")
    make_administrator(stranger, people.address("ada"))
    user = people.who("ada")
    first, second, elsewhere = Administrator.objects.order_by("pk")
    assert rows_of(first) == [first, second, user]
    assert rows_of(second) == [second, first, user]
    assert rows_of(user) == [user, first, second], "whom the other customer named has not signed in for it"
    assert rows_of(elsewhere) == [elsewhere]
    assert set(found_by(people.address("ada"))) == {first, second, elsewhere, user}
