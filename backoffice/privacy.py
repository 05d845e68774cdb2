"""What the books hold of persons: each app's ``exports`` module declares it, model by model, column by column.

One declaration serves all: what a person is given as an archive, what an erasure takes away and what it seals, and the
test that looks for traces afterwards. A column of text, JSON, bytes or files that is in no declaration must be listed
among those that hold nothing personal, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from django.db.models import Model, Q

from backoffice import discovery

# Which rows of a model hang on a person.
Hangs = Callable[[Any], Q]
# What stands in a column of a row once the person is erased; the same whoever asks, and however often.
Neutral = Callable[[Any], Any]
# Files that belong to a row, as name and content.
Documents = Callable[[Any], Iterable[tuple[str, bytes]]]

# Names of columns that hold nothing of a person in whichever model they stand.
NEVER_PERSONAL: Mapping[str, str] = {
    "vendor": "names a contract partner",
    "sheet": "names a version of a contract",
    "plan": "names what is sold",
    "currency": "a code of ISO 4217",
    "country": "a code of ISO 3166",
    "language": "a code of a language",
    "time_zone": "names a zone",
    "sha256": "the hash of a text that is the same for everybody",
    "because": "clauses of a contract, in our words",
}


class Holding(NamedTuple):
    """Columns of a model that hold something of a person.

    ``hangs`` says for each kind of person which rows are theirs, ``columns`` what takes the place of each column.
    ``retention`` names what keeps them for a while after an erasure, sealed; empty where nothing does.
    ``says`` tells in plain words what these rows are, and ``documents`` yields the files that belong to one.
    ``withheld`` are columns that no archive hands out, because they hold something of somebody else.
    """

    model: type[Model]
    says: str
    hangs: Mapping[type[Model], Hangs]
    columns: Mapping[str, Neutral]
    retention: str = ""
    documents: Documents | None = None
    withheld: Collection[str] = ()

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    def neutral(self, row: Any) -> dict[str, Any]:
        """What every column of a row holds once the person is erased."""
        return {column: becomes(row) for column, becomes in self.columns.items()}


def on(path: str, **also: Any) -> Hangs:
    """Rows whose ``path`` leads to the person."""
    return lambda person: Q(**{path: person.pk}, **also)


def blank(_row: Any) -> str:
    """An empty text."""
    return ""


def nothing(_row: Any) -> None:
    """No value."""
    return


def empty_list(_row: Any) -> list[Any]:
    """An empty JSON list."""
    return []


def nobody(row: Any) -> str:
    """A name that tells rows apart, and nobody from anybody: ``Erased customer 17``."""
    return f"Erased {row._meta.verbose_name} {row.pk}"


def no_address(row: Any) -> str:
    """An e-mail address that reaches nobody, ever (RFC 2606), and that no other row of the kind has."""
    return f"erased-{row.pk}@erased.invalid"


@cache
def holdings() -> tuple[Holding, ...]:
    """Everything that the apps declare, in the order of the apps."""
    return tuple(holding for module in discovery.modules("exports") for holding in module.HOLDINGS)


@cache
def never_personal() -> Mapping[str, str]:
    """``app.model.column`` and the reason why it holds nothing of a person, of all apps."""
    return {name: reason for module in discovery.modules("exports") for name, reason in module.NOTHING_PERSONAL.items()}


def bars(person: Model, day: date) -> list[str]:
    """Why what is held of a person cannot be erased on a day, as each app's ``exports`` says in ``bars``."""
    said = (module.bars(person, day) for module in discovery.modules("exports") if hasattr(module, "bars"))
    return [reason for reasons in said for reason in reasons]
