"""Shipped decks that are to be changed without the app: a copy is offered, and changed instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Call = Callable[..., tuple[int, str, str]]
    Type = Callable[..., str]

DECK = "sco-essentials"
ASKED = "SCO essentials came with the app."


@pytest.fixture
def copy(home: Path) -> Path:
    """The file of the copy, once there is one."""
    return home / "data" / "decks" / "1-sco-essentials.yaml"


@pytest.fixture
def typed(call: Call) -> None:
    """The first card is typed at once."""
    assert call("config", f"deck.{DECK}.ramp", "false")[0] == 0


def reviews(home: Path) -> int:
    with Workspace(read_only=True) as workspace:
        workspace.refresh()
        ((count,),) = workspace.progress.query("SELECT count(*) FROM review")
        return int(count)


@pytest.mark.usefixtures("typed")
def test_an_accepted_answer_is_written_to_a_copy_after_the_learner_agrees(
    type_lines: Type, copy: Path, home: Path
) -> None:
    said = type_lines(
        "study", "--plain", DECK, lines="The SCO club\n:+\nwell\ny\n\nThe city\n:+\n\n:q\n"
    )
    assert said.count(ASKED) == 1
    assert "Answer y for yes, n for no." in said
    assert f"Your copy: {copy}" in said
    assert said.index("wrong: Shanghai Cooperation Organisation") < said.index(ASKED)
    assert said[said.index(str(copy)) :].count("correct\n") == 2
    assert "2 answered, 2 recalled." in said
    assert "accept: [The SCO club]" in copy.read_text()
    assert "accept: [The city]" in copy.read_text()
    assert reviews(home) == 2


@pytest.mark.usefixtures("typed")
def test_a_shipped_deck_stays_unchanged_if_the_learner_wants_no_copy(
    type_lines: Type, copy: Path, home: Path
) -> None:
    said = type_lines("study", "--plain", DECK, lines="The SCO club\n:+\nn\n\n:q\n")
    assert "It stays as it is." in said
    assert "1 answered, 0 recalled." in said
    assert not copy.exists()
    assert reviews(home) == 1


@pytest.mark.usefixtures("typed")
def test_without_a_terminal_the_message_names_the_command_that_copies(
    call: Call, copy: Path
) -> None:
    _, said, _ = call("study", "--plain", DECK, lines="The SCO club\n:+\n\n:q\n")
    assert f"`sco-quiz edit --copy {DECK}`" in said
    assert "1 answered" in said
    assert not copy.exists()


def test_tags_are_written_to_copies_after_the_learner_agrees(
    type_lines: Type, call: Call, copy: Path
) -> None:
    said = type_lines("cards", f"deck:{DECK}", "--tag", "x", lines="y\n")
    assert "24 notes" in said
    assert copy.read_text().count("tags: [basics, x]") > 3
    code, _, err = call("cards", "deck:sco-timeline", "--tag", "x")
    assert (code, "came with the app" in err) == (1, True)
