"""What a day does about who customers are: looks at lists and clocks, asks anew, and destroys what it may keep no
longer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db.models import Count

from accounts.models import EligibilityCase, IdentityDocument, Screening, Verification
from accounts.screening_list import ListBroken, screening_list
from accounts.services.documents import purge
from accounts.services.eligibility import look_after
from accounts.services.screenings import screen_again
from accounts.services.verification import ask_again
from backoffice import days

ONE_DAY = timedelta(days=1)


def screenings_to_repeat(days_: Mapping[str, date]) -> dict[str, int]:
    """None while the list cannot be read: the start page says so, and no day has to wait for it."""
    try:
        sha256 = screening_list().sha256
    except ListBroken:
        return {}
    rows = Screening.objects.of_another_list(sha256).filter(vendor__in=list(days_))
    return dict(rows.order_by().values_list("vendor").annotate(Count("pk")))


@days.job("Customers are screened when the list changes", left=screenings_to_repeat)
def screen_customers_again(vendor: str, day: date, at: datetime) -> int:
    """Looks again for every customer whose last look was at another list."""
    looks = Screening.objects.claim(vendor, screening_list().sha256, days.CHUNK)
    screen_again(looks, on=day, at=at)
    return len(looks)


def cases_to_look_at(days_: Mapping[str, date]) -> dict[str, int]:
    return days.due_rows(EligibilityCase.objects.to_look(), "act_on", days_)


@days.job("Eligibility is looked after", left=cases_to_look_at)
def look_after_eligibility(vendor: str, day: date, at: datetime) -> int:
    """Reminds customers of what they have to show, and ends the contracts of those who do not."""
    cases = EligibilityCase.objects.claim(vendor, day, days.CHUNK)
    look_after(cases, day=day, at=at)
    return len(cases)


def verifications_to_expire(days_: Mapping[str, date]) -> dict[str, int]:
    return days.due_rows(Verification.objects.to_expire(), "until_on", {v: d - ONE_DAY for v, d in days_.items()})


@days.job("Identity that ran out is asked for again", left=verifications_to_expire)
def ask_anew(vendor: str, day: date, at: datetime) -> int:
    """Where the last day of a verification was yesterday or before: asks the customer to show again who it is."""
    verifications = Verification.objects.claim(vendor, day, days.CHUNK)
    ask_again(verifications, on=day, at=at)
    return len(verifications)


def documents_to_purge(days_: Mapping[str, date]) -> dict[str, int]:
    return days.due_rows(IdentityDocument.objects.to_purge(), "purge_on", days_)


@days.job("Identity documents past their purge date go", left=documents_to_purge)
def purge_documents(vendor: str, day: date, at: datetime) -> int:
    """Destroys the files that may be kept no longer, and the keys that opened them."""
    documents = IdentityDocument.objects.claim(vendor, day, days.CHUNK)
    purge(documents, on=day, at=at)
    return len(documents)
