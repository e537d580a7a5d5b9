"""Whatever an author does to a deck file, its cards keep their history."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from sco_quiz.learning.cards import Rating
from sco_quiz.learning.study_day import DAY_MS, Moment, study_day
from sco_quiz.studying.sessions import begin_study
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOON = int(datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp() * 1000)
NOTES = [
    "  - {question: What is the capital of Kazakhstan?, answer: Astana}\n",
    "  - {question: Which lake is the lowest on earth?, answer: Dead Sea}\n",
    '  - {text: "{{Dushanbe}} is the capital of {{Tajikistan}}."}\n',
    "  - {front: Uzbekistan, back: Tashkent, reverse: true}\n",
    "  - {statement: Bishkek lies in Uzbekistan., answer: false}\n",
]


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


def test_a_renamed_file_is_followed(author: Author) -> None:
    author.write("zentralasien", NOTES)
    (author.folder / "asia.yaml").unlink()
    assert author.workspace.refresh().kept == 7
    assert (author.new(), author.reviews()) == (0, 7)


@pytest.mark.parametrize("at_once", [True, False])
def test_a_note_moved_to_another_deck_is_followed(author: Author, at_once: bool) -> None:
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


def test_with_ids_everything_may_change_at_once(author: Author) -> None:
    author.write("asia", ["  - {id: x, question: What is one?, answer: 1}\n", *NOTES])
    author.workspace.refresh()
    author.study_everything()
    author.write("asia", ["  - {id: x, question: Entirely another thing?, answer: two}\n", *NOTES])
    author.workspace.refresh()
    assert (author.new(), author.reviews()) == (0, 8)


def test_it_works_without_the_index_too(home: Path, author: Author) -> None:
    author.workspace.close()
    (home / "cache" / "index.db").unlink()
    author.write("asia", [note.replace("What is the", "Name the") for note in NOTES])
    author.workspace = Workspace(clock=author.clock)
    assert author.workspace.refresh().kept == 1
    assert (author.new(), author.reviews()) == (0, 7)


def test_a_command_that_only_looks_leaves_the_relinking_to_the_next_that_writes(
    author: Author,
) -> None:
    author.write("asia", [note.replace("What is the", "Name the") for note in NOTES])
    with Workspace(clock=author.clock, read_only=True) as looking:
        looking.refresh()
    assert author.workspace.refresh().kept == 1
    assert author.workspace.refresh().kept == 0


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
def test_a_doubtful_pair_is_the_learners_to_decide_and_asked_about_once(
    author: Author, same: bool, new: int
) -> None:
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
