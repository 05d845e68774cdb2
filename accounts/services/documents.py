"""What is done with the documents of customers: taken in sealed, opened for a reason, destroyed on their day."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction

from accounts.disposal import Part, dispose
from accounts.exports.identity import DOCUMENTS
from accounts.models import Customer, Disposal, DocumentOpening, IdentityDocument
from accounts.services.customers import NotPossible
from accounts.uploads import form_of
from backoffice import sealed
from backoffice.terms.book import book

# What says how long a file is kept: no contract does, so the law's shortest sufficient time, chosen by the operator.
PURGE_BASIS = "Our own rule on identity documents; Regulation (EU) 2016/679, article 5 (1) (e)"


class Shown(NamedTuple):
    """A document as a customer showed it."""

    kind: str
    content: bytes
    issued_on: date | None = None
    expires_on: date | None = None


@transaction.atomic
def add_document_of(
    *, customer: Customer, vendor: str, shown: Shown, on: date, at: datetime, by: Any = None
) -> IdentityDocument:
    """Seals a document of a customer under a key of its own and keeps it until the day it has to go.

    ValidationError names each field that is not right: a file that is no document, one that has run out, one that is
    there already.
    """
    try:
        form = form_of(shown.content)
    except ValidationError as error:
        raise ValidationError({"file": error.messages}) from error
    if shown.expires_on is not None and shown.expires_on < on:
        raise ValidationError({"expires_on": "This document has run out."})
    key = sealed.new_key()
    document = IdentityDocument(
        customer=customer,
        vendor=vendor,
        kind=shown.kind,
        form=form,
        issued_on=shown.issued_on,
        expires_on=shown.expires_on,
        sha256=hashlib.sha256(shown.content).hexdigest(),
        uploaded_by=by,
        uploaded_on=on,
        purge_on=on + timedelta(days=settings.IDENTITY_DOCUMENT_DAYS),
        purge_basis=PURGE_BASIS,
        created_at=at,
    )
    document.full_clean(exclude=["customer", "uploaded_by", "house_key", "wrapped"])
    document.save()
    # The place holds the row's number, so the sealing comes after the row.
    document.house_key, document.wrapped = sealed.wrap_key(key, document.key_place)
    document.file.save("", ContentFile(sealed.seal(shown.content, key, document.place)), save=False)
    document.save(update_fields=["house_key", "wrapped", "file"])
    return document


@transaction.atomic
def open_document(*, document: IdentityDocument, reason: str, by: Any, at: datetime) -> bytes:
    """What was shown, for somebody of the staff who says what for: that stays on record.

    ValidationError without a reason, NotPossible for a document that is gone.
    """
    found = IdentityDocument.objects.select_for_update().get(pk=document.pk)
    if not found.file:
        raise NotPossible(f"document {found.pk} is gone")
    opening = DocumentOpening(document=found, opened_by=by, reason=reason.strip(), opened_at=at)
    opening.full_clean(exclude=["document", "opened_by"])
    opening.save()
    return found.content()


def purge(documents: Sequence[IdentityDocument], *, on: date, at: datetime) -> None:
    """Destroys the files of some documents and the keys that open them; that they were shown stays. The rows are
    locked."""
    parts = [Part(DOCUMENTS, document) for document in documents]
    if parts:
        vendor = documents[0].vendor
        sheet = book().newest(vendor).id
        dispose(kind=Disposal.Kind.RETENTION, basis=PURGE_BASIS, on=on, at=at, parts=parts, vendor=vendor, sheet=sheet)
    IdentityDocument.objects.filter(pk__in=[document.pk for document in documents]).update(purged_on=on)
