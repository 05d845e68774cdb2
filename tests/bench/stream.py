"""`manage.py decide` as a whole process: answers a second, and memory that does not grow with the stream.

The floor reads each line of JSON and writes it again, which is the least that any answer costs.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from tests.bench.figures import Figure
from tests.terms.questions import worked_examples

ROOT = Path(__file__).resolve().parents[2]
ECHO = "import json, sys\nfor line in sys.stdin.buffer: sys.stdout.write(json.dumps(json.loads(line)) + '\\n')"
DECIDE = [sys.executable, "manage.py", "decide"]
GOAL = 15_000
FEW, MANY = 10_000, 1_000_000
TIMED = 200_000


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "questions.jsonl"
        start = min(_run(DECIDE, _questions(file, 1))[0] for _ in range(3))
        questions = _questions(file, TIMED)
        # Starting the process is no part of a stream's rate, so it is timed by itself and taken off.
        decide = sorted(_run(DECIDE, questions)[0] - start for _ in range(3))[1]
        echo = sorted(_run([sys.executable, "-c", ECHO], questions)[0] for _ in range(3))[1]
        yield Figure("decide, all rules, one process", TIMED / decide, "answers/s", floor=TIMED / echo, least=GOAL)
        small = _run(DECIDE, _questions(file, FEW))[1]
        large = _run(DECIDE, _questions(file, MANY))[1]
        yield Figure(f"decide, peak memory of {FEW:,} lines", small, "MiB")
        yield Figure(f"decide, peak memory of {MANY:,} lines", large, "MiB", floor=small, most=small * 1.05)


def _questions(file: Path, count: int) -> Path:
    """A file of ``count`` questions: the worked examples, again and again."""
    lines = [json.dumps({key: row[key] for key in ("rule", "vendor", "facts")}) + "\n" for row in worked_examples()]
    with file.open("w") as out:
        out.writelines(itertools.islice(itertools.cycle(lines), count))
    return file


def _run(command: list[str], questions: Path) -> tuple[float, float]:
    """Seconds and peak memory (MiB) of a process that reads the questions; its answers are thrown away."""
    started = perf_counter()
    with questions.open("rb") as stdin:
        process = subprocess.Popen(command, stdin=stdin, stdout=subprocess.DEVNULL, cwd=ROOT)
        _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit(f"{command} ended with {status}")
    return perf_counter() - started, usage.ru_maxrss / 1024
