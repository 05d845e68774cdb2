"""Measures, and prints each figure beside its floor and its goal: `make bench`, or `make bench ARGS=rules` for one.

Machines differ and are noisy: read the ratios. Exit status 1 when a goal was missed.
"""

import sys

from tests.bench import day, floors_money, lists, money, rules, stream

SUBJECTS = {
    "rules": rules.figures,
    "stream": stream.figures,
    "day": day.figures,
    "lists": lists.figures,
    "money": money.figures,
    "floors": floors_money.figures,
}


def main(names: list[str]) -> int:
    missed = 0
    for name in names or SUBJECTS:
        for figure in SUBJECTS[name]():
            print(figure, flush=True)
            missed += not figure.reached
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
