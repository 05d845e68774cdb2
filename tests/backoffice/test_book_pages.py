"""The book of terms as staff read it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from accounts.services import add_document
from backoffice.terms.book import SHEETS, add_folder, book
from backoffice.terms.sheet import sections
from tests import people
from tests.builders import NOON, make_subscription
from tests.terms.two_versions import FIRST, SECOND, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Puts a contract in two versions into the book, as an operator's own folder does."""
    write(tmp_path, FIRST, "2020-01-01")
    write(tmp_path, SECOND, "2026-01-01")
    monkeypatch.setattr("backoffice.terms.book._folders", [SHEETS])
    add_folder(tmp_path)
    yield
    monkeypatch.undo()
    book.cache_clear()


def read(client: Client, address: str) -> str:
    """The page's text in one line, without its markup's line breaks."""
    return " ".join(unescape(client.get(address).content.decode()).split())


def test_every_contract_is_listed_with_what_it_speaks_of_and_whom_it_judges() -> None:
    make_subscription("secureflag")
    text = read(people.clerk(), "/admin/terms/")
    for vendor in book().vendors():
        sheet = book().newest(vendor)
        assert f'href="/admin/terms/{vendor}/{sheet.from_}/"' in text
        assert f"{len(sheet.sections)} of {len(sections())}" in text
    assert (
        text.count('data-label="Live subscriptions"> 1 </td>') + text.count('data-label="Live subscriptions">1</td>')
        == 1
    )


@pytest.mark.parametrize("vendor", book().vendors())
def test_a_sheet_shows_every_value_with_its_clause_and_what_is_silent(vendor: str) -> None:
    sheet = book().newest(vendor)
    text = read(people.clerk(), f"/admin/terms/{vendor}/{sheet.from_}/")
    for place in sheet.places():
        assert f'id="{place.key}"' in text
        assert place.term.says in text
    silent = text.partition("<h2>Silent</h2>")[2]
    for key, words in sections().items():
        assert (f">{words}<" in silent.replace("> ", ">").replace(" <", "<")) == (key not in sheet.sections), key


def test_a_contract_without_a_version_leads_to_its_newest() -> None:
    answered = people.clerk().get("/admin/terms/secureflag/")
    assert answered.headers["Location"] == "/admin/terms/secureflag/2024-01-01/"


@pytest.mark.parametrize(
    "address", ["nobody/", "secureflag/2020-01-01/", "secureflag/2024-13-01/", "compare/?old=nobody/2020-01-01"]
)
def test_what_the_book_does_not_hold_is_not_found(address: str) -> None:
    assert people.clerk().get(f"/admin/terms/{address}").status_code == 404


@pytest.mark.usefixtures("two_versions")
def test_two_versions_side_by_side_tell_what_changed_and_whom_it_would_reach() -> None:
    subscription = make_subscription("acme", accepted_on=date(2025, 6, 1))
    assert subscription.sheet == "acme/2020-01-01"
    text = read(people.clerk(), "/admin/terms/compare/?old=acme/2020-01-01&new=acme/2026-01-01")
    assert "4 terms differ." in text
    assert text.count("would reach 1 live") == 4
    for words in ("Prices are in euros", "Prices are in dollars", "Backups are kept for thirty days"):
        assert words in text
    assert 'href="/admin/terms/acme/2026-01-01/#retention.backup.days"' in text


@pytest.mark.usefixtures("two_versions")
def test_a_sheet_leads_to_its_other_versions_and_to_what_changed() -> None:
    text = read(people.clerk(), "/admin/terms/acme/2026-01-01/")
    assert 'href="/admin/terms/acme/2020-01-01/"' in text
    assert "compare/?old=acme/2020-01-01&new=acme/2026-01-01" in text


def test_two_contracts_can_be_compared_but_reach_nobody() -> None:
    text = read(people.clerk(), "/admin/terms/compare/?old=secureflag/2024-01-01&new=cryptopass/2022-01-01")
    assert "These are two different contracts." in text and "would reach" not in text


def test_nothing_differs_from_itself_and_nothing_is_chosen_at_first() -> None:
    client = people.clerk()
    same = "/admin/terms/compare/?old=secureflag/2024-01-01&new=secureflag/2024-01-01"
    assert "Nothing differs." in read(client, same)
    assert "Choose two versions" in read(client, "/admin/terms/compare/")


def test_the_text_of_a_contract_is_offered_with_its_hash() -> None:
    file = ContentFile(b"We agree.", name="terms.pdf")
    document = add_document(sheet="secureflag/2024-01-01", title="Terms", version="7", file=file, at=NOON)
    client = people.clerk()
    assert document.sha256 in read(client, "/admin/terms/secureflag/2024-01-01/")
    sent = client.get(f"/admin/accounts/contractdocument/{document.pk}/file/")
    assert sent.headers["Content-Disposition"] == 'attachment; filename="terms-7.pdf"'
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert b"".join(sent.streaming_content) == b"We agree."  # type: ignore[attr-defined]


def test_only_staff_read_the_book() -> None:
    assert people.outsider().get("/admin/terms/").status_code == 302
