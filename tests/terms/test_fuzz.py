"""Whatever comes in, an answer goes out: mutilated questions and noise never crash a rule."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest

from backoffice.terms.book import book
from backoffice.terms.interpreter import answer, answer_line

from .questions import worked_examples
from .test_any_sheet import CODES

ALL_CODES = CODES | {"bad_json", "unknown_rule", "unknown_vendor", "unknown_fact"}
STRANGE: list[Any] = [
    None, True, False, 0, -1, 1, 10**9, 10**18, 0.5, float("nan"), "", " ", "x", "0", "0.00", "-0.00", "9" * 15 + ".99", "9" * 40, "1e999",
    "0001-01-01", "9999-12-31", "2024-02-29", "2026-02-30", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00",
    "2026-03-29T01:30:00Z", "\u0000", "\ud800", "‮", "🂡" * 200, [], [[]], [None], {}, {"from": 1}, "customer", "card", "FR", "EUR", "KWD",
]  # fmt: skip


def mutilated(question: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    question = copy.deepcopy(question)
    facts = question["facts"]
    for _ in range(chance.choice((1, 1, 2, 4))):
        name = chance.choice(list(facts) or ["x"])
        match chance.randrange(5):
            case 0:
                facts.pop(name, None)
            case 1:
                facts[chance.choice(("extra", "", "from", name.upper()))] = chance.choice(STRANGE)
            case 2 if isinstance(facts.get(name), list):
                facts[name] = facts[name] * 40 + [chance.choice(STRANGE)]
            case 3 if facts.get(name) and isinstance(facts[name], list) and isinstance(facts[name][0], dict):
                item = facts[name][0]
                item[chance.choice([*item, "extra"])] = chance.choice(STRANGE)
            case _:
                facts[name] = chance.choice(STRANGE)
    if chance.random() < 0.05:
        question[chance.choice(("rule", "vendor", "facts", "sheet"))] = chance.choice(STRANGE)
    return question


@pytest.mark.parametrize("seed", range(8))
def test_mutilated_questions_are_answered(seed: int) -> None:
    chance, examples = random.Random(seed), worked_examples()
    for _ in range(2500):
        question = mutilated(chance.choice(examples), chance)
        given = answer(book(), question)
        if "error" in given:
            error = given["error"]
            assert error["code"] in ALL_CODES and error["message"], question
        else:
            assert given["outcome"] == {"covered": False} or given["because"]
        assert json.loads(json.dumps(given)) == given


@pytest.mark.parametrize("seed", range(2))
def test_noise_is_answered(seed: int) -> None:
    chance, examples = random.Random(seed), worked_examples()
    for _ in range(1500):
        line = bytearray(json.dumps(chance.choice(examples)).encode())
        for _ in range(chance.randrange(1, 6)):
            line[chance.randrange(len(line))] = chance.randrange(256)
        given = answer_line(book(), bytes(line))
        assert "outcome" in given or given["error"]["code"] in ALL_CODES
