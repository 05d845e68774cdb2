"""Columns that hold the code of a contract, a version, a country or a kind of row: people choose and read its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from operator import itemgetter
from typing import Any

import pycountry
from django.apps import apps
from django.db import models

from backoffice.terms.book import book
from backoffice.terms.sheet import Sheet
from backoffice.terms.words import day_words


def vendors() -> Iterator[tuple[str, str]]:
    """Each contract's vendor, and its name in the newest version."""
    return ((vendor, book().newest(vendor).name) for vendor in book().vendors())


def versions() -> Iterator[tuple[str, str]]:
    """Each version of each contract."""
    return ((sheet.id, version_words(sheet)) for sheet in book())


def version_words(sheet: Sheet) -> str:
    """``Name, version of 1 January 2026``."""
    return f"{sheet.name}, version of {day_words(sheet.from_)}"


def kinds() -> Iterator[tuple[str, str]]:
    """Each kind of row that the site keeps."""
    return ((model._meta.label_lower, str(model._meta.verbose_name)) for model in apps.get_models())


@cache
def countries() -> tuple[tuple[str, str], ...]:
    """Each country of ISO 3166 by its code of two letters, in the order of their names."""
    named = ((one.alpha_2, getattr(one, "common_name", one.name)) for one in pycountry.countries)
    return tuple(sorted(named, key=itemgetter(1)))


def country_name(code: str) -> str:
    """The name of a country, or its code where there is none."""
    return dict(countries()).get(code, code)


class _Offered(models.CharField):  # type: ignore[type-arg]  # generic only in its stubs
    """A short text out of those that are there when it is asked; ``none`` is how none of them is told."""

    offers: Callable[[], Iterable[tuple[str, str]]]
    words = ""
    length = 0

    def __init__(self, verbose_name: str = "", *, none: str = "", **options: Any) -> None:
        self.none = none
        known = {"max_length": self.length, "choices": self._choices}
        super().__init__(verbose_name or self.words, **{**known, **options})

    def _choices(self) -> Iterator[tuple[str, str]]:
        if self.none:
            yield "", self.none
        yield from self.offers()

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        """What is offered changes without the database, so no migration names it."""
        name, path, positional, options = super().deconstruct()
        options.pop("choices")
        if self.none:
            options["none"] = self.none
        return name, path, positional, options


class VendorField(_Offered):
    """A vendor, whose name people read."""

    offers = staticmethod(vendors)
    words = "contract"
    length = 64


class SheetField(_Offered):
    """A version of a contract, as ``<vendor>/<from date>``, which people read as the name and the day."""

    offers = staticmethod(versions)
    words = "terms"
    length = 80


class KindField(_Offered):
    """A kind of row, as ``accounts.customer``, which people read by its name."""

    offers = staticmethod(kinds)
    words = "kind of row"
    length = 64


class CountryField(_Offered):
    """A country, as its code of ISO 3166."""

    offers = staticmethod(countries)
    words = "country"
    length = 2
