"""Limits of new cards: of each deck, and of all decks together."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from sco_quiz.errors import UsageError
from sco_quiz.learning.card_queue import Counts
from sco_quiz.learning.cards import CardState, Rating, State
from sco_quiz.learning.study_day import DAY_MS
from sco_quiz.library.decks import read_deck
from sco_quiz.progress import log
from sco_quiz.studying.sessions import begin_study
from sco_quiz.workspace import candidates, quick_counts
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import FakeClock


def write_deck(folder: Path, name: str, cards: int = 12, header: str = "") -> None:
    notes = "".join(f"- {{front: {name} {number}, back: b}}\n" for number in range(cards))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.yaml").write_text(f"deck: {name}\n{header}cards:\n{notes}")


def configure(home: Path, text: str) -> None:
    (home / "config").mkdir(exist_ok=True)
    (home / "config" / "config.toml").write_text(text)


def new_by_deck(workspace: Workspace) -> dict[str, tuple[int, int]]:
    """How many new cards are given out to each deck, and held back."""
    return {
        deck: (counts.new, counts.held)
        for deck, counts in workspace.agenda.counts().items()
        if counts.new or counts.held
    }


def test_a_day_brings_fifteen_new_cards_to_the_shipped_decks_in_their_order(home: Path) -> None:
    with Workspace() as workspace:
        workspace.refresh()
        decks = [deck.counts for deck in workspace.agenda.decks()]
        assert [each.new for each in decks] == [10, 5, *[0] * 6]
        assert [each.held for each in decks] == [0, 5, *[10] * 6]
        assert len(workspace.agenda.today().new) == 15
    assert quick_counts.waiting() == 15


def test_own_decks_come_before_the_shipped_ones(decks_folder: Path, home: Path) -> None:
    write_deck(decks_folder, "b", 3)
    write_deck(decks_folder, "a")
    configure(home, "new_in_all = 14\n")
    with Workspace() as workspace:
        workspace.refresh()
        given = new_by_deck(workspace)
        assert (given.pop("a"), given.pop("b")) == ((10, 0), (3, 0))
        assert [new for new, _ in given.values()] == [1, *[0] * 7]
        asked = [card.deck for card in workspace.agenda.today().new]
        assert asked[:13] == ["a"] * 10 + ["b"] * 3


@pytest.mark.parametrize("seed", range(5))
def test_decks_with_new_cards_are_found_wherever_these_stand_among_the_begun_ones(
    decks_folder: Path, home: Path, seed: int
) -> None:
    dice = random.Random(seed)
    names = [f"deck-{number}" for number in range(12)]
    with Workspace() as workspace:
        for name in names:
            write_deck(decks_folder, name, 4)
        workspace.refresh()
        now = workspace.now()
        for name in names:
            deck = read_deck(name, (decks_folder / f"{name}.yaml").read_bytes()).deck
            assert deck is not None
            for card in deck.cards:
                review = log.review(
                    now, card, Rating.GOOD, CardState(), CardState(State.REVIEW, due_day=now.day),
                    session=None,
                )  # fmt: skip
                other = dice.choice([log.suspend(now, card), log.bury(now, card, now.day + 1)])
                match dice.randrange(12):
                    case 0:
                        workspace.progress.append(other)
                    case 1:
                        (event,) = workspace.progress.append(review)
                        workspace.progress.append(log.undo(now, event))
                    case 2:
                        pass
                    case _:
                        workspace.progress.append(review)
        db = workspace.progress.connection
        with_new = candidates.decks_with_new(db, now.day)
        assert 0 < len(with_new.intersection(names)) < len(names)
        for name in workspace.catalogue.decks:
            assert (name in with_new) == bool([*candidates.new(db, name, now.day)])


def test_without_a_limit_for_all_decks_each_deck_has_its_own(home: Path) -> None:
    configure(home, "new_in_all = 0\n")
    with Workspace() as workspace:
        workspace.refresh()
        assert list(new_by_deck(workspace).values()) == [(10, 0)] * 8
        assert workspace.agenda.held_in_words(Counts(new=60)) == ""


def test_a_deck_studied_alone_gets_the_rest_of_the_days_limit(
    decks_folder: Path, home: Path
) -> None:
    for name in "abc":
        write_deck(decks_folder, name)
    configure(home, "new_in_all = 12\n")
    with Workspace() as workspace:
        workspace.refresh()
        assert [new_by_deck(workspace)[name] for name in "abc"] == [(10, 0), (2, 8), (0, 10)]
        assert workspace.agenda.counts(["c"]) == {"c": Counts(new=10)}
        session = begin_study(workspace, ["c"])
        for _ in range(10):
            session.answer()
            session.rate(Rating.EASY)
        assert session.question is None
        assert [new_by_deck(workspace)[name] for name in "ab"] == [(2, 8), (0, 10)]
        assert len(workspace.agenda.today(["b"]).new) == 2
        assert "held back: 12 a day in all." in workspace.agenda.next_in_words(["c", "b"])


def test_a_requested_number_of_new_cards_replaces_the_limits(home: Path) -> None:
    configure(home, "new_in_all = 1\n")
    with Workspace() as workspace:
        workspace.refresh()
        assert len(workspace.agenda.today(["sco-timeline"], most_new=12).new) == 12


def test_new_cards_can_be_requested_during_a_backlog_plan(
    decks_folder: Path, home: Path, clock: FakeClock
) -> None:
    write_deck(decks_folder, "a", 30)
    write_deck(decks_folder, "b", 30)
    configure(home, "new_in_all = 0\n")
    with Workspace(clock=clock) as workspace:
        workspace.refresh()
        session = begin_study(workspace, ["a"])
        while session.question:
            session.answer()
            session.rate(Rating.EASY)
    clock.at += 60 * DAY_MS
    configure(home, "backlog_per_day = 2\n")
    with Workspace(clock=clock) as workspace:
        workspace.refresh()
        assert len(workspace.agenda.today().reviews) == 2
        assert not workspace.agenda.today().new
        assert len(workspace.agenda.today(["b"], most_new=3).new) == 3


@pytest.mark.parametrize("in_all", [0, 5, 12])
def test_new_cards_held_back_come_tomorrow(decks_folder: Path, home: Path, in_all: int) -> None:
    write_deck(decks_folder, "a", 20)
    configure(home, f"new_in_all = {in_all}\n")
    with Workspace() as workspace:
        workspace.refresh()
        session = begin_study(workspace, ["a"])
        while session.question:
            session.answer()
            session.rate(Rating.EASY)
        said = workspace.agenda.next_in_words(["a"])
        assert said.startswith("The next cards come tomorrow.")
        assert ("held back" in said) == (in_all == 5)


# Parents


def test_a_parent_has_limits_of_its_own_above_its_childrens(decks_folder: Path, home: Path) -> None:
    for name in "abc":
        write_deck(decks_folder / "letters", name)
    configure(home, "new_in_all = 0\n[deck.letters]\nnew_per_day = 13\n")
    with Workspace() as workspace:
        workspace.refresh()
        assert [new_by_deck(workspace)[name] for name in "abc"] == [(10, 0), (3, 7), (0, 10)]
        (parent,) = (row for row in workspace.agenda.tree() if row.id == "letters")
        assert parent.counts == Counts(new=13, held=17)
        assert (parent.notes, parent.cards, parent.decks) == (36, 36, ("a", "b", "c"))
        assert parent.is_parent
        said = workspace.agenda.held_in_words(parent.counts)
        assert said == "17 new cards held back: by limits of parents."
        assert len(workspace.agenda.today(["c"]).new) == 10
        assert len(workspace.agenda.today(["b", "c"]).new) == 13


def test_a_parent_with_a_file_says_its_limits_in_its_header(decks_folder: Path, home: Path) -> None:
    (decks_folder / "letters.yaml").write_text("deck: Letters\nnew_per_day: 4\n")
    for name in "ab":
        write_deck(decks_folder, name, 3, "parent: letters\n")
    with Workspace() as workspace:
        workspace.refresh()
        assert [new_by_deck(workspace)[name] for name in "ab"] == [(3, 0), (1, 2)]
        assert workspace.catalogue.problems() == []
        assert workspace.catalogue.find_decks(["letters"]) == ["letters", "a", "b"]


def test_a_default_limit_of_a_parent_holds_for_its_own_cards_alone(
    decks_folder: Path, home: Path
) -> None:
    configure(home, "new_in_all = 0\n")
    write_deck(decks_folder, "letters")
    write_deck(decks_folder / "letters", "a")
    with Workspace() as workspace:
        workspace.refresh()
        assert [new_by_deck(workspace)[name] for name in ("letters", "a")] == [(10, 0), (10, 0)]


def test_reviews_below_a_parent_are_counted_as_they_are_asked(
    decks_folder: Path, home: Path, clock: FakeClock
) -> None:
    for name in "abc":
        write_deck(decks_folder / "letters", name, 8)
    configure(home, "new_in_all = 0\n")
    with Workspace(clock=clock) as workspace:
        workspace.refresh()
        for name in "abc":
            session = begin_study(workspace, [name])
            while session.question:
                session.answer()
                session.rate(Rating.EASY)
            clock.at += DAY_MS
    clock.at += 60 * DAY_MS
    configure(home, "new_in_all = 0\n[deck.letters]\nreviews_per_day = 11\n")
    with Workspace(clock=clock) as workspace:
        workspace.refresh()
        today = workspace.agenda.today(["a", "b", "c"])
        assert len(today.reviews) == 11
        counts = {deck: each for deck, each in workspace.agenda.counts().items() if each.review}
        assert counts == today.counts()
        assert quick_counts.waiting() == 11 + 80


def test_missing_parents_and_circles_are_problems(decks_folder: Path) -> None:
    write_deck(decks_folder, "a", header="parent: b2\n")
    write_deck(decks_folder, "b", header="parent: c\n")
    write_deck(decks_folder, "c", header="parent: b\n")
    with Workspace() as workspace:
        workspace.refresh()
        told = [(each.code, each.message, each.help) for each in workspace.catalogue.problems()]
    assert told == [
        (
            "E311",
            "there is no deck 'b2' for this one to be below",
            "did you mean 'b'? `parent` is the id of a deck; `sco-quiz decks` lists them",
        ),
        ("E312", "this deck would be below itself: b → c → b", "give one of them another `parent`"),
        ("E312", "this deck would be below itself: c → b → c", "give one of them another `parent`"),
    ]


def test_the_name_of_a_parent_stands_for_the_decks_below_it(decks_folder: Path) -> None:
    write_deck(decks_folder / "aws" / "compute", "ec2")
    write_deck(decks_folder / "aws" / "compute", "lambda")
    write_deck(decks_folder / "aws", "awards")
    with Workspace() as workspace:
        workspace.refresh()
        find = workspace.catalogue.find_decks
        assert find(["aws"]) == ["awards", "ec2", "lambda"]
        assert find(["aws.compute"]) == find(["aws.c"]) == ["ec2", "lambda"]
        assert find(["ec2", "aws.compute"]) == ["ec2", "lambda"]
        with pytest.raises(UsageError, match="a parent without a file"):
            workspace.catalogue.find_deck("aws")
        assert find(["aw"]) == find(["aws"])
    write_deck(decks_folder, "away")
    with Workspace() as workspace:
        workspace.refresh()
        with pytest.raises(UsageError, match=r"fits several decks: away, aws$"):
            workspace.catalogue.find_decks(["aw"])
