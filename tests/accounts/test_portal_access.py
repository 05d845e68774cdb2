"""Who may open what in the portal: every address, for everybody, on what is theirs, somebody else's and nobody's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLPattern, reverse

from accounts.models import Agreement, AmendmentNotice, EndUser, Licence, Membership, Subscription
from accounts.services import (
    Publication,
    add_document,
    assign_licence,
    publish_amendment,
    remove_administrator,
)
from backoffice.urls import portal
from tests import people
from tests.builders import (
    NOON,
    make_administrator,
    make_customer,
    make_end_user,
    make_invoice,
    make_notice,
    make_price,
    make_reseller,
    make_subscription,
    make_text,
)

pytestmark = pytest.mark.django_db

SHEET = "secureflag/2024-01-01"
ABSENT = 999_999


class Side(NamedTuple):
    """Everything that one reseller has, by the names that the table below uses."""

    rows: dict[str, Any]
    reseller: Any


class Route(NamedTuple):
    """Whose number stands in an address (nothing for a list), and whether it is a page that acts."""

    of: str = ""
    acts: bool = False
    by_staff_of_it: int = 200


ROUTES = {
    "home": Route(),
    "customers": Route(),
    "customer": Route("customer"),
    "subscription": Route("subscription"),
    "stop": Route("subscription", acts=True),
    "licences": Route("subscription"),
    "add_seats": Route("subscription", acts=True),
    "claim": Route("subscription", acts=True),
    "bills": Route(),
    "bill": Route("bill"),
    "statement": Route("customer"),
    "statement_csv": Route("customer"),
    "dispute": Route("bill", acts=True),
    "assign": Route("licence", acts=True),
    "give_up": Route("licence", acts=True),
    "withdraw": Route("subscription", acts=True),
    "agree": Route("change", acts=True),
    "user_texts": Route("person"),
    "user_accepted": Route("person", acts=True),
    "send_texts": Route("person", acts=True),
    "people": Route("customer"),
    "add_person": Route("customer", acts=True),
    "leave": Route("person", acts=True),
    "agreements": Route(),
    "accept": Route("subscription", acts=True),
    "text": Route("document"),
    "notices": Route(),
    "notice": Route("notice"),
    "my_data": Route(acts=True),
    "my_erasure": Route(acts=True),
}
# Nobody has signed in who opens an invitation or a user's link; they are tested by themselves.
OPEN_TO_ALL = {"welcome", "own_texts", "own_text"}
PEOPLE = ["nobody", "owner", "manager", "viewer", "rival", "administrator", "clerk"]


def make_side(name: str, sheet_vendor: str) -> Side:
    reseller = make_reseller(name=name)
    customer = make_customer(name=f"Customer of {name}", reseller=reseller)
    subscription = make_subscription(sheet_vendor, customer=customer, quantity=3)
    make_administrator(subscription, people.address(f"administrator-{name}"))
    person = make_end_user(customer)
    licence = subscription.licences.get(number=1)
    assign_licence(
        licence=licence, holder=person, asked_by=people.address(f"administrator-{name}"), on=subscription.accepted_on
    )
    document = add_document(
        sheet=subscription.sheet, title=f"Terms {name}", version="1", file=ContentFile(name.encode(), "t.txt"), at=NOON
    )
    notice = make_notice(subscription, state="sent", sent_at=NOON, body=f"Words to {name}")
    rows = {
        "user_text": make_text(subscription.sheet, {"secureflag": "eula", "ethicmail": "terms"}[sheet_vendor]).pk,
        "change": make_change(subscription).pk,
        "customer": customer.pk,
        "subscription": subscription.pk,
        "licence": licence.pk,
        "person": person.pk,
        "document": document.pk,
        "notice": notice.pk,
        "bill": make_invoice(subscription).pk,
    }
    return Side(rows, reseller)


def make_change(subscription: Subscription) -> AmendmentNotice:
    """A change of its terms that its customer was told of on 2 March 2026."""
    change = Publication(subscription.vendor, "terms", NOON.date(), text="Stricter.")
    amendment = publish_amendment(change=change, on=NOON.date(), at=NOON)
    return AmendmentNotice.objects.create(
        amendment=amendment,
        subscription=subscription,
        vendor=subscription.vendor,
        sheet=subscription.sheet,
        state=AmendmentNotice.State.OFFERED,
        tell_on=NOON.date(),
        told_on=NOON.date(),
    )


@pytest.fixture
def sides() -> tuple[Side, Side]:
    """What is ours, and what is a rival's, under another contract."""
    make_price("secureflag")
    return make_side("ours", "secureflag"), make_side("theirs", "ethicmail")


def sign_in(who: str, own: Side, rival: Side) -> Client:
    ways: dict[str, Callable[[], Client]] = {
        "nobody": Client,
        "rival": lambda: people.member("rival", rival.reseller, "owner"),
        "clerk": people.clerk,
        "administrator": lambda: people.member(
            "administrator-ours", Subscription.objects.get(pk=own.rows["subscription"]).customer
        ),
    }
    return ways.get(who, lambda: people.member(who, own.reseller, who))()


def addresses(name: str, side: Side) -> Iterator[tuple[str, str]]:
    """The address of a route for what is ours, and for what there is not."""
    route = ROUTES[name]
    if not route.of:
        yield "own", reverse(f"portal:{name}")
        return
    for kind, number in (("own", side.rows[route.of]), ("absent", ABSENT)):
        more = {"accept": [side.rows["document"]], "user_accepted": [side.rows["user_text"]]}.get(name, [])
        yield kind, reverse(f"portal:{name}", args=(number, *more))


def expected(name: str, who: str, kind: str) -> int:
    if who == "nobody":
        return 302
    if not ROUTES[name].of:
        return 200
    if kind == "absent" or who in ("rival", "clerk"):
        return 404
    return 403 if ROUTES[name].acts and who == "viewer" else 200


def test_every_address_of_the_portal_stands_in_the_table() -> None:
    named = {pattern.name for pattern in portal if isinstance(pattern, URLPattern)}
    assert len(named) == len(portal)
    assert named == {*ROUTES, *OPEN_TO_ALL}


@pytest.mark.parametrize("name", ROUTES)
@pytest.mark.parametrize("who", PEOPLE)
def test_who_opens_what(sides: tuple[Side, Side], who: str, name: str) -> None:
    own, rival = sides
    client = sign_in(who, own, rival)
    Agreement.objects.all().delete()
    for kind, address in addresses(name, own):
        before = snapshot()
        for method in ("GET", "HEAD", *(["POST"] if ROUTES[name].acts else [])):
            answered: Any = client.generic(method, address)
            assert answered.status_code == expected(name, who, kind), (method, kind)
            assert "no-store" in answered.headers["Cache-Control"]
            if answered.status_code == 302:
                assert answered.headers["Location"].startswith("/account/login/?next=")
        assert snapshot() == before, "looking at what would follow changes nothing"


@pytest.mark.parametrize("name", [name for name, route in ROUTES.items() if not route.acts])
def test_a_page_that_only_shows_takes_no_form(sides: tuple[Side, Side], name: str) -> None:
    own, rival = sides
    client = sign_in("owner", own, rival)
    assert {client.post(address).status_code for _, address in addresses(name, own)} == {405}


@pytest.mark.parametrize("name", [name for name, route in ROUTES.items() if route.of])
@pytest.mark.parametrize("who", ["rival", "clerk"])
def test_what_is_somebody_elses_looks_like_what_there_is_not(sides: tuple[Side, Side], who: str, name: str) -> None:
    own, rival = sides
    client = sign_in(who, own, rival)
    bodies = {client.get(address).content for _, address in addresses(name, own)}
    assert len(bodies) == 1


@pytest.mark.parametrize("name", [name for name, route in ROUTES.items() if not route.of])
@pytest.mark.parametrize("who", ["owner", "manager", "viewer", "administrator"])
def test_no_list_names_a_rival(sides: tuple[Side, Side], who: str, name: str) -> None:
    own, rival = sides
    shown = sign_in(who, own, rival).get(reverse(f"portal:{name}")).content.decode()
    assert "theirs" not in shown
    assert "nothing is open" not in shown.lower()


def test_being_staff_opens_nothing(sides: tuple[Side, Side]) -> None:
    client = people.owner()
    assert "Nothing is open to your sign-in" in client.get("/portal/").content.decode()
    assert client.get(reverse("portal:customer", args=(sides[0].rows["customer"],))).status_code == 404


def test_an_administrator_who_is_removed_sees_nothing_at_the_next_click(sides: tuple[Side, Side]) -> None:
    own, rival = sides
    client = sign_in("administrator", own, rival)
    address = reverse("portal:subscription", args=(own.rows["subscription"],))
    assert client.get(address).status_code == 200
    subscription = Subscription.objects.get(pk=own.rows["subscription"])
    remove_administrator(administrator=subscription.customer.administrators.get(), on=NOON.date())
    assert client.get(address).status_code == 404
    assert client.get(reverse("portal:customer", args=(own.rows["customer"],))).status_code == 404


def test_an_administrator_sees_only_the_contracts_that_they_administer(sides: tuple[Side, Side]) -> None:
    own, rival = sides
    client = sign_in("administrator", own, rival)
    subscription = Subscription.objects.get(pk=own.rows["subscription"])
    other = make_subscription("ethicmail", customer=subscription.customer, plan="Another plan")
    assert client.get(reverse("portal:subscription", args=(other.pk,))).status_code == 404
    assert (
        "Another plan" not in client.get(reverse("portal:customer", args=(subscription.customer_id,))).content.decode()
    )


def test_who_leaves_a_reseller_sees_nothing_at_the_next_click(sides: tuple[Side, Side]) -> None:
    own, rival = sides
    client = sign_in("manager", own, rival)
    Membership.objects.filter(user=people.who("manager")).delete()
    assert client.get(reverse("portal:customer", args=(own.rows["customer"],))).status_code == 404


def test_who_is_closed_is_signed_out_at_the_next_click(sides: tuple[Side, Side]) -> None:
    own, rival = sides
    client = sign_in("manager", own, rival)
    user = people.who("manager")
    user.is_active = False
    user.save(update_fields=["is_active"])
    assert client.get("/portal/").status_code == 302


def test_a_form_of_another_site_does_nothing(sides: tuple[Side, Side]) -> None:
    own, rival = sides
    forged = Client(enforce_csrf_checks=True)
    forged.cookies = sign_in("owner", own, rival).cookies
    assert forged.post(reverse("portal:stop", args=(own.rows["subscription"],))).status_code == 403


def snapshot() -> list[Any]:
    """What the pages could have changed."""
    return [
        *Subscription.objects.order_by("pk").values_list("pk", "state", "ends_on", "quantity"),
        *Licence.objects.order_by("pk").values_list("pk", "holder", "given_up", "gone"),
        *EndUser.objects.order_by("pk").values_list("pk", "left_on"),
        *Agreement.objects.order_by("pk").values_list("pk", flat=True),
        *AmendmentNotice.objects.order_by("pk").values_list("pk", "state"),
    ]
