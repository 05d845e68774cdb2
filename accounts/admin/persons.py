"""What staff do for a person about the data held of them: give it all as one archive, and erase it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from accounts.disposal import DisposalFailed
from accounts.models import Erasure
from accounts.policy.erasure import SENTENCES
from accounts.services.erasure import erase
from accounts.services.foreseen import foresee
from accounts.services.person_export import export_person
from backoffice.terms.words import day_words


class PersonActions:
    """Actions on the list of a kind of person; each is done for one at a time."""

    @admin.action(description="Give all data of the person as one archive", permissions=["privacy"])
    def give_archive(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        person = self._one(request, queryset)
        if person is None:
            return None
        archive = export_person(subject=person, at=timezone.now())
        self.log_change(request, person, "All data given as one archive.")  # type: ignore[attr-defined]
        name = f"{person._meta.model_name}-{person.pk}.zip"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return HttpResponse(archive, content_type="application/zip", headers=headers)

    @admin.action(description="Erase what is held of the person", permissions=["privacy"])
    def erase_person(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """Shows first what would go, what would stay and until when; then does it."""
        person = self._one(request, queryset)
        if person is None:
            return None
        if "confirmed" not in request.POST:
            return TemplateResponse(request, "accounts/erase.html", self._preview(request, person))
        try:
            erasure = erase(subject=person, on=timezone.now().date(), at=timezone.now())
        except DisposalFailed as failure:
            self.message_user(request, f"{str(failure).capitalize()}.", messages.ERROR)  # type: ignore[attr-defined]
            return None
        done = erasure.state == Erasure.State.DONE
        level = messages.SUCCESS if done else messages.WARNING
        said = "What was held of the person is erased." if done else SENTENCES[erasure.refused_for]
        self.message_user(request, said, level)  # type: ignore[attr-defined]
        return None

    def has_privacy_permission(self, request: HttpRequest) -> bool:
        """Whoever may erase may also see all that there is of a person."""
        return bool(request.user.has_perm("accounts.add_erasure"))

    def _one(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        found = list(queryset[:2])
        if len(found) != 1:
            self.message_user(request, "Choose one person.", messages.ERROR)  # type: ignore[attr-defined]
            return None
        return found[0]

    def _preview(self, request: HttpRequest, person: Any) -> dict[str, Any]:
        foreseen = foresee([person], timezone.now().date())
        said = foreseen.answer
        return {
            **admin.site.each_context(request),
            "title": f"Erase {person}",
            "person": person,
            "sentence": SENTENCES[said.reason],
            "possible": not said.reason,
            "because": said.because,
            "goes": list(foreseen.goes.items()),
            "stays": [
                (says, f"sealed until {day_words(kept.until)}: {kept.basis}") for says, kept in foreseen.stays.items()
            ],
        }
