"""Line mode names images and recordings, and opens them when asked."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from sco_quiz import programs
from sco_quiz.errors import UsageError
from sco_quiz.plain import quizzing, studying
from sco_quiz.studying.quizzes import begin_quiz
from sco_quiz.studying.sessions import begin_study
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Talk = Callable[..., str]

PNG = b"\x89PNG\r\n\x1a\n"
DECK = """\
deck: Media
cards:
  - question: Whose flag is this?
    image: flag.png
    answer: Kazakhstan
    answer_audio: says.mp3
  - question: What do you hear?
    audio: gone.mp3
    answer: Nothing
"""


@pytest.fixture
def workspace(home: Path, decks_folder: Path) -> Iterator[Workspace]:
    (decks_folder / "media.yaml").write_text(DECK, encoding="utf-8")
    (decks_folder / "flag.png").write_bytes(PNG)
    (decks_folder / "arms.png").write_bytes(PNG)
    (decks_folder / "says.mp3").write_bytes(b"ID3")
    with Workspace() as workspace:
        workspace.refresh()
        yield workspace


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was opened."""
    names: list[str] = []
    monkeypatch.setattr(programs, "view", lambda path: names.append(f"view {path.name}"))
    monkeypatch.setattr(programs, "play", lambda path: names.append(f"play {path.name}"))
    return names


@pytest.fixture
def talk(workspace: Workspace) -> Talk:
    def study(*lines: str) -> str:
        target = io.StringIO()
        source = io.StringIO("".join(f"{line}\n" for line in lines))
        studying.study(begin_study(workspace, ["media"]), workspace, source=source, target=target)
        return target.getvalue()

    return study


def test_images_and_recordings_are_named_and_opened_by_commands(
    talk: Talk, opened: list[str]
) -> None:
    said = talk(":i", ":a", "Kazakhstan", ":a", ":i", "", ":q")
    assert "Whose flag is this?\nimage: flag.png (:i opens it)\n" in said
    assert "Opened flag.png." in said
    assert "There is nothing to hear." in said
    assert "correct\naudio: says.mp3 (:a plays it)\n" in said
    assert "Playing says.mp3." in said
    assert opened == ["view flag.png", "play says.mp3", "view flag.png"]


def test_several_images_are_named_and_opened_in_turn(
    decks_folder: Path, workspace: Workspace, talk: Talk, opened: list[str]
) -> None:
    images = "[flag.png, gone.png, arms.png]"
    deck = DECK.replace("image: flag.png", f"image: {images}\n    answer_image: [arms.png]")
    (decks_folder / "media.yaml").write_text(deck, encoding="utf-8")
    workspace.refresh()
    said = talk(":i", "Kazakhstan", ":i", "", ":q")
    assert "Whose flag is this?\nimages: flag.png, gone.png, arms.png (:i opens them)\n" in said
    assert "Opened flag.png.\ngone.png cannot be read (No such file" in said
    assert "correct\nimage: arms.png (:i opens it)\n" in said
    assert opened == ["view flag.png", "view arms.png", "view arms.png"]


def test_media_are_opened_only_on_request(talk: Talk, opened: list[str]) -> None:
    talk("Kazakhstan", "", "Nothing", "")
    assert opened == []


def test_media_that_cannot_be_opened_are_reported_and_study_continues(
    talk: Talk, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_viewer(_: Path) -> None:
        raise UsageError("there is no viewer here", "install one")

    monkeypatch.setattr(programs, "view", no_viewer)
    said = talk(":i", "Kazakhstan", "", ":a", ":i", "Nothing", "")
    assert "there is no viewer here; install one" in said
    assert "gone.mp3 cannot be read (No such file or directory); see whether" in said
    assert "There is no image." in said
    assert "2 answered, 2 recalled." in said
    assert opened == []


def test_a_quiz_opens_images_and_recordings_by_commands_too(
    workspace: Workspace, opened: list[str]
) -> None:
    target = io.StringIO()
    quiz = begin_quiz(workspace, ["media"])
    lines = ":i\n:a\n:?\n\n" * 2
    quizzing.take_quiz(quiz, workspace, source=io.StringIO(lines), target=target)
    assert opened == ["view flag.png"]
    assert "There is nothing to hear." in target.getvalue()
    assert ":i open the image" in target.getvalue()
