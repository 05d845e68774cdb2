"""What somebody who has signed in may do with their own data: have it as one archive, and ask for its erasure.

Both are requests like any other, in the same register and with the same clock: one for each customer that the person
serves, since each contract says by when it is answered and who is told.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import Administrator, DataRequest, User
from accounts.services.customers import NotPossible
from accounts.services.data_requests import Asked, answer_request, receive_request
from accounts.services.person_export import export_person
from accounts.services.persons import rows_of

VERIFIED = "Signed in to the portal"
GIVEN = "The archive was given in the portal."
# No archive takes longer; one that does was killed.
LONGEST_MAKING = timedelta(minutes=10)
# Who downloads again within so long has still asked once.
SAME_REQUEST = timedelta(days=1)
Kind = DataRequest.Kind


def requests_of(user: User) -> QuerySet[DataRequest]:
    """What a person has asked about their own data, in the portal or otherwise."""
    about = [Q(subject=one._meta.label_lower, subject_id=one.pk) for one in rows_of(user)]
    return DataRequest.objects.filter(Q(*about, _connector=Q.OR)).order_by("-id")


def subjects_of(user: User) -> list[Any]:
    """Whom a person's requests are about: a customer who is no business, an administrator once for each customer, and
    somebody who is neither as who signs in."""
    # The newest row of an administrator counts, and above all that of a customer who is this very person.
    theirs = {one.customer_id if isinstance(one, Administrator) else one.pk: one for one in rows_of(user)[1:]}
    return list(theirs.values()) or [user]


@transaction.atomic
def ask(*, user: User, kind: Kind, at: datetime) -> list[DataRequest]:
    """Takes down a person's own request; NotPossible while one of the kind still waits for an answer."""
    User.objects.select_for_update().get(pk=user.pk)
    waiting = requests_of(user).filter(kind=kind, in_portal=True, state=DataRequest.State.OPEN).first()
    if waiting is not None:
        raise NotPossible(f"you have asked already, and are answered by {waiting.answer_by}")
    asked = Asked(kind, user.get_full_name(), user.email, verified_how=VERIFIED, in_portal=True)
    return [receive_request(subject=one, asked=asked, received_at=at, at=at) for one in subjects_of(user)]


def give_archive(*, user: User, at: datetime) -> bytes:
    """All that is held of a person as one archive; the request and its answer are in the register. One at a time:
    NotPossible while another one is being made."""
    in_hand = f"own-archive-{user.pk}"
    if not cache.add(in_hand, True, LONGEST_MAKING.total_seconds()):
        raise NotPossible("an archive is being made for you; try again in a few minutes")
    try:
        requests = _begun(user, at)
        archive = export_person(subject=user, at=at)
        for request in requests:
            answer_request(request=request, granted=True, answer=GIVEN, on=at.date(), at=at)
        return archive
    finally:
        cache.touch(in_hand, 0)


@transaction.atomic
def _begun(user: User, at: datetime) -> list[DataRequest]:
    """The requests that an archive answers: new ones, those that one which was killed has left, or none where a
    request of the same day was answered already. A customer is told of each, so the same is not asked twice."""
    own = requests_of(user).filter(kind=Kind.ACCESS, in_portal=True)
    if waiting := list(own.filter(state=DataRequest.State.OPEN)):
        return waiting
    again = own.filter(received_at__gt=at - SAME_REQUEST).exists()
    return [] if again else ask(user=user, kind=Kind.ACCESS, at=at)
