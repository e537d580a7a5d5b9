"""The learner's own editor opens at the right line."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from sco_quiz.editor import command, open_in_editor
from sco_quiz.errors import UsageError

FILE = Path("/decks/a b.yaml")


@pytest.fixture(autouse=True)
def _no_editor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)


@pytest.mark.parametrize(
    ("editor", "words"),
    [
        ("vim", ["vim", "+7", "/decks/a b.yaml"]),
        ("/usr/bin/nvim -p", ["/usr/bin/nvim", "-p", "+7", "/decks/a b.yaml"]),
        ("nano", ["nano", "+7", "/decks/a b.yaml"]),
        ("emacsclient -nw", ["emacsclient", "-nw", "+7", "/decks/a b.yaml"]),
        ("code", ["code", "--wait", "-g", "/decks/a b.yaml:7"]),
        ("code -w -n", ["code", "-w", "-n", "-g", "/decks/a b.yaml:7"]),
        ("hx", ["hx", "/decks/a b.yaml:7"]),
        ("subl", ["subl", "--wait", "/decks/a b.yaml:7"]),
        ("'my editor' --x", ["my editor", "--x", "/decks/a b.yaml"]),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="paths are written otherwise")
def test_each_editor_opens_at_the_line_by_its_own_option(
    editor: str, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", editor)
    assert command(FILE, 7) == words


def test_visual_is_preferred_to_editor_and_an_empty_one_does_not_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EDITOR", "nano")
    assert command(FILE)[0] == "nano"
    monkeypatch.setenv("VISUAL", "vim")
    assert command(FILE)[0] == "vim"
    monkeypatch.setenv("VISUAL", " ")
    assert command(FILE)[0] == "nano"


def test_without_a_choice_the_usual_editor_opens() -> None:
    assert command(FILE)[0] in {"vi", "notepad"}


def test_a_missing_editor_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "no-such-editor --fast")
    with pytest.raises(UsageError, match="'no-such-editor' cannot be started") as caught:
        open_in_editor(FILE)
    assert "$VISUAL" in caught.value.help


@pytest.mark.skipif(os.name == "nt", reason="quotes are not paired there")
def test_an_unusable_editor_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", "vim '")
    with pytest.raises(UsageError, match=r"\$EDITOR cannot be understood"):
        command(FILE)


def test_the_app_waits_for_the_editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "edit.py"
    script.write_text("import sys, pathlib; pathlib.Path(sys.argv[1]).write_text('done')")
    deck = tmp_path / "deck.yaml"
    monkeypatch.setenv("EDITOR", f'"{sys.executable}" "{script}"')
    open_in_editor(deck)
    assert deck.read_text() == "done"
