from __future__ import annotations

from sco_quiz.learning.cards import Card
from sco_quiz.learning.kinds import Kind
from sco_quiz.learning.leeches import Leech, is_leech


def leech(prompt: str) -> Leech:
    return Leech(Card("k", "n", "d", Kind.BASIC, prompt, ("back",)), 12)


def test_a_card_is_a_leech_at_eight_lapses_and_then_at_every_fourth() -> None:
    assert [lapses for lapses in range(30) if is_leech(lapses)] == [8, 12, 16, 20, 24, 28]
    assert [lapses for lapses in range(12) if is_leech(lapses, 5)] == [5, 8, 11]
    assert [lapses for lapses in range(4) if is_leech(lapses, 1)] == [1, 2, 3]
    assert not any(is_leech(lapses, 0) for lapses in range(30))


def test_a_leech_is_reported_with_advice() -> None:
    assert leech("**Uzbekistan**").in_words("!") == (
        "“Uzbekistan” was forgotten 12 times: reword it, or suspend it with ! when it comes back."
    )


def test_a_long_prompt_is_shortened_to_one_line() -> None:
    told = leech("word\n" * 50).in_words(":s")
    assert "\n" not in told
    assert told.startswith("“word word ")
    assert "…” was forgotten" in told
    assert len(told) < 140
