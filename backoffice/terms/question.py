"""What can be wrong with a question, as data: a code, the fact, and a sentence that says what to change."""

from __future__ import annotations


class QuestionError(Exception):
    """A question that cannot be answered as it was asked.

    ``code`` is one of the codes of the interface (``bad_json`` … ``hold_too_long``), ``field`` the fact's name or None.
    For forms, which name facts by their labels: ``place`` is the way to the fact through records and rows, and
    ``reason`` what is wrong with it, empty where it is only missing.
    """

    def __init__(
        self,
        code: str,
        field: str | None,
        message: str,
        *,
        place: tuple[int | str, ...] | None = None,
        reason: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.field = field
        self.message = message
        self.place = place if place is not None else () if field is None else (field,)
        self.reason = message if reason is None else reason

    def as_json(self) -> dict[str, dict[str, str | None]]:
        return {"error": {"code": self.code, "field": self.field, "message": self.message}}


def needed(field: str, purpose: str) -> QuestionError:
    """A fact was null that this vendor's rule needs."""
    return QuestionError("missing_fact", field, f"{field} may not be null here: {purpose}", reason=purpose)


def mismatch(field: str, currency: str) -> QuestionError:
    """An amount came in another currency than the contract's."""
    return QuestionError("currency_mismatch", field, f"this contract's currency is {currency}")
