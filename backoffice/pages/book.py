"""The book of terms as staff read it: each contract, each version of it, and two versions side by side."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain, groupby
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from backoffice.discovery import modules
from backoffice.pages.shell import page
from backoffice.terms.book import book
from backoffice.terms.difference import Change, difference
from backoffice.terms.sheet import Place, Sheet, sections
from backoffice.terms.term import Term
from backoffice.terms.words import value_words
from backoffice.why import sheet_address


class Document(NamedTuple):
    """A contract's own text, uploaded for a version: what customers accepted."""

    title: str
    sha256: str
    href: str


class Line(NamedTuple):
    """One term as a line of the page."""

    key: str
    label: str
    value: str
    term: Term[Any]


class Group(NamedTuple):
    """The lines under one heading, and the section they belong to."""

    key: str
    title: str
    lines: list[Line]


def live_contracts(sheet_id: str) -> int:
    """How many live contracts are frozen to a version, over all apps that have some."""
    return sum(module.live_contracts(sheet_id) for module in modules("staff") if hasattr(module, "live_contracts"))


def documents(sheet_id: str) -> list[Document]:
    """The documents that were uploaded for a version."""
    shelves = (module.documents(sheet_id) for module in modules("staff") if hasattr(module, "documents"))
    return [Document(*entry) for shelf in shelves for entry in shelf]


def version_links(user: Any, old: Sheet, new: Sheet) -> list[tuple[str, str]]:
    """What can be done about a contract's going over from one version to another: words, and where."""
    offers = (module.version_links(user, old, new) for module in modules("staff") if hasattr(module, "version_links"))
    return list(chain.from_iterable(offers))


@require_safe
def contracts(request: HttpRequest) -> HttpResponseBase:
    """All contracts, with the version that is newest."""
    total = len(sections())
    rows = []
    for vendor in book().vendors():
        versions = book().versions(vendor)
        sheet = versions[-1]
        rows.append(
            {
                "sheet": sheet,
                "href": sheet_address(sheet),
                "versions": len(versions),
                "spoken": len(sheet.sections),
                "terms": len(list(sheet.places())),
                "live": sum(live_contracts(version.id) for version in versions),
            }
        )
    return page(request, "contracts.html", "Book of terms", rows=rows, sections_in_all=total)


@require_safe
def vendor_sheet(request: HttpRequest, vendor: str) -> HttpResponseBase:
    """A contract without a version leads to its newest."""
    if vendor not in book().vendors():
        raise Http404("there is no contract of this vendor")
    return redirect(sheet_address(book().newest(vendor)))


@require_safe
def sheet_page(request: HttpRequest, vendor: str, day: date) -> HttpResponseBase:
    """One version of a contract: every value with its words, clause and paraphrase."""
    sheet = _sheet(f"{vendor}/{day}")
    versions = book().versions(vendor)
    position = versions.index(sheet)
    return page(
        request,
        "sheet.html",
        sheet.name,
        sheet=sheet,
        groups=list(groups(sheet)),
        silent=[words for key, words in sections().items() if key not in sheet.sections],
        versions=[(version, sheet_address(version)) for version in reversed(versions)],
        before=versions[position - 1] if position else None,
        live=live_contracts(sheet.id),
        documents=documents(sheet.id),
    )


@require_safe
def compare(request: HttpRequest) -> HttpResponseBase:
    """Two versions side by side: what changed, and how many live contracts each change would reach."""
    shelf = list(book())
    old, new = (_sheet(request.GET[name]) if request.GET.get(name) else None for name in ("old", "new"))
    context: dict[str, Any] = {"shelf": shelf, "old": old, "new": new}
    if old and new:
        changes = difference(old, new)
        same_contract = old.vendor == new.vendor
        context |= {
            "groups": [
                (title, [_compared(change) for change in found])
                for title, found in groupby(changes, key=lambda change: ": ".join(change.labels[:-1]) or "The contract")
            ],
            "count": len(changes),
            "same_contract": same_contract,
            "live": live_contracts(old.id) if same_contract else None,
            "links": version_links(request.user, old, new),
            "old_href": sheet_address(old),
            "new_href": sheet_address(new),
        }
    return page(request, "compare.html", "Two versions side by side", **context)


def groups(sheet: Sheet) -> Iterator[Group]:
    """The terms of a sheet under their headings, in the order of the schema."""
    for path, places in groupby(sheet.places(), key=lambda place: (place.path[:-1], place.labels[:-1])):
        key, labels = ".".join(path[0]), ": ".join(path[1])
        yield Group(key or "contract", labels or "The contract", [_line(place) for place in places])


def _line(place: Place) -> Line:
    label = place.labels[-1]
    return Line(place.key, label, value_words(place.term.value, label), place.term)


def _compared(change: Change) -> dict[str, Any]:
    label = change.labels[-1]
    sides = [(term, value_words(term.value, label) if term else "") for term in (change.old, change.new)]
    return {"change": change, "label": label, "sides": sides}


def _sheet(sheet_id: str) -> Sheet:
    try:
        return book().sheet(sheet_id)
    except KeyError:
        raise Http404("the book holds no such sheet") from None
