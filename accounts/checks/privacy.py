"""What may be kept no longer is gone, and the register of disposals tells of all that is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import IntegerField, Model, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from accounts.jobs.privacy import waiting
from accounts.models import (
    AbuseReport,
    Administrator,
    Customer,
    DataStep,
    Disposal,
    EndUser,
    Erasure,
    IdentityDocument,
    InboundMail,
    KeptRecord,
    LooseFile,
    Notice,
    PersonKey,
    Reseller,
    SealedRecord,
    User,
)
from accounts.services.data_steps import DISPOSALS
from backoffice import days
from backoffice.privacy import bars, holdings
from backoffice.terms.book import book
from backoffice.verify import check

# Who can be erased, each with the rows that are about nobody but them.
PERSONS: tuple[type[Model], ...] = (Customer, Administrator, EndUser, User, Reseller)
PEOPLE = (Administrator, EndUser)


@check("Nothing is kept past its time")
def past_its_time(at: datetime) -> Iterator[str]:
    """What was to go before a vendor's present day."""
    for vendor, day in _present_days(at).items():
        for rows, column in waiting():
            late = rows.filter(vendor=vendor, **{f"{column}__lt": day}).order_by(column, "pk")
            for row in late.iterator():
                on = getattr(row, column)
                yield f"{row._meta.verbose_name} {row.pk}: its time was over on {on}, and it is still there"


def _present_days(at: datetime) -> dict[str, date]:
    """The day that each vendor's books are to stand at."""
    if settings.DAYS_BY_HAND:
        return days.next_days()
    return {vendor: days.today(vendor, at) for vendor in book().vendors()}


@check("Whatever hangs on no contract has a day on which it goes")
def strays(at: datetime) -> Iterator[str]:
    kinds: tuple[QuerySet[Any], ...] = (
        AbuseReport.objects.all(),
        InboundMail.objects.filter(customer=None),
        LooseFile.objects.exclude(file=""),
    )
    for rows in kinds:
        kind = rows.model._meta
        dated = KeptRecord.objects.filter(model=kind.label_lower).values("row")
        for key in rows.exclude(pk__in=dated).order_by("pk").values_list("pk", flat=True):
            yield f"{kind.verbose_name} {key}: no day is set on which it goes"
    letters = Notice.objects.filter(customer=None, subscription=None).exclude(party=Notice.Party.REPORTER)
    for key in letters.order_by("pk").values_list("pk", flat=True):
        yield f"notice {key}: it hangs on nobody, so nothing takes it away"


@check("Who was erased is named in no row of their own")
def named(at: datetime) -> Iterator[str]:
    """Persons who were erased and have come back to nothing since: no contract, no licence, no sign-in. Who was erased
    with a customer may have come back with it."""
    for model in PERSONS:
        for person in _erased(model).order_by("pk").iterator():
            yield from _named(person, at.date())
    for model in PEOPLE:
        theirs = model._base_manager.filter(customer__in=_erased(Customer).values("pk"))
        others = theirs.exclude(pk__in=_erased(model).values("pk")).select_related("customer").order_by("pk")
        for person in others.iterator():
            if not bars(person.customer, at.date()):
                yield from _named(person, at.date())


def _erased(model: type[Model]) -> QuerySet[Any]:
    done = Erasure.objects.filter(state=Erasure.State.DONE, subject=model._meta.label_lower)
    return model._base_manager.filter(pk__in=done.values("subject_id"))


def _named(person: Any, day: date) -> Iterator[str]:
    neutral = {name: says for one in holdings() if one.model is type(person) for name, says in one.columns.items()}
    told = [name for name, says in neutral.items() if getattr(person, name) != says(person)]
    if told and not bars(person, day):
        yield f"{person._meta.verbose_name} {person.pk}: erased, and its {', '.join(told)} came back"


@check("The register of disposals tells of everything that is gone")
def register(at: datetime) -> Iterator[str]:
    """Each thing that went has gone once, through the one way out of the books, which has counted it."""
    gone: tuple[QuerySet[Any], ...] = (
        PersonKey.objects.exclude(destroyed_on=None),
        SealedRecord.objects.filter(sealed=b""),
        IdentityDocument.objects.filter(wrapped=b"", file=""),
    )
    for rows in gone:
        kind, there = rows.model._meta, rows.count()
        counted = Cast(KeyTextTransform(kind.label_lower, "counts"), IntegerField())
        told = Disposal.objects.aggregate(total=Sum(counted))["total"] or 0
        if there != told:
            yield f"{kind.verbose_name_plural}: {there} are gone, and the register tells of {told}"
    instructed = DataStep.objects.filter(kind__in=DISPOSALS, state__in=["instructed", "done"], disposal=None)
    for key in instructed.order_by("pk").values_list("pk", flat=True):
        yield f"data step {key}: it was instructed, and the register does not tell of it"
