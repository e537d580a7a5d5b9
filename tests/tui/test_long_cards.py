"""Cards that need more room than there is: the question first, then the verdict, are in view."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sco_quiz.learning.kinds import Kind
from sco_quiz.tui.screens.study import StudyScreen

if TYPE_CHECKING:
    from sco_quiz.learning.cards import Card
    from tests.tui.conftest import Open, Opened


def length(card: Card) -> int:
    return sum(map(len, (card.prompt, *card.answers, *card.choices, card.explain, card.source)))


@pytest.mark.parametrize("kind", Kind)
async def test_the_longest_shipped_cards_show_question_and_verdict_in_a_small_terminal(
    opened: Open, home: Path, kind: Kind
) -> None:
    never_as_choices(home)
    async with opened((60, 18), everything=True) as app:
        screen = app.app.screen
        assert isinstance(screen, StudyScreen)
        session = screen.session
        cards: list[Card] = []
        while session.question is not None:
            if session.question.card.kind is kind:
                cards.append(session.question.card)
            session._advance()
        longest = sorted(cards, key=length)[-2:]
        assert longest
        for card in longest:
            session._queue.first(card.key)
            session._advance()
            screen._ask()
            await app.settle()
            assert card.prompt.replace("*", "")[:30] in app.frame
            await answer_wrongly(app, card)
            assert "4 Easy" in app.frame
            if kind is not Kind.BASIC:
                assert any(sign in app.frame for sign in ("✓ correct", "✗ wrong", "≈ close"))


def never_as_choices(home: Path) -> None:
    """Have each typed card typed from the first time on."""
    shipped = Path(__file__).parents[2] / "decks"
    ids = [line[4:] for deck in shipped.iterdir() for line in deck.read_text("utf-8").splitlines()
           if line.startswith("id: ")]  # fmt: skip
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text(
        "".join(f"[deck.{name}]\nramp = false\n" for name in ids), encoding="utf-8"
    )


async def answer_wrongly(app: Opened, card: Card) -> None:
    match card.kind:
        case Kind.BASIC:
            await app.press("enter")
        case Kind.CHOICE | Kind.TRUE_FALSE:
            await app.press("1")
        case Kind.MULTI:
            await app.press("1", "2", "3", "4", "enter")
        case Kind.ORDER:
            await app.press(*"123456789"[: len(card.answers)], "enter")
        case Kind.LIST:
            await app.type("something else\n\n")
        case _:
            await app.type("something else\n")


async def test_the_option_under_the_cursor_is_always_in_view(
    opened: Open, decks_folder: Path
) -> None:
    choices = ", ".join(f"choice number {number}" for number in range(30))
    (decks_folder / "many.yaml").write_text(
        f"deck: Many\ncards:\n  - question: Which?\n    answer: the right one\n"
        f"    choices: [{choices}]\n",
        encoding="utf-8",
    )
    async with opened((60, 18), deck="many") as app:
        assert "Which?" in app.frame
        screen = app.app.screen
        assert isinstance(screen, StudyScreen)
        question = screen.session.question
        assert question is not None
        for option in question.options[1:]:
            await app.press("down")
            assert option in app.frame
