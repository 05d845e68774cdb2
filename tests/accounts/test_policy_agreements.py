"""What a user may do before accepting everything, and contracts that have a section with nothing in it."""

from __future__ import annotations

import pytest

from accounts.policy.agreements import (
    DisputeFacts,
    PromiseFacts,
    UserAcceptance,
    decide_dispute_venue,
    decide_service_promised,
    tell_acceptance,
)
from backoffice.terms.book import book
from backoffice.terms.sections.agreements import Disputes, Promises


@pytest.mark.parametrize(
    ("outcome", "says"),
    [
        (UserAcceptance(True, (), None), "The user has accepted all that there is to accept"),
        (UserAcceptance(True, ("terms",), None), "has yet to accept"),
        (UserAcceptance(False, ("terms",), "vendor"), "may not use the service before accepting"),
    ],
)
def test_what_is_missing_is_named(outcome: UserAcceptance, says: str) -> None:
    assert says in tell_acceptance(outcome)


def test_a_section_with_nothing_in_it_says_nothing() -> None:
    sheet = book().newest("cryptopass").model_copy(update={"promises": Promises(), "disputes": Disputes()})
    assert not decide_service_promised(sheet, PromiseFacts(available=None, cause=None)).covered
    assert not decide_dispute_venue(sheet, DisputeFacts(amicable_tried=True)).covered
