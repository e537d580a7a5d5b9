"""Drafts are private, bounded, whole, and never written over by another program."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest

from sco_quiz.authoring import drafts
from sco_quiz.authoring.drafts import Draft, DraftFile, EditedNote, describe_drafts, take_up_draft
from sco_quiz.authoring.notes import Authoring
from sco_quiz.errors import DeckError
from sco_quiz.learning.cards import Rating
from sco_quiz.learning.kinds import Kind
from sco_quiz.studying.sessions import begin_study
from sco_quiz.workspace.cards import cards_of_deck
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sco_quiz.authoring.notes import NoteText

DECK = """\
deck: Capitals
id: capitals
cards:
  - {question: Capital of Kyrgyzstan?, answer: Bishkek}
  - {question: Capital of Kazakhstan?, answer: Astana}
"""


@pytest.fixture
def deck(decks_folder: Path) -> Path:
    path = decks_folder / "capitals.yaml"
    path.write_text(DECK, encoding="utf-8")
    return path


@pytest.fixture
def workspace(home: Path, deck: Path) -> Iterator[Workspace]:
    assert deck.is_relative_to(home)
    with Workspace() as opened:
        opened.refresh()
        yield opened


def draft(text: str, form: str = "note", note: EditedNote | None = None) -> Draft:
    return Draft(form, {"question": text}, note)


def keep(file: DraftFile, kept: Draft | None) -> None:
    file.hold(kept)
    file.write()


def notes(workspace: Workspace) -> list[NoteText]:
    cards = cards_of_deck(workspace.progress.connection, "capitals")
    return [Authoring(workspace).note_of(card) for card in cards]


def offered(workspace: Workspace, note: NoteText | None = None) -> str | None:
    found = take_up_draft(workspace, "note", note).draft
    return found.texts["question"] if found else None


def files(workspace: Workspace) -> list[Path]:
    return sorted(workspace.paths.drafts_folder.glob("*"))


def test_only_its_owner_can_read_a_draft_and_dropping_it_deletes_its_file(
    workspace: Workspace,
) -> None:
    assert describe_drafts(workspace) == ""
    file = take_up_draft(workspace, "note")
    for text in ("one", "two", "three"):
        keep(file, draft(text))
    assert offered(workspace) == "three"
    (path,) = files(workspace)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    keep(file, None)
    assert files(workspace) == []
    assert offered(workspace) is None


def test_an_unchanged_draft_is_not_written_twice(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = take_up_draft(workspace, "note")
    keep(file, draft("one"))
    monkeypatch.setattr(DraftFile, "_put", lambda *_: pytest.fail("written again"))
    keep(file, draft("one"))


def test_a_form_offers_only_drafts_of_its_own_sort(workspace: Workspace) -> None:
    keep(take_up_draft(workspace, "deck"), draft("a title", form="deck"))
    assert offered(workspace) is None
    assert take_up_draft(workspace, "deck").draft == draft("a title", form="deck")


def test_two_programs_never_write_over_each_others_drafts(workspace: Workspace) -> None:
    first, second = take_up_draft(workspace, "note"), take_up_draft(workspace, "note")
    keep(first, draft("of the first"))
    keep(second, draft("of the second"))
    third = take_up_draft(workspace, "note")
    assert third.draft == draft("of the second")
    keep(third, draft("gone on elsewhere"))
    keep(second, draft("gone on here"))
    texts = "".join(path.read_text("utf-8") for path in files(workspace))
    assert len(files(workspace)) == 3
    for text in ("of the first", "gone on elsewhere", "gone on here"):
        assert f'"{text}"' in texts
    keep(second, None)
    keep(first, None)
    assert offered(workspace) == "gone on elsewhere"


def test_a_form_saves_its_draft_again_after_another_program_dropped_it(
    workspace: Workspace,
) -> None:
    first = take_up_draft(workspace, "note")
    keep(first, draft("one"))
    keep(take_up_draft(workspace, "note"), None)
    assert files(workspace) == []
    keep(first, draft("two"))
    assert offered(workspace) == "two"


def test_only_the_newest_drafts_are_kept(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "MOST", 3)
    for number in range(5):
        keep(DraftFile(workspace.paths.drafts_folder), draft(str(number)))
        os.utime(next(path for path in files(workspace) if f'"{number}"' in path.read_text()),
                 ns=(0, number + 1))  # fmt: skip
    kept = {path.read_text("utf-8") for path in files(workspace)}
    assert len(kept) == 3
    assert all(any(f'"{number}"' in text for text in kept) for number in (2, 3, 4))


def test_a_draft_that_is_too_long_is_refused_and_the_last_one_stays(workspace: Workspace) -> None:
    file = take_up_draft(workspace, "note")
    keep(file, draft("short"))
    with pytest.raises(DeckError, match="too long"):
        keep(file, draft("x" * drafts.MOST_BYTES))
    assert offered(workspace) == "short"


def test_an_unwritable_drafts_folder_is_reported(workspace: Workspace) -> None:
    workspace.paths.drafts_folder.write_text("a file", "utf-8")
    with pytest.raises(DeckError, match="cannot be kept"):
        keep(take_up_draft(workspace, "note"), draft("one"))
    assert not describe_drafts(workspace)


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b'{"form": 3, "texts": {}}', b"\xff\xfe", b"x" * (1 << 20) + b"xx"]
)
def test_files_that_are_not_drafts_are_skipped_and_left_as_they_are(
    workspace: Workspace, data: bytes
) -> None:
    keep(take_up_draft(workspace, "note"), draft("mine"))
    other = workspace.paths.drafts_folder / "other.json"
    other.write_bytes(data)
    assert offered(workspace) == "mine"
    keep(take_up_draft(workspace, "note"), None)
    assert other.read_bytes() == data


def test_the_newest_text_is_on_disk_whichever_thread_writes(workspace: Workspace) -> None:
    file = take_up_draft(workspace, "note")

    def write(name: int) -> None:
        for number in range(20):
            file.hold(draft(f"{name} {number}"))
            file.write()

    threads = [threading.Thread(target=write, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    keep(file, draft("the last"))
    assert offered(workspace) == "the last"
    assert len(files(workspace)) == 1


def test_the_draft_of_a_note_is_offered_for_that_note_alone(workspace: Workspace) -> None:
    one, other = notes(workspace)
    keep(take_up_draft(workspace, "note", one), draft("changed", note=EditedNote.of(one)))
    assert (offered(workspace, one), offered(workspace, other)) == ("changed", None)
    assert offered(workspace) is None


def test_the_draft_of_a_note_follows_it_when_it_is_reworded(
    workspace: Workspace, deck: Path
) -> None:
    one, _ = notes(workspace)
    keep(take_up_draft(workspace, "note", one), draft("changed", note=EditedNote.of(one)))
    deck.write_text(DECK.replace("Capital of Kyrgyzstan", "The capital of Kyrgyzstan"), "utf-8")
    workspace.refresh()
    one, other = notes(workspace)
    assert (offered(workspace, one), offered(workspace, other)) == ("changed", None)


def test_the_draft_of_a_studied_note_follows_it_to_its_new_key(
    workspace: Workspace, deck: Path
) -> None:
    one, _ = notes(workspace)
    session = begin_study(workspace, ["capitals"])
    while session.question is not None:
        session.answer("")
        session.rate(Rating.EASY)
    keep(take_up_draft(workspace, "note", one), draft("changed", note=EditedNote.of(one)))
    deck.write_text(
        DECK.replace("Kyrgyzstan?, answer: Bishkek", "Kyrgyzstan now?, answer: Bishkeks"),
        "utf-8",
    )
    workspace.refresh()
    one, other = notes(workspace)
    assert (offered(workspace, one), offered(workspace, other)) == ("changed", None)


def test_the_draft_of_a_removed_note_is_offered_for_a_new_note_until_the_old_one_is_back(
    workspace: Workspace, deck: Path
) -> None:
    one, _ = notes(workspace)
    keep(take_up_draft(workspace, "note", one), draft("changed", note=EditedNote.of(one)))
    lines = DECK.splitlines(keepends=True)
    deck.write_text("".join(lines[:3] + lines[4:]), "utf-8")
    workspace.refresh()
    assert offered(workspace) == "changed"
    assert offered(workspace, notes(workspace)[0]) is None
    deck.write_text(DECK, "utf-8")
    workspace.refresh()
    assert offered(workspace) is None
    assert offered(workspace, notes(workspace)[0]) == "changed"


def test_a_note_in_a_deck_with_a_mistake_does_not_count_as_removed(
    workspace: Workspace, deck: Path
) -> None:
    one, _ = notes(workspace)
    keep(take_up_draft(workspace, "note", one), draft("changed", note=EditedNote.of(one)))
    deck.write_text(DECK + "  - {question: Open\n", "utf-8")
    workspace.refresh()
    assert offered(workspace) is None


def test_a_draft_says_the_same_when_it_is_read_again(workspace: Workspace) -> None:
    note = EditedNote("d", Kind.LIST, {"list": "a\nb", "question": "\u202e\x1b[31m"}, ("k", "l"))
    kept = Draft("note", {"question": "línea\n二\t\x00", "kind": "list"}, note)
    keep(DraftFile(workspace.paths.drafts_folder), kept)
    assert take_up_draft(workspace, "note").draft == kept


def test_a_kept_draft_is_described_by_its_question(workspace: Workspace) -> None:
    keep(take_up_draft(workspace, "note"), draft("Where \x1b[31mis *it*?\n" + "x" * 99))
    assert describe_drafts(workspace) == (
        "Not saved, but kept: “Where ␛[31mis it? " + "x" * 41 + "…”; the form goes on with it."
    )
    one, _ = notes(workspace)
    keep(take_up_draft(workspace, "note", one), draft("changed", note=EditedNote.of(one)))
    assert describe_drafts(workspace) == (
        "Not saved, but kept: “Capital of Kyrgyzstan?”, and 1 more text; edit the card to go on."
    )


def test_a_new_deck_is_described_by_its_title(workspace: Workspace) -> None:
    keep(take_up_draft(workspace, "deck"), Draft("deck", {"title": "Rivers", "description": ""}))
    assert "“Rivers”" in describe_drafts(workspace)
