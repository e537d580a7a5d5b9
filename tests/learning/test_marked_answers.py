"""The checker against a teacher: typed answers that were marked by hand, domain by domain."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.learning.cards import Card
from sco_quiz.learning.checking import Verdict, judge
from sco_quiz.learning.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

MARKS = Path(__file__).parent / "answers"
COLUMNS = ["question", "expected", "language", "rivals", "flags", "typed", "verdict"]
KINDNESS = [Verdict.WRONG, Verdict.CLOSE, Verdict.CORRECT]
LEAST_AGREEMENT = 0.985
MOST_KINDER = 0.003


class MarkedAnswer(NamedTuple):
    domain: str
    card: Card
    rivals: tuple[str, ...]
    typed: str
    verdict: Verdict

    def judged(self) -> Verdict:
        return judge(self.card, self.typed, rivals=self.rivals).verdict or Verdict.WRONG


def marked_answers() -> list[MarkedAnswer]:
    answers = []
    for file in sorted(MARKS.glob("*.tsv")):
        header, *lines = file.read_text(encoding="utf-8").strip("\n").split("\n")
        assert header.split("\t") == COLUMNS
        answers += [_marked_answer(file.stem, line) for line in lines if not line.startswith("# ")]
    return answers


def _marked_answer(domain: str, line: str) -> MarkedAnswer:
    cells = line.replace("⍽", "\u00a0").split("\t")
    question, expected, language, rivals, flags, typed, verdict = cells
    answer, *accept = expected.split(" | ")
    category = next((flag[9:] for flag in flags.split() if flag.startswith("category=")), "")
    card = Card(
        key="card",
        note="note",
        deck=domain,
        kind=Kind.TYPED,
        prompt=question,
        answers=(answer,),
        accept=tuple(accept),
        strict="strict" in flags.split(),
        language=language or "en",
        category=category,
    )
    others = tuple(rivals.split(" | ")) if rivals else ()
    return MarkedAnswer(domain, card, others, typed, Verdict(verdict))


def test_typed_answers_are_judged_as_a_teacher_marked_them(proved: Callable[[str], None]) -> None:
    marked, agreed, kinder = Counter[str](), Counter[str](), Counter[str]()
    for answer in marked_answers():
        given = answer.judged()
        marked[answer.domain] += 1
        agreed[answer.domain] += given is answer.verdict
        kinder[answer.domain] += KINDNESS.index(given) > KINDNESS.index(answer.verdict)
    for domain, count in marked.items():
        harsher = count - agreed[domain] - kinder[domain]
        proved(
            f"{agreed[domain] / count:6.1%} of {count} answers in {domain} judged as marked;"
            f" {kinder[domain]} kinder, {harsher} harsher"
        )
    total = marked.total()
    proved(f"{agreed.total() / total:6.1%} of {total:,} marked answers in all judged as marked")
    assert total >= 1_700
    assert len(marked) >= 20
    assert agreed.total() / total >= LEAST_AGREEMENT
    assert kinder.total() / total <= MOST_KINDER


def test_every_domain_has_right_and_wrong_answers() -> None:
    verdicts = {(answer.domain, answer.verdict) for answer in marked_answers()}
    for domain in {domain for domain, _ in verdicts}:
        assert (domain, Verdict.CORRECT) in verdicts
        assert (domain, Verdict.WRONG) in verdicts
