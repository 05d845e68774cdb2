"""The staff's pages of who customers are: quick, read-only, and files that are only ever saved, for a reason."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from accounts.models import Customer, DocumentOpening, EligibilityCase, IdentityDocument, Screening, Verification
from accounts.services import place_order
from accounts.services.declarations import declare, find_breach
from accounts.services.documents import Shown, add_document_of
from accounts.services.eligibility import ask_option
from accounts.services.verification import ask_for_documents
from tests import people
from tests.accounts.test_admin import read
from tests.builders import NOON, make_customer, make_order

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)
PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\n%%EOF\n"
LISTS = [
    "identitydocument", "verification", "eligibilitycase", "refusedorder", "optioncheck", "declaration",
    "declarationbreach", "screening",
]  # fmt: skip


@pytest.fixture(autouse=True)
def own_files(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def furnished() -> Customer:
    """A customer of whom everything is known that these pages show."""
    customer = make_customer(phone="+33612345678")
    bound = place_order(customer=customer, order=make_order("cryptopass"), at=NOON).subscription
    mailed = place_order(customer=customer, order=make_order("ethicmail"), at=NOON).subscription
    assert bound is not None and mailed is not None
    place_order(customer=make_customer(country="DE"), order=make_order("cryptopass"), at=NOON)
    ask_option(subscription=bound, option="Gold", needs_domain=True, domain_eligible=False, on=DAY, at=NOON)
    shown = Shown("register", PDF)
    add_document_of(customer=customer, vendor="ethicmail", shown=shown, on=DAY, at=NOON)
    add_document_of(customer=customer, vendor="cryptopass", shown=shown, on=DAY, at=NOON)
    ask_for_documents(customer=customer, vendor="ethicmail", on=DAY, at=NOON)
    declare(subscription=mailed, kinds=["lawful_funds"], by="a@example.com", text_sha256="0" * 64, on=DAY, at=NOON)
    find_breach(customer=customer, vendor="ethicmail", kind="lawful_funds", on=DAY, at=NOON)
    return customer


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_as_often_for_many_rows_and_each_page_shows_its_why(name: str) -> None:
    client, address = people.clerk(), f"/admin/accounts/{name}/"
    furnished()
    people.queries(client, address)
    few = people.queries(client, address)
    for _ in range(4):
        furnished()
    assert people.queries(client, address) == few
    number = apps.get_model("accounts", name)._default_manager.latest("id").pk
    assert client.get(f"{address}{number}/change/").status_code == 200
    owner = people.owner()
    assert owner.post(f"{address}{number}/delete/", {"post": "yes"}).status_code == 403
    assert owner.post(f"{address}{number}/change/", {}).status_code == 403
    assert people.newcomer().get(address).status_code == 403


def test_a_document_is_uploaded_and_saved_for_a_reason_only() -> None:
    customer, owner = make_customer(), people.owner()

    def upload(content: bytes) -> Any:
        file = SimpleUploadedFile("Ada Lovelace passport.pdf", content)
        fields = {"customer": customer.pk, "vendor": "ethicmail", "kind": "passport", "file": file}
        return owner.post("/admin/accounts/identitydocument/add/", fields)

    assert "is a PDF, a PNG or a JPEG" in upload(b"<html>").content.decode()
    assert upload(PDF).status_code == 302
    document = IdentityDocument.objects.get()
    assert "Ada" not in document.file.name and document.uploaded_by == people.who("owner")
    address = f"/admin/accounts/identitydocument/{document.pk}/open/"
    assert owner.get(address).status_code == 405
    assert owner.post(address, {"reason": " "}).status_code == 400
    assert people.clerk().post(address, {"reason": "Curious"}).status_code == 403
    assert not DocumentOpening.objects.exists()
    sent = owner.post(address, {"reason": "Dispute 7"})
    assert sent.content == PDF and DocumentOpening.objects.get().reason == "Dispute 7"
    assert sent.headers["Content-Disposition"] == f'attachment; filename="document-{document.pk}.pdf"'
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert sent.headers["Content-Type"] == "application/octet-stream"
    assert sent.headers["Content-Security-Policy"].startswith("sandbox")
    assert "Dispute 7" in read(owner, f"/admin/accounts/identitydocument/{document.pk}/change/")


def test_staff_decide_about_an_identity_and_about_eligibility() -> None:
    furnished()
    owner, clerk = people.owner(), people.clerk()
    asked, case = Verification.objects.get(), EligibilityCase.objects.get()
    for who, state in ((clerk, "asked"), (owner, "verified")):
        who.post("/admin/accounts/verification/", {"action": "accept", "_selected_action": asked.pk})
        asked.refresh_from_db()
        assert asked.state == state
    told = owner.post("/admin/accounts/verification/", {"action": "false", "_selected_action": asked.pk}, follow=True)
    assert "Nothing was changed" in told.content.decode()
    for who, state in ((clerk, "waiting"), (owner, "shown")):
        who.post("/admin/accounts/eligibilitycase/", {"action": "accept", "_selected_action": case.pk})
        case.refresh_from_db()
        assert case.state == state


def test_staff_decide_about_a_possible_match() -> None:
    customer = make_customer()
    look = Screening.objects.create(
        customer=customer, vendor="ethicmail", result="possible", matches=[["EU-1", 0.9]], reasons=["similar"],
        screened_on=DAY, sheet="ethicmail/2016-10-20", created_at=NOON,
    )  # fmt: skip
    owner = people.owner()
    start = read(owner, "/admin/")
    assert "possible matches of barred names to decide" in start
    assert "EU-1 (90% the same)" in read(owner, f"/admin/accounts/screening/{look.pk}/change/")
    owner.post("/admin/accounts/screening/", {"action": "block", "_selected_action": look.pk})
    look.refresh_from_db()
    assert (look.outcome, look.decided_by) == ("blocked", people.who("owner"))


def test_a_corrected_customer_is_looked_at_again() -> None:
    customer, owner = furnished(), people.owner()
    case, look = EligibilityCase.objects.get(), Screening.objects.filter(customer=customer, current=True)
    page = owner.get(f"/admin/accounts/customer/{customer.pk}/change/")
    form = page.context["adminform"].form
    fields = {name: form.initial.get(name) or "" for name in form.fields}
    for formset in page.context["inline_admin_formsets"]:
        prefix = formset.formset.prefix
        fields |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    address = f"/admin/accounts/customer/{customer.pk}/change/"
    assert owner.post(address, {**fields, "country": "DE"}).status_code == 302
    before = case.act_on
    case.refresh_from_db()
    assert before is not None and case.act_on is not None and case.act_on <= before
    assert set(look.values_list("list_sha256", flat=True)) == {"outdated"}


def test_a_list_that_cannot_be_read_is_told_on_the_start_page(tmp_path: Path, settings: Settings) -> None:
    file = tmp_path / "list.jsonl"
    settings.SCREENING_LIST_FILE = str(file)
    owner = people.owner()
    assert "cannot be read (SCREENING_LIST_FILE names no file" in read(owner, "/admin/")
    head = '{"source": "x", "date": "2026-03-01"}\n'
    for text, told in (
        ("", "the list is empty"),
        (head + "{", "line 2"),
        (head + '{"id": "a", "regime": "US"}', "a name or a country"),
        (head + '{"id": "a", "regime": "MARS", "name": "B"}', "regime"),
    ):
        file.write_text(text)
        assert told in read(owner, "/admin/")
