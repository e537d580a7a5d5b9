"""Judging what was typed, with 2,000 other answers in the deck."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.measuring import ROOT, Series, in_child, in_turn, quantile
from benchmarks.report import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.material import Material

RUNS = 4
RIVALS = 2_000
ANSWERS = ROOT / "tests" / "learning" / "answers"


def compare(_material: Material) -> Iterator[Figure | str]:
    """The marked answers of the tests, in their domains' order, each judged once."""
    (taken,) = in_turn(RUNS, lambda: in_child(judge_all, ANSWERS))
    count = taken[0]["count"]
    yield f"{count:,} typed answers of the tests; the first of a process loads the judge."
    for name, goal in (("p50", None), ("p99", 5)):
        values = Series(tuple(each[name] for each in taken))
        yield Figure(f"judge an answer: {name}", values, "ms", goal=goal)
    yield Figure("the first answer", Series(tuple(each["first"] for each in taken)), "ms")


def judge_all(folder: str) -> dict[str, Any]:
    """Judge every marked answer; milliseconds."""
    from sco_quiz.learning.cards import Card
    from sco_quiz.learning.kinds import Kind

    asked = []
    for file in sorted(Path(folder).glob("*.tsv")):
        for line in file.read_text("utf-8").strip("\n").split("\n")[1:]:
            if not line.startswith("# "):
                question, expected, language, _, _, typed, _ = line.split("\t")
                answer, *accept = expected.split(" | ")
                card = Card(
                    "k", "n", "d", Kind.TYPED, question, (answer,), accept=tuple(accept),
                    language=language or "en",
                )  # fmt: skip
                asked.append((card, typed))
    rivals = tuple(dict.fromkeys(card.answers[0] for card, _ in asked))[:RIVALS]
    took = []
    for card, typed in asked:
        began = time.perf_counter()
        from sco_quiz.learning.checking import judge

        judge(card, typed, rivals=rivals)
        took.append((time.perf_counter() - began) * 1000)
    first, *others = took
    return {
        "count": len(took), "first": first,
        "p50": quantile(others, 0.5), "p99": quantile(others, 0.99),
    }  # fmt: skip
