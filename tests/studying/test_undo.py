"""One order of steps, whatever their kind: undo takes back the last, and only what was its own."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sco_quiz.authoring import steps
from sco_quiz.authoring.notes import Authoring
from sco_quiz.authoring.tags import retag
from sco_quiz.errors import DeckError
from sco_quiz.insight.browsing import Browser
from sco_quiz.interchange.formats import TableOptions
from sco_quiz.learning.cards import Rating
from sco_quiz.learning.kinds import Kind
from sco_quiz.paths import Paths
from sco_quiz.studying.sessions import begin_study
from sco_quiz.studying.undo import undo
from sco_quiz.transfer.importing import import_files
from sco_quiz.workspace.cards import cards_of_deck
from sco_quiz.workspace.filing import Filing
from sco_quiz.workspace.workspace import Workspace
from tests.conftest import FakeClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sco_quiz.learning.cards import Card

RIVERS = """\
# by length
deck: Rivers
cards:
  - question: 'Longest river?'   # for now
    answer: Nile
    tags: [water]

  - front: Volga
    back: Caspian Sea
    reverse: true
# the end
"""
TOWNS = "deck: Towns\nid: towns\ncards: [\n  {front: a, back: b},\n  {front: c, back: d}\n]\n"
SMALL = "deck: 'Rivers::Small'\ncards:\n- {front: Spree, back: Havel}\n"


def open_home(home: Path, clock: FakeClock) -> Workspace:
    paths = Paths(home / "config", home / "data", home / "cache")
    workspace = Workspace(paths=paths, clock=clock)
    workspace.refresh()
    return workspace


def prepare(home: Path) -> None:
    folder = home / "data" / "decks"
    folder.mkdir(parents=True)
    for name, text in (("rivers", RIVERS), ("towns", TOWNS), ("small", SMALL)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def files_of(home: Path) -> dict[str, bytes]:
    folder = home / "data" / "decks"
    return {path.name: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def states_of(workspace: Workspace) -> dict[str, object]:
    """The state of each card that has any."""
    rows = workspace.progress.query("SELECT key FROM card_state")
    states = workspace.progress.states(key for (key,) in rows)
    fresh = type(workspace.progress.state("none"))()
    return {key: state for key, state in states.items() if state != fresh}


def own_decks(workspace: Workspace) -> list[str]:
    catalogue = workspace.catalogue
    return sorted(deck for deck in catalogue.decks if not catalogue.is_shipped(deck))


def own_cards(workspace: Workspace) -> list[Card]:
    db = workspace.progress.connection
    return [card for deck in own_decks(workspace) for card in cards_of_deck(db, deck)]


def pick(workspace: Workspace, number: int) -> list[Card]:
    """One card of the learner's own, or none where there is none."""
    cards = own_cards(workspace)
    return [cards[number % len(cards)]] if cards else []


# Steps; each returns whether it took one


def answer(workspace: Workspace, number: int) -> bool:
    decks = own_decks(workspace)
    if not decks:
        return False
    session = begin_study(workspace, [decks[number % len(decks)]])
    if session.question is None:
        return False
    session.answer("")
    session.rate(Rating(1 + number % 4))
    session.end()
    return True


def add(workspace: Workspace, number: int) -> bool:
    decks = own_decks(workspace)
    if decks:
        fields = {"front": f"Brand new {number}", "back": "x: y", "tags": "new"}
        Authoring(workspace).add(decks[number % len(decks)], Kind.BASIC, fields)
    return bool(decks)


def new_deck(workspace: Workspace, number: int) -> bool:
    return bool(Authoring(workspace).new_deck(f"Deck {number % 3}", "about #1"))


def edit(workspace: Workspace, number: int) -> bool:
    for card in pick(workspace, number):
        authoring = Authoring(workspace)
        note = authoring.note_of(card)
        field = "front" if "front" in note.values else "question"
        values = {**note.values, field: f"{number} Quite: another thing"}
        authoring.save(note, note.kind, values)
        return values != note.values
    return False


def accept(workspace: Workspace, number: int) -> bool:
    typed = [card for card in own_cards(workspace) if card.kind is Kind.TYPED]
    for card in typed[:1]:
        Authoring(workspace).accept(card, f"Amazon {number}")
    return bool(typed)


def tag(workspace: Workspace, number: int) -> bool:
    return retag(workspace, own_cards(workspace)[number % 3 :: 2], [f"t{number}"], ["water"]) > 0


def suspend(workspace: Workspace, number: int) -> bool:
    return Browser(workspace).suspend([card.key for card in pick(workspace, number)]) > 0


def flag(workspace: Workspace, number: int) -> bool:
    keys = [card.key for card in own_cards(workspace)[:2]]
    return Browser(workspace).flag(keys, 1 + number % 7) > 0


def delete_notes(workspace: Workspace, number: int) -> bool:
    return steps.delete_notes(workspace, own_cards(workspace)[number % 4 :: 3]) > 0


def delete_deck(workspace: Workspace, number: int) -> bool:
    decks = own_decks(workspace)
    if decks:
        steps.delete_deck(workspace, decks[number % len(decks)])
    return bool(decks)


def rename_deck(workspace: Workspace, number: int) -> bool:
    decks = own_decks(workspace)
    if not decks:
        return False
    deck, title = decks[number % len(decks)], f"Named {number % 5}: anew"
    is_other = workspace.catalogue.title(deck) != title
    steps.rename_deck(workspace, deck, title)
    return is_other


def bring(workspace: Workspace, number: int) -> bool:
    path = workspace.paths.data / f"{number}.csv"
    path.write_text(f"front,back\nBrought {number},z\nBrought,{number}\n", encoding="utf-8")
    report = import_files(workspace, [path], into="Rivers", options=TableOptions())
    workspace.refresh()
    return report.changes


STEPS = (
    *(answer, add, new_deck, edit, accept, tag, suspend, flag),
    *(delete_notes, delete_deck, rename_deck, bring),
)


def taken(step: Callable[[Workspace, int], bool], workspace: Workspace, number: int) -> bool:
    """Take a step; return whether it did anything, and was not refused."""
    try:
        return step(workspace, number)
    except DeckError:  # as where the deck has such a note, or two notes share a line
        return False


class Before(NamedTuple):
    step: str
    files: dict[str, bytes]
    states: dict[str, object]


@contextmanager
def opened_home() -> Iterator[tuple[Path, FakeClock]]:
    home = Path(mkdtemp())
    try:
        prepare(home)
        yield home, FakeClock()
    finally:
        shutil.rmtree(home)


PLANS = st.lists(
    st.tuples(
        st.sampled_from([*STEPS, *["undo"] * 4, "restart"]), st.integers(min_value=0, max_value=30)
    ),
    max_size=14,
)


@pytest.mark.proof("plans of steps of every kind, each taken back to the byte")
@given(PLANS)
@example([(answer, 1), (delete_deck, 1), (new_deck, 0), (add, 0), ("restart", 0)])
@example([(answer, 0), (edit, 0), (rename_deck, 0), (delete_notes, 0), (answer, 0), (edit, 1)])
@example([(answer, 2), (delete_notes, 2), (add, 2), (edit, 2), (delete_deck, 2)])
def test_undo_takes_back_steps_of_every_kind_in_order(
    plan: list[tuple[Callable[[Workspace, int], bool] | str, int]],
) -> None:
    with opened_home() as (home, clock):
        workspace = open_home(home, clock)
        done: list[Before] = []

        def take_back() -> None:
            undone = undo(workspace)
            if not done:
                assert undone is None
                return
            before = done.pop()
            assert undone is not None, before.step
            assert files_of(home) == before.files, before.step
            assert states_of(workspace) == before.states, before.step

        for step, number in plan:
            clock.at += 60_000
            if step == "undo":
                take_back()
            elif step == "restart":
                workspace.close()
                workspace = open_home(home, clock)
            else:
                assert callable(step)
                before = Before(step.__name__, files_of(home), states_of(workspace))
                if taken(step, workspace, number):
                    done.append(before)
                else:
                    assert files_of(home) == before.files
        replayed = states_of(workspace)
        workspace.progress.rebuild()
        assert states_of(workspace) == replayed
        while done:
            take_back()
        assert undo(workspace) is None
        workspace.close()
        assert files_of(home)["rivers.yaml"] == RIVERS.encode()


WRITING = (add, edit, accept, tag, delete_notes, rename_deck, delete_deck, new_deck)
FOREIGN = "  - {front: Of another program, back: '1'}\n"


@pytest.mark.proof("steps with a change of another program between, which undo leaves alone")
@given(st.sampled_from(WRITING), st.integers(0, 30), st.booleans())
def test_undo_never_loses_text_that_another_program_wrote_since(
    step: Callable[[Workspace, int], bool], number: int, is_first: bool
) -> None:
    with opened_home() as (home, clock), open_home(home, clock) as workspace:
        before = states_of(workspace), {card.key for card in own_cards(workspace)}
        if not taken(step, workspace, number):
            return
        path = home / "data" / "decks" / "rivers.yaml"
        if not path.exists():
            path.write_text("deck: Rivers\ncards:\n# the end\n", encoding="utf-8")
        text = path.read_text(encoding="utf-8")
        if is_first:
            text = text.replace("cards:\n", f"cards:\n{FOREIGN}").replace(
                "cards: []", f"cards:\n{FOREIGN}"
            )
        else:
            text = text.replace("# the end", f"{FOREIGN}# the end").replace(
                "cards: []", f"cards:\n{FOREIGN}"
            )
        path.write_text(text, encoding="utf-8")
        workspace.refresh()
        changed = files_of(home)
        try:
            undone = undo(workspace)
        except DeckError:  # it says so, and leaves everything as it is
            assert files_of(home) == changed
            return
        assert undone is not None
        assert any(b"Of another program" in data for data in files_of(home).values())
        found = own_cards(workspace)
        others = {card.key for card in found if card.prompt != "Of another program"}
        assert (states_of(workspace), others) == before


@pytest.mark.parametrize("moment", ["_settle_or_refuse", "go_back"])
@pytest.mark.parametrize("step", [*WRITING, bring], ids=lambda step: step.__name__)
def test_two_programs_that_undo_at_once_take_back_two_steps(
    step: Callable[[Workspace, int], bool], moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened_home() as (home, clock), open_home(home, clock) as workspace:
        files = files_of(home)
        assert answer(workspace, 0)
        assert taken(step, workspace, 1)
        real = getattr(Filing, moment)

        def be_late(filing: Filing, *arguments: object) -> object:
            patch.undo()
            with open_home(home, clock) as other:
                assert undo(other) is not None
            return real(filing, *arguments)

        with monkeypatch.context() as patch:
            patch.setattr(Filing, moment, be_late)
            undone = undo(workspace)
        assert undone is not None
        assert undone.card
        assert states_of(workspace) == {}
        assert files_of(home) == files
        assert undo(workspace) is None
