"""What users accept of contracts' texts: by a link that is sent to them, or as whoever passed a text on tells it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from django.core import signing
from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import RUNNING, Agreement, ContractDocument, EndUser, Subscription, User
from accounts.policy.agreements import AcceptanceFacts, decide_acceptance_user
from accounts.services.agreements import Signatory, accept, documents_to_accept
from accounts.services.customers import NotPossible
from backoffice.terms.book import book
from backoffice.terms.sheet import Sheet

# As an invitation: long enough for a week's holiday, short enough that a forgotten letter opens nothing.
VALID_FOR = timedelta(days=7)
SALT = "accounts.user_texts"


class Opened(NamedTuple):
    """Whom a link is for, who had it sent, and when."""

    user: EndUser
    sent_by: str
    sent_at: datetime


def link_for(*, user: EndUser, sent_by: User, at: datetime) -> str:
    """The secret of a link by which a user reads and accepts what there is to accept; it opens for a week.

    It is kept nowhere, and neither is the address to which it is sent. NotPossible for somebody who has left.
    """
    if user.left_on is not None:
        raise NotPossible(f"{user} has left")
    return signing.dumps({"user": user.pk, "by": sent_by.pk, "at": at.isoformat()}, salt=SALT)


def open_link(secret: str, *, at: datetime) -> Opened | None:
    """What a link is for; None for one that is forged or too old, or whose user has left."""
    try:
        held = signing.loads(secret, salt=SALT)
    except signing.BadSignature:
        return None
    sent_at = datetime.fromisoformat(held["at"])
    user = EndUser.objects.select_related("customer").filter(pk=held["user"], left_on=None).first()
    if user is None or not sent_at <= at < sent_at + VALID_FOR:
        return None
    sender = User.objects.filter(pk=held["by"]).first()
    return Opened(user, sender.get_full_name() if sender else "", sent_at)


def texts_of(user: EndUser) -> list[ContractDocument]:
    """The texts that a user has yet to accept and that the books hold, each once."""
    return list(dict.fromkeys(one.document for one in documents_to_accept(user) if one.document is not None))


@transaction.atomic
def accept_by_link(*, secret: str, name: str, texts: Collection[int], at: datetime) -> list[Agreement]:
    """Records that the user of a link accepted texts, under a name that they gave.

    NotPossible for a link that opens nothing, and for other texts than those that the user has yet to accept.
    """
    opened = open_link(secret, at=at)
    if opened is None:
        raise NotPossible("this link opens nothing: it is too old, or not complete")
    known = {text.pk: text for text in texts_of(opened.user)}
    if not texts or not set(texts) <= set(known):
        raise NotPossible("these are not the texts that are to be accepted")
    return [
        accept(
            document=known[number],
            end_user=opened.user,
            by=Signatory(name),
            how=Agreement.How.PORTAL,
            told_by=opened.sent_by,
            evidence=f"by the link that was sent on {opened.sent_at:%Y-%m-%d}",
            at=at,
        )
        for number in sorted(texts)
    ]


def barred_users(subscriptions: QuerySet[Subscription], among: Collection[int] | None = None) -> dict[int, set[int]]:
    """Who may not use a service yet because of what they have not accepted, of those whom licences of running contracts
    name: users' numbers by their customer's; of some users only where ``among`` names them."""
    # A contract that lets in whoever has accepted nothing bars nobody, unless something else was agreed.
    sheets = [sheet.id for sheet in book() if _bars(sheet, frozenset())]
    running = subscriptions.filter(Q(sheet__in=sheets) | ~Q(special_terms={}), state__in=RUNNING)
    contracts = {one.pk: one for one in running}
    held = EndUser.objects.filter(licences__subscription__in=running.order_by().values("pk"))
    made = Agreement.objects.filter(end_user__in=held.values("pk"))
    if among is not None:
        held, made = held.filter(pk__in=among), made.filter(end_user__in=among)
    kinds: dict[tuple[int | None, str], set[str]] = {}
    for user, sheet, kind in made.values_list("end_user", "sheet", "document__kind").distinct():
        kinds.setdefault((user, sheet), set()).add(kind)
    found: dict[int, set[int]] = {}
    bars: dict[tuple[int, frozenset[str]], bool] = {}
    for user, customer, contract in held.values_list("pk", "customer", "licences__subscription"):
        accepted = frozenset(kinds.get((user, contracts[contract].sheet), ()))
        if (contract, accepted) not in bars:
            bars[contract, accepted] = _bars(contracts[contract].terms, accepted)
        if bars[contract, accepted]:
            found.setdefault(customer, set()).add(user)
    return found


def _bars(sheet: Sheet, accepted: frozenset[str]) -> bool:
    """Whether the contract bars a user who has accepted texts of these kinds."""
    facts = AcceptanceFacts.model_validate({"accepted": tuple(sorted(accepted))})
    outcome = decide_acceptance_user(sheet, facts).outcome
    return outcome is not None and not outcome.may_use
