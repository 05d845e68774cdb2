"""Every worked example, asked through the same door as the command, the API and the calculator."""

import json
from collections import Counter

import pytest

from backoffice.terms import registry
from backoffice.terms.book import book
from backoffice.terms.interpreter import answer

from .questions import worked_examples

EXAMPLES = worked_examples()


@pytest.mark.parametrize("rule", sorted({row["rule"] for row in EXAMPLES}))
def test_worked_examples(rule: str) -> None:
    wrong = []
    for row in (row for row in EXAMPLES if row["rule"] == rule):
        got = answer(book(), row)
        if "error" in row:
            right = got.get("error", {}).get("code") == row["error"]
        else:
            cited = row["outcome"] == {"covered": False} or got.get("because")
            right = bool(got.get("outcome") == row["outcome"] and cited)
        if not right:
            wrong.append(f"{json.dumps(row)}\n  answered {json.dumps(got)}")
    assert not wrong, "\n".join(wrong[:5])


def test_every_rule_has_worked_examples_and_every_example_a_rule() -> None:
    asked = Counter(row["rule"] for row in EXAMPLES)
    assert set(asked) == set(registry.rules())
    assert min(asked.values()) >= 10
