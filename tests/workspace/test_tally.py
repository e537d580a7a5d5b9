"""A tally spares the looking up of cards, and never gives another count than they would."""

from __future__ import annotations

from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sco_quiz import config as settings
from sco_quiz.learning.cards import Card, CardState, Rating, State
from sco_quiz.learning.study_day import DAY_MS, Moment
from sco_quiz.library.decks import read_deck
from sco_quiz.library.index import Index
from sco_quiz.library.library import Library
from sco_quiz.progress import log
from sco_quiz.progress.appending import ForeignEvents
from sco_quiz.progress.store import Progress
from sco_quiz.workspace import agenda, tally
from sco_quiz.workspace.agenda import Agenda
from sco_quiz.workspace.candidates import count_reviews
from sco_quiz.workspace.catalogue import Catalogue
from sco_quiz.workspace.opening import attach
from sco_quiz.workspace.tally import Tally, keep_tally, read_tally
from sco_quiz.workspace.workspace import Workspace
from tests.progress.test_replay import START, STEPS, Step, moment, new_files, play

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import FakeClock

ANIMALS = """\
deck: Animals
id: animals
new_per_day: 2
reviews_per_day: 2
cards:
  - {front: crane, back: turna, reverse: true}
  - {front: bear, back: ayiq, reverse: true}
  - {question: A wolf?, answer: boʻri}
  - {question: A fox?, answer: tulki}
  - {question: A horse?, answer: ot}
"""
TOWNS = """\
deck: Towns
id: towns
cards:
  - {question: A town by a lake?, answer: Karakol}
  - {question: A town in the sand?, answer: Khiva}
"""
WRITTEN_ANEW = [
    ("animals", ANIMALS),
    ("animals", ANIMALS.replace("  - {question: A wolf?, answer: boʻri}\n", "")),
    ("animals", ANIMALS.replace("bear, back: ayiq, reverse: true", "bear, back: ayiq")),
    ("animals", ANIMALS.replace("cards:", "cards: [")),
    ("towns", TOWNS),
    ("towns", TOWNS.replace("A town by", "A place by")),
    ("copies", ANIMALS),
]


def cards_in(*texts: str) -> list[Card]:
    decks = [read_deck("deck.yaml", text.encode()).deck for text in texts]
    return [card for deck in decks if deck is not None for card in deck.cards]


CARDS = cards_in(ANIMALS, TOWNS)
A_FEW = [CARDS[0], CARDS[1], CARDS[4], CARDS[-1]]
"""Two of one note, one alone in its note, and one of another deck."""


class Home:
    """A log and decks, of which agendas are made at any time of a clock that is set by hand."""

    def __init__(self, folder: Path, progress: Progress) -> None:
        self.now = moment(START)
        self.progress = progress
        self.db = progress.connection
        self.decks = folder / "decks"
        self.decks.mkdir()
        self.index = Index(folder / "index.db")
        shipped = folder / "shipped"
        self.library = Library(self.index, shipped=shipped, folders=[self.decks], extra=[])
        attach(self.db, self.index)
        self.write("animals", ANIMALS)
        self.write("towns", TOWNS)

    def write(self, name: str, text: str) -> None:
        """Write a deck file, and have it read."""
        path = self.decks / f"{name}.yaml"
        is_same_size = path.exists() and path.stat().st_size == len(text.encode())
        path.write_text(text + "#" * is_same_size, encoding="utf-8")
        self.library.refresh()
        self.catalogue = Catalogue(self.db, self.library.files)

    def agenda(self) -> Agenda:
        return Agenda(self.db, self.catalogue, settings.Config(), lambda: self.now)

    def keep(self) -> None:
        keep_tally(self.db, self.now.day)

    def read(self) -> Tally | None:
        return read_tally(self.db, self.now.day)

    def append(self, *drafts: log.EventDraft) -> log.Event:
        return self.progress.append(*drafts)[-1]


def said(found: Agenda) -> tuple[object, ...]:
    """All that an agenda says of today and of what waits."""
    return found.counts(), found.today(), found.counts(["animals"]), found.backlog()


def assert_says_the_same(home: Home) -> bool:
    """Compare what is said by a tally and without one; tell whether there was one."""
    held = home.read()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(agenda, "MANY_BEGUN", 10**9)
        anew = said(home.agenda())
        patch.setattr(agenda, "MANY_BEGUN", 0)
        assert said(home.agenda()) == anew
    if held is not None:
        assert sorted(held.due) == sorted(count_reviews(home.db, home.now.day))
    return held is not None


@pytest.mark.proof("random histories and edits: what is counted by a tally is what is counted anew")
@given(steps=STEPS, dice=st.randoms(use_true_random=False))
def test_counts_by_a_tally_are_those_made_anew_whatever_happened_since(
    steps: list[Step], dice: random.Random
) -> None:
    with new_files(3) as devices:
        home = Home(devices[0].path.parent, devices[0])
        with closing(home.index):

            def look(now: Moment) -> None:
                home.now = now
                if dice.random() < 0.2:
                    home.write(*dice.choice(WRITTEN_ANEW))
                if dice.random() < 0.2:
                    home.progress.rebuild()
                assert_says_the_same(home)
                if dice.random() < 0.4:
                    home.keep()

            play(devices, steps, A_FEW, look)


@given(st.permutations(CARDS))
def test_new_cards_are_counted_right_however_many_were_begun_since(cards: list[Card]) -> None:
    with new_files(1) as (progress,):
        home = Home(progress.path.parent, progress)
        with closing(home.index):
            home.keep()
            yesterday = moment(START - DAY_MS)
            for card in cards:
                home.append(reviewed(yesterday, card, home.now.day))
                assert assert_says_the_same(home)


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[Home]:
    """Decks of which all cards but the last two are begun; some are due, and a tally is kept."""
    with ExitStack() as stack:
        progress = stack.enter_context(Progress.open(tmp_path / "progress.db"))
        home = Home(tmp_path, progress)
        stack.callback(home.index.close)
        for number, card in enumerate(CARDS[:-2]):
            home.append(reviewed(home.now, card, home.now.day + number % 3))
        home.now = moment(START + DAY_MS)
        home.keep()
        assert assert_says_the_same(home)
        yield home


def reviewed(now: Moment, card: Card, due_day: int) -> log.EventDraft:
    return log.review(
        now, card, Rating.GOOD, CardState(),
        CardState(State.REVIEW, due_day=due_day, stability=1.0, difficulty=5.0), session=None,
    )  # fmt: skip


def test_an_answer_another_day_and_its_undo_need_no_new_tally(begun: Home) -> None:
    event = begun.append(reviewed(begun.now, CARDS[0], begun.now.day + 9))
    assert assert_says_the_same(begun)
    begun.now = moment(START + 2 * DAY_MS)
    assert assert_says_the_same(begun)
    begun.append(log.undo(begun.now, event))
    assert assert_says_the_same(begun)


@pytest.mark.parametrize("card", [CARDS[0], CARDS[4], CARDS[-1]])
@pytest.mark.parametrize(
    "change",
    [
        log.suspend,
        log.reset,
        lambda now, card: log.bury(now, card, now.day + 1),
        lambda now, card: log.today(now, card, "a session"),
        lambda now, card: log.relink(now, CARDS[5].key, card),
    ],
    ids=["suspended", "reset", "buried", "brought", "re-linked"],
)
def test_what_becomes_of_a_card_needs_no_new_tally(begun: Home, card: Card, change: Any) -> None:
    begun.append(change(begun.now, card))
    assert assert_says_the_same(begun)
    begun.keep()
    begun.now = moment(START + 2 * DAY_MS)  # buried and brought for a day that has passed
    assert assert_says_the_same(begun)


def test_answers_of_another_device_need_no_new_tally(begun: Home) -> None:
    with new_files(1) as (other,):
        other.append(reviewed(begun.now, CARDS[2], begun.now.day + 30))
        begun.progress.merge(other.events())
    assert assert_says_the_same(begun)


@pytest.mark.parametrize("name", ["animals", "towns", "new"])
def test_no_tally_holds_for_other_deck_files(begun: Home, name: str) -> None:
    begun.write(name, TOWNS.replace("towns", name))
    assert not assert_says_the_same(begun)


def test_a_tally_holds_for_an_index_with_the_same_decks_alone(begun: Home) -> None:
    texts = {path.stem: path.read_text("utf-8") for path in begun.decks.iterdir()}
    begun.write("towns", TOWNS.replace("Khiva", "Aralsk"))
    assert not assert_says_the_same(begun)
    begun.write("towns", texts["towns"])
    assert not assert_says_the_same(begun)  # it was read anew, so its number is another


def test_no_tally_holds_once_all_states_may_be_others(begun: Home) -> None:
    begun.append(log.parameters(begun.now, ()))
    assert not assert_says_the_same(begun)
    begun.keep()
    assert assert_says_the_same(begun)
    begun.progress.rebuild()
    assert not assert_says_the_same(begun)
    begun.keep()
    brought = ForeignEvents("elsewhere", [reviewed(begun.now, CARDS[1], begun.now.day)])
    imported = log.imported(begun.now, "a file", {}, device="elsewhere")
    begun.progress.append_with(lambda _: None, imported, brought=brought)
    assert not assert_says_the_same(begun)


def test_no_tally_holds_for_another_log(begun: Home, tmp_path: Path) -> None:
    with Progress.open(tmp_path / "other.db") as other:
        other.append(*(reviewed(begun.now, card, begun.now.day) for card in CARDS))
        attach(other.connection, begun.index)
        begun.db = other.connection
        begun.catalogue = Catalogue(begun.db, begun.library.files)
        assert not assert_says_the_same(begun)


def test_no_tally_is_kept_of_a_log_with_rows_missing_that_may_still_come(begun: Home) -> None:
    with new_files(1) as (other,):
        other.append(*(reviewed(begun.now, card, begun.now.day + 5) for card in CARDS[:3]))
        first, *later = other.events()
        begun.progress.merge(later)
        begun.keep()
        begun.progress.merge([first])
    assert assert_says_the_same(begun)  # of before
    assert begun.read() is not None


def test_no_tally_holds_on_an_earlier_day(begun: Home) -> None:
    begun.now = moment(START)
    assert not assert_says_the_same(begun)


def test_no_tally_holds_once_more_cards_changed_than_are_worth_a_look(
    begun: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tally, "MOST_CHANGED", 2)
    begun.append(*(log.flag(begun.now, card, 1) for card in CARDS[:2]))
    assert assert_says_the_same(begun)
    begun.append(log.flag(begun.now, CARDS[2], 1))
    assert not assert_says_the_same(begun)


def test_a_damaged_tally_is_not_used(begun: Home) -> None:
    path = begun.index.path.with_name("tally")
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert begun.read() is None
        path.write_bytes(whole[:place])
        assert begun.read() is None
    assert not assert_says_the_same(begun)


def test_the_app_makes_a_tally_in_a_thread_once_many_cards_were_counted_without(
    decks_folder: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agenda, "MANY_BEGUN", 1)
    (decks_folder / "animals.yaml").write_text(ANIMALS, encoding="utf-8")
    with Workspace(clock=clock) as workspace:
        workspace.refresh()
        db, now = workspace.progress.connection, workspace.now()
        workspace.progress.append(*(reviewed(now, card, now.day) for card in CARDS[:5]))
        counts = workspace.agenda.counts()
        assert read_tally(db, now.day) is None
        assert not workspace.refresh(in_thread=True).changed
        assert (held := read_tally(db, now.day)) is not None
        assert sum(count for _, _, count in held.due) == 5
        monkeypatch.setattr("sco_quiz.workspace.candidates.count_reviews", None)  # is not asked
        assert workspace.agenda.counts() == counts
