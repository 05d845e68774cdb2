"""Writes the demo's year: `python -m tests.backoffice.year > backoffice/demo/year.jsonl`.

A reseller's year as it could have been: three hundred customers under all contracts, and what happens to them. Chance
decides with a seed of its own, so the same file comes out every time. The lines of told.jsonl, which were written by
hand, are among them: a reseller and its people, permissions, a few stories in more detail.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

FIRST, LAST = date(2025, 11, 3), date(2026, 10, 30)
CUSTOMERS = 310
Event = dict[str, Any]

PLACES = (
    ("GB", "Europe/London", "Leeds", "LS1 4AP"),
    ("FR", "Europe/Paris", "Lyon", "69002"),
    ("DE", "Europe/Berlin", "Bremen", "28195"),
    ("ES", "Europe/Madrid", "Bilbao", "48001"),
    ("NL", "Europe/Amsterdam", "Utrecht", "3511 AB"),
    ("CA", "America/Toronto", "Ottawa", "K1P 1J1"),
)
NAMES = [
    "Aalto",
    "Ashdown",
    "Aldine",
    "Bellamy",
    "Birchall",
    "Caldwell",
    "Castellan",
    "Corrigan",
    "Dunmore",
    "Ellery",
    "Fairley",
    "Farrant",
    "Gannet",
    "Garnier",
    "Halden",
    "Harrow",
    "Holt",
    "Ingram",
    "Jarrow",
    "Kestrel",
    "Lindqvist",
    "Marchand",
    "Merriden",
    "Nantes",
    "Orchard",
    "Pennine",
    "Perrin",
    "Quillan",
    "Ravel",
    "Rowan",
    "Sable",
    "Selwyn",
    "Thornbury",
    "Tilney",
    "Umber",
    "Verdon",
    "Vignoble",
    "Wexford",
    "Yarrow",
    "Zeeland",
]
TRADES = [
    "Advisors",
    "Archives",
    "Architects",
    "Brothers",
    "Clinics",
    "Conseil",
    "Courier",
    "Dental",
    "Estates",
    "Finance",
    "Foundry",
    "Freight",
    "Insurance",
    "Legal",
    "Media",
    "Notaires",
    "Payments",
    "Pharmacy",
    "Press",
    "Research",
    "Software",
    "Surveyors",
    "Translations",
    "Transports",
    "Trust",
]
PEOPLE = [
    "Ada",
    "Ben",
    "Carla",
    "Daniel",
    "Elif",
    "Farid",
    "Grete",
    "Hugo",
    "Ines",
    "Jonas",
    "Kate",
    "Luc",
    "Mara",
    "Nils",
    "Olga",
    "Pia",
    "Quentin",
    "Rosa",
    "Sam",
    "Tara",
    "Uwe",
    "Vera",
    "Wim",
    "Xenia",
    "Yann",
    "Zoe",
]
ROADS = ("Mill Lane", "Harbour Street", "Station Road", "Old Market", "Castle Walk")


class Offer(NamedTuple):
    """A plan that customers order: how often, for how many months at a time (None for the contract's own), and how."""

    weight: int
    vendor: str
    plan: str
    currency: str
    prices: dict[int, str]
    months: tuple[int | None, ...]
    seats: tuple[int, int]
    methods: tuple[str, ...]
    waits: bool = False
    agreed: bool = False
    commitment: bool = False
    countries: tuple[str, ...] = ()

    @property
    def shows(self) -> bool:
        """Its contract is for one country, and wants to be shown that the customer is there."""
        return bool(self.countries)


OFFERS = (
    Offer(60, "securegroup", "Secure Pack", "USD", {1: "29.00", 12: "299.00"}, (1, 1, 12), (1, 9), ("card",)),
    Offer(30, "securegroup", "Secure Email", "USD", {1: "12.50"}, (1,), (1, 14), ("card",)),
    Offer(
        40,
        "secureflag",
        "SMB training",
        "GBP",
        {1: "35.00", 3: "99.00", 12: "348.00"},
        (1, 3, 12),
        (5, 45),
        ("card", "bank_transfer"),
        agreed=True,
    ),
    Offer(30, "securepacket", "Hosted mail", "USD", {1: "18.00"}, (None,), (1, 6), ("card",)),
    Offer(
        40,
        "ethicmail",
        "STANDARD",
        "USD",
        {1: "24.00", 3: "69.00"},
        (None, 1, 3),
        (1, 1),
        ("card", "paypal"),
        waits=True,
    ),
    Offer(
        30,
        "ethicmail",
        "BUSINESS",
        "USD",
        {1: "89.00", 12: "960.00"},
        (1, 12),
        (1, 1),
        ("bitcoin", "bank_transfer"),
        waits=True,
    ),
    Offer(
        45, "cryptopass", "Essential", "EUR", {1: "9.90", 12: "99.00"}, (None,), (3, 16), ("card",), countries=("FR",)
    ),
    Offer(
        25,
        "cryptopass",
        "Essential",
        "EUR",
        {1: "9.90", 12: "99.00"},
        (12,),
        (3, 16),
        ("card",),
        commitment=True,
        countries=("FR",),
    ),
    Offer(10, "securegroup_devices", "Secure phone", "EUR", {}, (None,), (1, 4), ("bank_transfer",)),
)


class Order(NamedTuple):
    """One contract of the year: who, what, since when it runs, and how many seats it has."""

    ref: str
    customer: str
    offer: Offer
    months: int | None
    start: date
    seats: int
    email: str


class Year:
    """The events of the year, made customer by customer and put in order at the end."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.events: list[tuple[date, int, Event]] = []
        self.orders: list[Order] = []
        # When each contract that is paid late is late: from the first day to the last.
        self.late: list[tuple[str, date, date]] = []

    def add(self, on: date, do: str, **fields: Any) -> None:
        self.events.append((on, len(self.events), {"on": on.isoformat(), "do": do, **fields}))

    def lines(self) -> Iterator[str]:
        for on, _, event in sorted(self.events, key=lambda one: one[:2]):
            if on <= LAST:
                yield json.dumps(event, ensure_ascii=False)

    def later(self, day: date, least: int, most: int) -> date:
        return day + timedelta(days=self.chance.randint(least, most))


def write(year: Year) -> None:
    prices(year)
    taken = {line.get("name") for line in told()}
    names = [name for first in NAMES for trade in TRADES if (name := f"{first} {trade}") not in taken]
    year.chance.shuffle(names)
    offers = [offer for offer in OFFERS for _ in range(offer.weight)]
    year.chance.shuffle(offers)
    for number in range(CUSTOMERS):
        customer(year, names[number], offers[number % len(offers)])
    happenings(year)
    statements(year)


def prices(year: Year) -> None:
    known = set()
    for offer in OFFERS:
        for months, amount in offer.prices.items():
            if (offer.plan, months) not in known:
                known.add((offer.plan, months))
                year.add(
                    FIRST,
                    "price",
                    vendor=offer.vendor,
                    plan=offer.plan,
                    months=months,
                    currency=offer.currency,
                    amount=amount,
                )


def customer(year: Year, name: str, offer: Offer) -> None:
    """A customer, its order, whom it names, and who uses what it ordered."""
    chance = year.chance
    # Most were there from the beginning; the others come one by one.
    day = FIRST + timedelta(days=chance.randint(0, 45) if chance.random() < 0.6 else chance.randint(46, 320))
    ref = name.lower().replace(" ", "-")
    places = [place for place in PLACES if not offer.countries or place[0] in offer.countries]
    country, zone, city, postcode = chance.choice(places)
    contact = f"{chance.choice(PEOPLE)} {name.split()[0]}"
    email = f"contracts@{ref}.example"
    known: Event = {"ref": ref, "name": name, "email": email, "country": country, "contact_name": contact}
    if chance.random() < 0.6:
        known |= {
            "street": f"{chance.randint(1, 90)} {chance.choice(ROADS)}",
            "postcode": postcode,
            "city": city,
            "time_zone": zone,
        }
    if chance.random() < 0.3:
        known["billing_email"] = f"accounts@{ref}.example"
    if offer.shows:
        known["phone"] = f"+3361234{len(year.orders):04d}"
    year.add(day, "customer", **known)
    order(year, ref, email, contact, day, offer)


def order(year: Year, customer: str, email: str, contact: str, day: date, offer: Offer) -> None:
    chance = year.chance
    months, seats = chance.choice(offer.months), chance.randint(*offer.seats)
    ref = f"{customer}-1"
    fields: Event = {"ref": ref, "customer": customer, "vendor": offer.vendor, "plan": offer.plan, "quantity": seats}
    fields |= {"months": months, "method": chance.choice(offer.methods), "commitment": offer.commitment}
    start = day
    if offer.agreed:
        start = year.later(day, 1, 12)
        fields["agreed_start"] = start.isoformat()
    year.add(day, "subscription", **fields)
    if offer.shows:
        shown = day + timedelta(days=3 + len(year.orders) % 25)
        year.add(shown, "identity document", customer=customer, vendor=offer.vendor, kind="register")
        year.add(shown, "eligibility shown", subscription=ref)
    if offer.agreed:
        year.add(start, "first payment", subscription=ref)
    if offer.waits:
        start = year.later(day, 0, 4)
        year.add(start, "first payment", subscription=ref)
    if start > LAST:
        return
    placed = Order(ref, customer, offer, months, start, seats, email)
    year.orders.append(placed)
    if seats > 1 and offer.vendor != "securegroup_devices":
        people(year, placed, contact)


def people(year: Year, placed: Order, contact: str) -> None:
    chance = year.chance
    day = year.later(placed.start, 0, 3)
    year.add(
        day,
        "administrator",
        ref=f"{placed.customer}-admin",
        customer=placed.customer,
        vendor=placed.offer.vendor,
        name=contact,
        email=placed.email,
    )
    for number, name in enumerate(chance.sample(PEOPLE, min(placed.seats, chance.randint(1, 3))), 1):
        user = f"{placed.customer}-{name.lower()}"
        since = year.later(day, 0, 9)
        year.add(
            since,
            "end user",
            ref=user,
            customer=placed.customer,
            username=f"{name.lower()}.{placed.customer}",
            device_type=chance.choice(("phone", "laptop", "tablet")),
        )
        year.add(since, "licence", subscription=placed.ref, number=number, user=user, asked_by=placed.email)


def happenings(year: Year) -> None:
    """One thing out of the ordinary for each of many contracts; no contract has two, so that none gets in another's way."""
    chance = year.chance
    quiet = [one for one in year.orders if one.offer.vendor != "securegroup_devices"]
    chance.shuffle(quiet)

    def some(count: int, wanted: Any) -> list[Order]:
        found = [one for one in quiet if wanted(one)][:count]
        for one in found:
            quiet.remove(one)
        return found

    bounces(
        year,
        some(16, lambda one: one.offer.vendor == "ethicmail" and one.months != 12 and one.start < date(2026, 6, 1)),
    )
    violations(year, some(14, lambda one: one.offer.vendor in VIOLATIONS and one.start < date(2026, 5, 1)))
    seats_change(
        year,
        some(66, lambda one: one.seats >= 3 and one.offer.vendor != "securepacket" and one.start < date(2026, 6, 1)),
    )
    notices_too_late(
        year,
        some(
            11,
            lambda one: (
                one.offer.vendor in ("securegroup", "cryptopass")
                and one.months in (1, None)
                and not one.offer.commitment
                and one.start < date(2026, 6, 1)
            ),
        ),
    )
    notices_in_time(year, some(24, lambda one: one.offer.vendor != "securepacket" and one.start < date(2026, 6, 1)))
    late_payers(year, some(44, pays_by_the_month))
    changes(year)
    tickets(year, some(36, lambda one: one.offer.vendor in PRIORITIES and one.seats > 1))


def seats_change(year: Year, orders: list[Order]) -> None:
    for place, one in enumerate(orders):
        day = year.later(one.start, 20, 120)
        if place % 3:
            year.add(
                day,
                "add seats",
                subscription=one.ref,
                seats=year.chance.randint(1, 4),
                unit_price=one.offer.prices[max(one.offer.prices)],
                asked_by=one.email,
            )
        else:
            year.add(day, "give up seats", subscription=one.ref, numbers=[one.seats], asked_by=one.email)


def notices_in_time(year: Year, orders: list[Order]) -> None:
    for one in orders:
        year.add(year.later(one.start, 25, 110), "notice to stop", subscription=one.ref)


def notices_too_late(year: Year, orders: list[Order]) -> None:
    """Three days before a period ends: after the last day for a notice not to renew, so one more period runs."""
    for one in orders:
        months = year.chance.randint(2, 4)
        number = one.start.year * 12 + one.start.month - 1 + months
        first = date(number // 12, number % 12 + 1, 1)
        end = first + timedelta(days=min(one.start.day, 28) - 1) if one.offer.vendor == "securegroup" else first
        year.add(end - timedelta(days=3), "notice to stop", subscription=one.ref)


def pays_by_the_month(one: Order) -> bool:
    """Whether a contract has a bill in every month, and lasts although one is paid late."""
    return (
        one.offer.vendor in ("securegroup", "cryptopass") and one.months in (1, None) and one.start < date(2026, 7, 1)
    )


def late_payers(year: Year, orders: list[Order]) -> None:
    """Most pay after a while; a few are still past due when the year ends."""
    for place, one in enumerate(orders):
        first = year.later(one.start, 32, 90)
        # Within a month and a half, so that a bill falls due meanwhile.
        year.late.append((one.ref, first, year.later(first, 31, 45) if place % 8 else LAST))


def statements(year: Year) -> None:
    """Each day's bank statement: all pay what is due, but who is late."""
    day = FIRST + timedelta(days=1)
    while day <= LAST:
        late = sorted(ref for ref, first, last in year.late if first <= day <= last)
        year.add(day, "bank statement", but=late)
        day += timedelta(days=1)


def bounces(year: Year, orders: list[Order]) -> None:
    """The invoice of a renewal comes back; most customers then tell where they are to be reached."""
    for place, one in enumerate(orders):
        # The first renewal of a contract by the month was invoiced by then.
        day = year.later(one.start, 40 if one.months == 1 else 100, 54 if one.months == 1 else 110)
        year.add(day, "letter comes back", subscription=one.ref, kind="invoice", said="550 no such mailbox")
        if place % 3:
            again = f"office@{one.customer}.example"
            year.add(year.later(day, 1, 2), "letter sent again", subscription=one.ref, kind="invoice", recipient=again)


# What customers of some contracts were found to do.
VIOLATIONS = {
    "securegroup": ("malware", "adware", "hacking"),
    "securepacket": ("malware", "adware", "excessive-use"),
    "ethicmail": ("copying", "burden"),
}


def violations(year: Year, orders: list[Order]) -> None:
    for place, one in enumerate(orders):
        day = year.later(one.start, 20, 150)
        ref = f"case-{place + 1}"
        found = year.chance.choice(VIOLATIONS[one.offer.vendor])
        year.add(
            day,
            "conduct case",
            ref=ref,
            subscription=one.ref,
            violation=found,
            facts="Seen in the logs of the mail server.",
        )
        year.add(day, "conduct warning", case=ref)
        if place % 4:
            year.add(year.later(day, 1, 4), "conduct cured", case=ref)


def changes(year: Year) -> None:
    """Four changes of contracts, each told to whom it reaches."""
    year.add(
        date(2026, 2, 2),
        "change of terms",
        ref="price-of-training",
        vendor="secureflag",
        subject="price",
        plan="SMB training",
        old_price="348.00",
        new_price="360.00",
        text="Training costs a little more.",
    )
    year.add(
        date(2026, 4, 1),
        "change of terms",
        ref="terms-of-packs",
        vendor="securegroup",
        subject="terms",
        text="The words about lost phones are clearer.",
    )
    year.add(
        date(2026, 5, 4),
        "change of terms",
        ref="rules-of-use",
        vendor="securepacket",
        subject="aup",
        text="Bulk mail has its own rules.",
    )
    year.add(
        date(2026, 6, 1),
        "change of terms",
        ref="price-of-essential",
        vendor="cryptopass",
        subject="price",
        plan="Essential",
        old_price="9.90",
        new_price="10.50",
        text="Essential costs a little more.",
    )


# What a contract calls the urgency of a request for support.
PRIORITIES = {"secureflag": ("P1", "P2", "P3"), "cryptopass": ("ticket",)}


def tickets(year: Year, orders: list[Order]) -> None:
    subjects = ("Cannot sign in", "Phone was lost", "Mail is late", "New colleague", "A message does not open")
    for place, one in enumerate(orders):
        day = year.later(one.start, 15, 200)
        ref = f"ticket-{place + 1}"
        year.add(
            day,
            "ticket",
            ref=ref,
            subscription=one.ref,
            reporter_email=one.email,
            subject=year.chance.choice(subjects),
            text="It began this morning.",
            reason="fault",
            severity="medium",
            type="incident",
            priority=year.chance.choice(PRIORITIES[one.offer.vendor]),
            reporter_name="The administrator",
        )
        if place % 3:
            year.add(year.later(day, 0, 2), "ticket answered", ticket=ref)


def told() -> list[Event]:
    """What was written by hand."""
    return [json.loads(line) for line in (Path(__file__).parent / "told.jsonl").read_text().splitlines()]


def lines() -> list[str]:
    year = Year(2026)
    write(year)
    for event in told():
        year.add(date.fromisoformat(event.pop("on")), event.pop("do"), **event)
    return list(year.lines())


if __name__ == "__main__":
    sys.stdout.write("".join(f"{line}\n" for line in lines()))
