"""Whatever an author does to a deck file, its cards keep their history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING

import pytest

from sco_quiz.learning.cards import Rating
from sco_quiz.learning.study_day import DAY_MS, Moment, study_day
from sco_quiz.studying.sessions import begin_study
from sco_quiz.studying.undo import undo
from sco_quiz.workspace.cards import cards_of_deck
from sco_quiz.workspace.quick_counts import waiting
from sco_quiz.workspace.relinking import Relinker
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Rounds

NOON = int(datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp() * 1000)
NOTES = [
    "  - {question: What is the capital of Kazakhstan?, answer: Astana}\n",
    "  - {question: Which lake is the lowest on earth?, answer: Dead Sea}\n",
    '  - {text: "{{Dushanbe}} is the capital of {{Tajikistan}}."}\n',
    "  - {front: Uzbekistan, back: Tashkent, reverse: true}\n",
    "  - {statement: Bishkek lies in Uzbekistan., answer: false}\n",
]


TOWNS = ("Astana", "Tehran", "Delhi", "Beijing")
WORDINGS = (
    "What is the capital of {}?",
    "Name the capital of {}.",
    "Which town is the capital city of {}?",
    "From where is {} governed?",
)


@dataclass
class Note:
    """A note of a deck that is edited again and again."""

    deck: str
    wording: int
    land: str
    town: str

    def text(self) -> str:
        return (
            f'  - {{question: "{WORDINGS[self.wording].format(self.land)}", answer: {self.town}}}\n'
        )


def edit_at_random(note: Note, chance: Random) -> None:
    """Reword a note, move it, change its answer, or do several of these at once."""
    if chance.random() < 0.6:
        note.wording = chance.randrange(len(WORDINGS))
    if chance.random() < 0.4:
        note.deck = chance.choice(["asia", "orient", "towns"])
    if chance.random() < 0.2:
        note.town = chance.choice([*TOWNS, note.town + "s"])
    if chance.random() < 0.1:
        note.land += "ia"


def written(home: Path) -> tuple[bytes, int]:
    """The progress file, and when it was last changed."""
    path = home / "data" / "progress.db"
    return path.read_bytes(), path.stat().st_mtime_ns


def key_of_prompt(author: Author, prompt: str) -> str:
    """The key of the card of the author's decks that asks this."""
    db = author.workspace.progress.connection
    cards = [card for deck in author.own() for card in cards_of_deck(db, deck)]
    return next(card.key for card in cards if card.prompt == prompt)


class Author:
    """Writes deck files and studies them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True)
        self.at = NOON
        self.workspace = Workspace(clock=self.clock)

    def clock(self) -> Moment:
        return Moment(self.at, 0, study_day(self.at, 0, 4))

    def write(self, name: str, notes: list[str], header: str = "") -> None:
        text = f"deck: {name.capitalize()}\n{header}cards:\n{''.join(notes)}"
        (self.folder / f"{name}.yaml").write_text(text, encoding="utf-8")

    def study_everything(self) -> set[str]:
        """Answer every card, on as many days as siblings need; the prompts asked."""
        prompts = set()
        for _ in range(3):
            session = begin_study(self.workspace, self.own(), most_new=99)
            while session.question is not None:
                prompts.add(session.question.card.prompt)
                session.answer("")
                session.rate(Rating.EASY)
            session.end()
            self.at += DAY_MS
        return prompts

    def own(self) -> list[str]:
        return [deck.id for deck in self.workspace.agenda.decks() if not deck.shipped]

    def new(self) -> int:
        return len(self.workspace.agenda.today(self.own(), most_new=99).new)

    def reviews(self) -> int:
        """Cards of the present decks that have a history."""
        sql = (
            "SELECT count(*) FROM card_state s JOIN library.card c ON c.key = s.key"
            " JOIN temp.deck d ON d.file = c.file WHERE s.reps > 0"
        )
        count: int = self.workspace.progress.connection.execute(sql).fetchone()[0]
        return count


@pytest.fixture
def author(home: Path) -> Iterator[Author]:
    author = Author(home / "data" / "decks")
    author.write("asia", NOTES)
    author.workspace.refresh()
    assert len(author.study_everything()) == 7
    assert author.new() == 0
    yield author
    author.workspace.close()


def test_reworded_prompts_keep_their_history(author: Author) -> None:
    reworded = [
        note.replace("What is the", "Name the")
        .replace("Which lake is", "What is the name of the lake that is")
        .replace("Bishkek lies in", "Bishkek is in")
        .replace("the capital of {{Taj", "the capital city of {{Taj")
        for note in NOTES
    ]
    author.write("asia", reworded)
    refreshed = author.workspace.refresh()
    assert refreshed.in_words() == "5 edited cards kept their history"
    assert (author.new(), author.reviews()) == (0, 7)


def test_the_order_of_the_file_does_not_matter(author: Author) -> None:
    author.write("asia", NOTES[::-1])
    assert author.workspace.refresh().kept == 0
    assert (author.new(), author.reviews()) == (0, 7)


def test_answers_explanations_and_tags_can_be_changed_at_will(author: Author) -> None:
    changed = [
        note.replace("Dead Sea}", "the Dead Sea, explain: Salty, tags: [x]}") for note in NOTES
    ]
    author.write("asia", changed)
    assert author.workspace.refresh().kept == 0
    assert (author.new(), author.reviews()) == (0, 7)


def test_cards_of_a_renamed_file_keep_their_history(author: Author) -> None:
    author.write("zentralasien", NOTES)
    (author.folder / "asia.yaml").unlink()
    assert author.workspace.refresh().kept == 7
    assert (author.new(), author.reviews()) == (0, 7)


@pytest.mark.parametrize("at_once", [True, False])
def test_a_note_moved_to_another_deck_keeps_its_history(author: Author, at_once: bool) -> None:
    author.write("lakes", [NOTES[1]], "id: lakes\n")
    if not at_once:
        author.workspace.refresh()
    author.write("asia", [note for note in NOTES if note != NOTES[1]])
    author.workspace.refresh()
    assert (author.new(), author.reviews()) == (0, 7)


def test_ids_given_later_keep_every_history(author: Author) -> None:
    with_ids = [note.replace("- {", f"- {{id: note-{i}, ") for i, note in enumerate(NOTES)]
    author.write("asia", with_ids)
    assert author.workspace.refresh().kept == 7
    assert (author.new(), author.reviews()) == (0, 7)


def test_notes_with_ids_keep_their_history_whatever_changes(author: Author) -> None:
    author.write("asia", ["  - {id: x, question: What is one?, answer: 1}\n", *NOTES])
    author.workspace.refresh()
    author.study_everything()
    author.write("asia", ["  - {id: x, question: Entirely another thing?, answer: two}\n", *NOTES])
    author.workspace.refresh()
    assert (author.new(), author.reviews()) == (0, 8)


def test_edited_cards_keep_their_history_without_the_index_too(home: Path, author: Author) -> None:
    author.workspace.close()
    (home / "cache" / "index.db").unlink()
    author.write("asia", [note.replace("What is the", "Name the") for note in NOTES])
    author.workspace = Workspace(clock=author.clock)
    assert author.workspace.refresh().kept == 1
    assert (author.new(), author.reviews()) == (0, 7)


def test_reading_commands_see_edited_cards_with_their_history_and_write_nothing(
    home: Path, author: Author
) -> None:
    author.write("asia", [note.replace("What is the", "Name the") for note in NOTES])
    before = written(home)
    with Workspace(clock=author.clock, read_only=True) as looking:
        assert looking.refresh().kept == 1
        assert looking.agenda.today(author.own(), most_new=99).new == ()
        assert looking.refresh().kept == 1  # from the file again: nothing was written
        assert looking.relinker.orphans() == []
    assert written(home) == before
    assert author.workspace.refresh().kept == 1
    assert author.workspace.refresh().kept == 0


def test_vanished_cards_without_a_match_are_not_compared_again(
    home: Path, author: Author, monkeypatch: pytest.MonkeyPatch
) -> None:
    author.write("asia", NOTES[1:])
    assert waiting() is None
    with Workspace(read_only=True) as looking:
        looking.refresh()
    monkeypatch.setattr(Relinker, "orphans", None)
    with Workspace(read_only=True) as looking:
        looking.refresh()
        assert waiting() == sum(deck.counts.total for deck in looking.agenda.decks())


def test_due_short_counts_in_full_while_an_edited_card_is_not_relinked(
    author: Author,
) -> None:
    author.write("asia", [note.replace("What is the", "Name the") for note in NOTES])
    for _ in range(2):
        with Workspace(read_only=True) as looking:
            looking.refresh()
        assert waiting() is None
    author.workspace.refresh()
    assert waiting() is not None


@pytest.mark.parametrize("seed", range(3))
def test_reading_commands_agree_with_study_after_any_edits(
    home: Path, author: Author, rounds: Rounds, seed: int
) -> None:
    chance = Random(seed)
    notes = [
        Note("asia", 0, f"{land}", town)
        for land, town in zip(("Kazakhstan", "Iran", "India", "China"), TOWNS, strict=True)
    ]
    for _ in range(rounds(8, 40, "edits of decks: who only looks sees what study has")):
        for note in chance.sample(notes, chance.randint(1, 3)):
            edit_at_random(note, chance)
        if chance.random() < 0.3:
            for note in notes:
                note.deck = {"asia": "orient", "orient": "asia"}.get(note.deck, note.deck)
        for deck in ("asia", "orient", "towns"):
            author.write(deck, [note.text() for note in notes if note.deck == deck])
        before = written(home)
        with Workspace(clock=author.clock, read_only=True) as looking:
            kept = looking.refresh()[1:]
            seen = looking.agenda.decks(), looking.agenda.today([])
        assert written(home) == before
        assert author.workspace.refresh()[1:] == kept
        assert (author.workspace.agenda.decks(), author.workspace.agenda.today([])) == seen
        session = begin_study(author.workspace, author.own(), most_new=2)
        if session.question is not None:
            session.answer("")
            session.rate(Rating.EASY)
        session.end()
        author.at += DAY_MS


@pytest.mark.parametrize("header", ["", "id: elsewhere\n"])
def test_the_learner_decides_on_a_note_moved_and_reworded_at_once(
    author: Author, header: str
) -> None:
    """A note went to another deck, or the id of its deck changed with it."""
    moved = NOTES[1].replace("Which lake is", "Name the lake that is")
    author.write("asia" if header else "lakes", [moved], header)
    if not header:
        author.write("asia", [note for note in NOTES if note != NOTES[1]])
    assert author.workspace.refresh().doubtful == 1
    (pair,) = author.workspace.relinker.doubtful()
    assert pair.old.answer == pair.new.answer == "Dead Sea"
    assert pair.old.deck != pair.new.deck
    before = author.reviews()
    author.workspace.relinker.decide(pair, same=True)
    assert author.reviews() == before + 1


def test_any_history_without_a_card_can_be_joined_to_any_card_and_separated_again(
    author: Author,
) -> None:
    author.write("asia", [*NOTES[1:], "  - {question: Who wrote Manas?, answer: nobody knows}\n"])
    assert author.workspace.refresh().doubtful == 0
    (orphan,) = author.workspace.relinker.orphans()
    new = key_of_prompt(author, "Who wrote Manas?")
    assert author.workspace.relinker.join(orphan.key, new)
    assert (author.new(), author.reviews(), author.workspace.relinker.orphans()) == (0, 7, [])
    assert not author.workspace.relinker.join(orphan.key, new)
    undone = undo(author.workspace)
    assert undone is not None
    assert undone.words == "the joining of a card with a history"
    assert author.workspace.relinker.orphans() == [orphan]
    assert (author.new(), author.reviews()) == (1, 6)
    assert undo(author.workspace) != undone


def test_a_card_with_a_history_can_be_joined_too_and_then_both_count(author: Author) -> None:
    author.write("asia", NOTES[1:])
    author.workspace.refresh()
    (orphan,) = author.workspace.relinker.orphans()
    key = key_of_prompt(author, "Which lake is the lowest on earth?")
    progress = author.workspace.progress
    before = progress.state(key).reps, progress.state(orphan.key).reps
    assert author.workspace.relinker.join(orphan.key, key)
    assert (progress.state(key).reps, progress.state(orphan.key).reps) == (sum(before), 0)
    undo(author.workspace)
    assert (progress.state(key).reps, progress.state(orphan.key).reps) == before


def test_only_a_history_without_a_card_is_joined_and_only_to_a_card_that_is_there(
    author: Author,
) -> None:
    author.write("asia", NOTES[1:])
    author.workspace.refresh()
    (orphan,) = author.workspace.relinker.orphans()
    key = key_of_prompt(author, "Which lake is the lowest on earth?")
    assert not author.workspace.relinker.join(orphan.key, orphan.key)
    assert not author.workspace.relinker.join(key, key)
    assert not author.workspace.relinker.join("nothing", key)


@pytest.mark.parametrize("same", [True, False])
def test_an_undone_decision_is_asked_for_again(author: Author, same: bool) -> None:
    author.write(
        "asia",
        [
            note.replace("Kazakhstan?, answer: Astana", "Mongolia?, answer: Ulan Bator")
            for note in NOTES
        ],
    )
    author.workspace.refresh()
    (pair,) = author.workspace.relinker.doubtful()
    author.workspace.relinker.decide(pair, same=same)
    assert undo(author.workspace) is not None
    assert author.workspace.relinker.doubtful() == [pair]
    assert (author.new(), author.reviews()) == (1, 6)
    with Workspace(clock=author.clock) as later:
        assert later.refresh().in_words() == "1 needs you"


def test_a_pair_separated_by_undo_is_never_joined_automatically(author: Author) -> None:
    author.write("asia", NOTES[1:])
    author.workspace.refresh()
    reworded = NOTES[0].replace("What is the", "Name the")
    author.write("lakes", [reworded], "id: asia2\n")
    assert author.workspace.refresh().doubtful == 1
    (pair,) = author.workspace.relinker.doubtful()
    author.workspace.relinker.join(*[face.key for face in pair])
    undo(author.workspace)
    author.write("lakes", [reworded, *NOTES[1:2]], "id: asia2\n")
    assert author.workspace.refresh()[1:] == (0, 1)


def test_undo_passes_over_automatic_relinks(author: Author) -> None:
    last = author.workspace.progress.last_undoable()
    author.write("asia", [note.replace("What is the", "Name the") for note in NOTES])
    assert author.workspace.refresh().kept == 1
    assert author.workspace.progress.last_undoable() == last


def test_a_vanished_card_keeps_its_history_and_comes_back_with_it(author: Author) -> None:
    author.write("asia", NOTES[:-1])
    author.workspace.refresh()
    (orphan,) = author.workspace.relinker.orphans()
    assert orphan.prompt == "Bishkek lies in Uzbekistan."
    author.write("asia", NOTES)
    author.workspace.refresh()
    assert author.workspace.relinker.orphans() == []
    assert (author.new(), author.reviews()) == (0, 7)


@pytest.mark.parametrize(("same", "new"), [(True, 0), (False, 1)])
def test_the_learner_decides_once_on_a_doubtful_pair(author: Author, same: bool, new: int) -> None:
    author.write(
        "asia",
        [
            note.replace("Kazakhstan?, answer: Astana", "Mongolia?, answer: Ulan Bator")
            for note in NOTES
        ],
    )
    assert author.workspace.refresh().in_words() == "1 needs you"
    (pair,) = author.workspace.relinker.doubtful()
    assert (pair.old.answer, pair.new.answer) == ("Astana", "Ulan Bator")
    author.workspace.relinker.decide(pair, same=same)
    assert author.workspace.relinker.doubtful() == []
    assert author.new() == new
    author.write("asia", (author.folder / "asia.yaml").read_text().splitlines(keepends=True)[2:])
    assert author.workspace.refresh().doubtful == 0


def test_a_broken_file_loses_nothing(author: Author) -> None:
    (author.folder / "asia.yaml").write_text("deck: [", encoding="utf-8")
    assert author.workspace.refresh().in_words() == ""
    assert author.workspace.relinker.orphans() == []
    author.write("asia", NOTES)
    author.workspace.refresh()
    assert (author.new(), author.reviews()) == (0, 7)
