"""What leaves for Anki, as Anki itself takes it."""

from __future__ import annotations

import re
import time
from itertools import cycle
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sco_quiz.interchange.anki.export_records import AnkiExport, ExportedDeck, ExportedNote
from sco_quiz.interchange.anki.writing import package, to_html
from sco_quiz.interchange.hypertext import to_markup
from sco_quiz.learning.cards import Rating, State
from sco_quiz.learning.kinds import Kind
from sco_quiz.learning.memory import MemoryModel
from sco_quiz.learning.study_day import DAY_MS, MINUTE_MS, Moment, study_day
from sco_quiz.library.decks import read_deck
from sco_quiz.progress import log
from sco_quiz.studying.sessions import begin_study
from sco_quiz.text import clean, plain
from sco_quiz.transfer.anki_export import gather_for_anki
from sco_quiz.transfer.exporting import Target, export, save
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.interchange.oracle import Collection, Oracle

REVIEWS = "SELECT card, at, rating, milliseconds FROM review ORDER BY at"
FORGOTTEN = 4
BURIED = -3
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
DECK = r"""
deck: Asia::Rivers & <b>lakes</b>
id: rivers
description: What flows where
sources: {atlas: {title: A World Atlas}}
defaults: {tags: [central asia]}
new_per_day: 100
cards:
  - id: oxus
    front: Which river was the *Oxus*?
    back: "The **Amu Darya**, 2<3 & \\\\(x)"
    reverse: true
    source: atlas p. 4
    image: maps/amu.png
  - {question: "How long is `x`, $\\frac{1}{2}$?", answer: "1415", accept: ["1,415"], hint: long}
  - {text: "{{Ili}} flows into {{c4::Lake Balkhash::a lake}}, $E = {{mc^{2}}}$."}
  - {question: Which is a lake?, answer: Issyk-Kul, choices: [Vakhsh, Panj]}
  - {question: Which are rivers?, answers: [Vakhsh, Panj], choices: [Issyk-Kul]}
  - {statement: The Aral Sea is growing., answer: false, explain: It shrank.}
  - {question: The longest first?, order: [Syr Darya, Amu Darya, Ili]}
  - {question: Name two., list: [Naryn, Chu]}
  - {question: "[sound:x.mp3]\n  - two", answer: "a\tb"}
"""


class FakeClock:
    def __init__(self) -> None:
        self.at = time.time_ns() // 1_000_000

    def __call__(self) -> Moment:
        tz = (time.localtime(self.at / 1000).tm_gmtoff or 0) // 60
        return Moment(self.at, tz, study_day(self.at, tz, 4))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def workspace(decks_folder: Path, clock: FakeClock) -> Iterator[Workspace]:
    (decks_folder / "rivers.yaml").write_text(DECK, encoding="utf-8")
    (decks_folder / "maps").mkdir()
    (decks_folder / "maps" / "amu.png").write_bytes(PNG)
    with Workspace(clock=clock) as opened:
        opened.refresh()
        yield opened


def study(workspace: Workspace, clock: FakeClock, days: int) -> None:
    """Study every second day until today, with every rating."""
    now = clock.at
    ratings = cycle([3, 1, 3, 4, 2, 3, 3, 3, 1])
    for day in range(-days, 0, 2):
        clock.at = now + day * DAY_MS
        session = begin_study(workspace, ["rivers"])
        while session.question is not None:
            session.answer()
            session.rate(Rating(next(ratings)))
            clock.at += MINUTE_MS
        session.end()
    clock.at = now


def taken(workspace: Workspace, anki: Oracle, folder: Path) -> Collection:
    """What Anki makes of the export."""
    exported = export(workspace, ["rivers"], Target.ANKI)
    assert not exported.lossy
    save(exported, folder / "rivers.apkg")
    return anki.collection().take(folder / "rivers.apkg")


def test_every_kind_of_note_is_asked_in_anki(
    workspace: Workspace, anki: Oracle, tmp_path: Path
) -> None:
    collection = taken(workspace, anki, tmp_path)
    notes = collection.notes()
    assert [note.type for note in notes] == [
        f"sco-quiz {kind}"
        for kind in (
            "basic", "typed", "cloze", "choice", "multi", "true false", "order", "list", "typed",
        )
    ]  # fmt: skip
    assert {card.deck for note in notes for card in note.cards} == {"Asia::Rivers & <b>lakes</b>"}
    assert {tuple(note.tags) for note in notes} == {("central_asia",)}
    basic, typed, cloze, choice, multi, statement, order, several, odd = notes
    assert [card.order for card in basic.cards] == [0, 1]
    front, back = basic.cards
    assert front.question.startswith("Which river was the <i>Oxus</i>?")
    assert '<img src="amu.png">' in front.question
    assert collection.media() == {"amu.png": PNG}
    assert "A World Atlas, p. 4" in front.answer
    assert back.question.startswith("The <b>Amu Darya</b>, 2&lt;3 &amp; \\<span></span>(x)")
    assert typed.cards[0].question.startswith(
        r"How long is <code>x</code>, \(\frac{1}{2}\)?<br>[[type:Answer]]"
    )
    assert "or: 1,415" in typed.cards[0].answer
    assert [card.order for card in cloze.cards] == [0, 1, 3]
    assert "[a lake]" in cloze.cards[2].question
    assert r"\(E = [...]\)" in cloze.cards[1].question.replace(
        '<span class="cloze" data-cloze="mc^{2} " data-ordinal="2">', ""
    ).replace("</span>", "")
    for text in ("Issyk-Kul", "Vakhsh", "Panj"):
        assert f"<li>{text}</li>" in choice.cards[0].question
        assert f"<li>{text}</li>" in multi.cards[0].question
    assert multi.fields["Answers"] == "Vakhsh<br>Panj"
    assert statement.fields["Answer"] == "false"
    assert order.fields["Order"] == "Syr Darya<br>Amu Darya<br>Ili"
    shown = re.findall("<li>(.*?)</li>", order.cards[0].question)
    assert sorted(shown) == ["Amu Darya", "Ili", "Syr Darya"]
    assert shown != ["Syr Darya", "Amu Darya", "Ili"]
    assert several.fields["List"] == "Naryn<br>Chu"
    assert "[<span></span>sound:x.mp3]" in odd.cards[0].question


def test_anki_has_the_same_due_days_memory_and_log(
    workspace: Workspace, anki: Oracle, tmp_path: Path, clock: FakeClock
) -> None:
    deck = read_deck("rivers", DECK.encode()).deck
    assert deck is not None
    study(workspace, clock, 40)
    session = begin_study(workspace, ["rivers"])
    session.answer()
    session.rate(Rating.AGAIN)
    keys = [card.key for card in deck.cards]
    keys[4:6] = reversed(keys[4:6])  # of the deletions Anki has c2 before c4
    progress, day = workspace.progress, clock().day
    suspended, flagged, anew, *_ = deck.cards
    progress.append(log.suspend(clock(), suspended), log.flag(clock(), flagged, 3))
    progress.append(log.reset(clock(), anew), log.bury(clock(), deck.cards[6], day + 1))
    states, reviews = progress.states(keys), progress.query(REVIEWS)
    assert len(reviews) > 60
    assert {states[key].state for key in keys} >= {State.NEW, State.REVIEW, State.RELEARNING}

    notes = taken(workspace, anki, tmp_path).notes()

    there = [card for note in notes for card in note.cards]
    guids = [(note.guid, place) for note in notes for place in range(len(note.cards))]
    assert [guid for guid, _ in guids] == [card.note for card in deck.cards]
    for key, card in zip(keys, there, strict=True):
        state = states[key]
        answers = [each for each in card.reviews if each.type != FORGOTTEN]
        assert [(each.at, each.rating, each.milliseconds) for each in answers] == [
            tuple(row) for of, *row in reviews if of == key
        ]
        assert card.type == state.state
        assert (card.reps, card.lapses, card.flag) == (state.reps, state.lapses, state.flag)
        if state.state is State.REVIEW:
            assert card.due_in == state.due_day - day
            assert card.interval == state.due_day - state.last_day
            assert answers[-1].interval == card.interval
        elif state.state is not State.NEW:
            assert card.due == state.due_at // 1000
        if state.state is State.NEW:
            assert (card.stability, card.replayed) == (None, None)
        else:
            assert card.stability == pytest.approx(state.stability, rel=1e-3)
            assert card.difficulty == pytest.approx(state.difficulty, rel=1e-3)
            assert card.replayed == pytest.approx(state.stability, rel=1e-3)
    assert [card.queue for card in there].count(-1) == 1
    assert (there[0].queue, there[1].flag, there[2].type) == (-1, 3, 0)
    assert there[6].queue == BURIED


def test_a_second_export_finds_its_notes_and_answers_again(
    workspace: Workspace, anki: Oracle, tmp_path: Path, clock: FakeClock
) -> None:
    study(workspace, clock, 6)
    collection = taken(workspace, anki, tmp_path)
    before = collection.notes()
    later = export(workspace, ["rivers"], Target.ANKI)
    save(later, tmp_path / "later.apkg")
    assert collection.take(tmp_path / "later.apkg").notes() == before


def test_a_second_export_updates_notes_and_keeps_the_schedule_of_known_cards(
    workspace: Workspace, anki: Oracle, tmp_path: Path, clock: FakeClock, decks_folder: Path
) -> None:
    study(workspace, clock, 6)
    collection = taken(workspace, anki, tmp_path)
    before = {note.guid: note for note in collection.notes()}
    clock.at += 3 * DAY_MS
    study(workspace, clock, 2)
    deck = decks_folder / "rivers.yaml"
    edited = deck.read_text(encoding="utf-8").replace("Amu Darya**", "Panj**")
    deck.write_text(f"{edited}  - {{id: new, front: added, back: now}}\n", encoding="utf-8")
    workspace.refresh()
    save(export(workspace, ["rivers"], Target.ANKI), tmp_path / "later.apkg")
    after = {note.guid: note for note in collection.take(tmp_path / "later.apkg").notes()}
    (oxus,) = (note for note in after.values() if note.fields.get("Id") == "oxus")
    assert "Panj" in oxus.fields["Back"]
    assert [after[guid].fields["Front"] for guid in after.keys() - before.keys()] == ["added"]
    for guid, note in before.items():
        there = [card._replace(question="", answer="") for card in after[guid].cards]
        assert there == [card._replace(question="", answer="") for card in note.cards]


def test_notes_on_one_line_are_exported_one_by_one(decks_folder: Path) -> None:
    (decks_folder / "rivers.yaml").write_text(
        "{deck: R, cards: [{front: a, back: b}, {front: a, back: b}, {front: c}, {text: '{{d}} e'},"
        " {front: f, back: g, reverse: true}]}"
    )
    with Workspace() as workspace:
        workspace.refresh()
        leaving, remarks = gather_for_anki(workspace, ["rivers"])
    notes = leaving.decks[0].notes
    assert [[note.kind, len(note.cards)] for note in notes] == [
        ["basic", 1], ["cloze", 1], ["basic", 2],
    ]  # fmt: skip
    assert [note.fields.get("back") for note in notes] == ["b", None, "g"]
    assert [remark.where for remark in remarks] == ["rivers, note 2", "rivers, note 3"]


@given(st.text(min_size=1))
def test_an_order_is_not_exported_with_its_solution(guid: str) -> None:
    note = ExportedNote(Kind.ORDER, guid, {"question": "?", "order": ["first", "second"]}, ())
    deck = ExportedDeck("a", "A", "", [note])
    data = package(AnkiExport([deck], {}, MemoryModel().parameters), Moment(DAY_MS, 0, 1), 4)
    assert b"<ul><li>second</li><li>first</li></ul>" in data


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_anki_shows_the_same_text(text: str) -> None:
    text = clean(text).strip()
    assert plain(to_markup(to_html(text)).text).split() == plain(text).split()
