"""What hangs on no contract: each thing gets a day on which it goes when it comes, and goes on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.apps import apps
from django.conf import settings

from accounts.disposal import dispose
from accounts.models import Disposal, KeptRecord
from accounts.policy.erasure import decide_stray
from accounts.services.erasure import parts_of
from backoffice.privacy import bars
from backoffice.terms.book import book


def keep(row: Any, *, retention: str, came_on: date, at: datetime, vendor: str = "") -> KeptRecord:
    """Sets the day on which a row goes that no contract's end takes away; ``vendor`` is whose day looks after it, any
    where it is nobody's. Kept before, it stays as it is."""
    days, basis = settings.STRAY_RETENTIONS[retention]
    going = decide_stray(came_on, days, came_on, ())
    kept, _ = KeptRecord.objects.get_or_create(
        model=row._meta.label_lower,
        row=row.pk,
        defaults={
            "retention": retention,
            "basis": basis,
            "because": going.because,
            "vendor": vendor or book().vendors()[0],
            "goes_on": going.goes_on,
            "created_at": at,
        },
    )
    return kept


def let_go(records: Sequence[KeptRecord], *, day: date, at: datetime) -> None:
    """Disposes of what is due; what is still needed is looked at again some days later. The rows are locked."""
    going = [record for record in records if not _put_off(record, day)]
    for basis, some in groupby(sorted(going, key=attrgetter("basis", "pk")), attrgetter("basis")):
        those = list(some)
        parts = [part for one in those for part in parts_of(_row(one), None, day, at)]
        disposal = dispose(
            kind=Disposal.Kind.RETENTION,
            basis=basis,
            parts=parts,
            because=those[0].because,
            vendor=those[0].vendor,
            sheet=book().newest(those[0].vendor).id,
            on=day,
            at=at,
        )
        KeptRecord.objects.filter(pk__in=[one.pk for one in those]).update(disposal=disposal)


def _put_off(record: KeptRecord, day: date) -> bool:
    """Moves a record on that something keeps; tells whether it does."""
    going = decide_stray(record.goes_on, 0, day, bars(_row(record), day))
    if going.goes_on <= day:
        return False
    KeptRecord.objects.filter(pk=record.pk).update(goes_on=going.goes_on)
    return True


def _row(record: KeptRecord) -> Any:
    return apps.get_model(record.model)._base_manager.get(pk=record.row)
