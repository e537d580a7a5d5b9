"""The log of everything the learner did: what an event is, and how each kind is drafted.

A caller hands in a `Draft`, made by one of the functions below; `Progress.append` turns it into an
`Event`. Events have one total order (`Event.order`), on which every device agrees. In it an event
comes after all that its device knew of, even when the clock was set back.

The history of a foreign file is written like that of another device, under an id of its own, and
its events stand in the order where they happened.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sco_quiz.learning.cards import Card, CardState, Rating
    from sco_quiz.learning.kinds import Kind
    from sco_quiz.learning.study_day import Moment
    from sco_quiz.learning.wrong_clock import Shift


_parse = json.JSONDecoder().raw_decode  # half the cost of json.loads

SELECT_EVENTS = """
SELECT device, seq, stamp, at, tz, day, kind, card, session, data, sum FROM event """
INSERT_EVENT = "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
IN_ORDER = "ORDER BY stamp, device, seq"
"""The total order, in SQL."""


LEARNER = "learner"
"""Says, as `by` of a re-link, that it was a step of the learner; others follow from edits."""

Order: TypeAlias = tuple[int, str, int]
"""A place in the total order: stamp, device, seq."""


class EventKind(StrEnum):
    """What happened."""

    REVIEW = "review"
    ANSWER = "answer"
    UNDO = "undo"
    RELINK = "relink"
    APART = "apart"
    SUSPEND = "suspend"
    UNSUSPEND = "unsuspend"
    BURY = "bury"
    TODAY = "today"
    FLAG = "flag"
    RESET = "reset"
    ACCEPT = "accept"
    EDIT = "edit"
    RETAG = "retag"
    SESSION_START = "session-start"
    SESSION_END = "session-end"
    PARAMETERS = "parameters"
    IMPORT = "import"
    CLOCK = "clock"
    LEFT_BEHIND = "left-behind"
    DECKS = "decks"
    STANDS = "stands"
    DEVICE = "device"
    SETTINGS = "settings"


class SessionKind(StrEnum):
    """Spaced repetition, or a scored test."""

    STUDY = "study"
    QUIZ = "quiz"


class Face(NamedTuple):
    """How a card looked: its history stays readable when its deck is gone or edited.

    Attributes:
        deck: The id of its deck.
        kind: How it was asked.
        prompt: What was asked.
        answer: What was right, one answer a line.
    """

    deck: str
    kind: str
    prompt: str
    answer: str

    @classmethod
    def of(cls, card: Card) -> Face:
        """The face of a card as its deck has it now."""
        return cls(card.deck, str(card.kind), card.prompt, "\n".join(card.answers))


@dataclass(frozen=True, slots=True)
class Draft:
    """An event to be: all but its place in the log.

    Attributes:
        kind: What happened.
        moment: When.
        card: The key of the card it is about.
        session: The session it belongs to.
        data: What else there is to say, by kind; goes into the log as JSON.
        face: How the card looks; logged only when it last looked different.
    """

    kind: EventKind
    moment: Moment
    card: str | None = None
    session: str | None = None
    data: dict[str, object] = field(default_factory=dict)
    face: Face | None = None


class Event(NamedTuple):
    """One row of the log.

    Attributes:
        device: Who wrote it.
        seq: Its number among the device's events, from 1.
        stamp: `at`, or one more than the highest stamp that the device knew of.
        at: UTC milliseconds.
        tz: Minutes east of UTC then in force.
        day: Study day, as `date.toordinal`.
        kind: An `EventKind`; one that this version does not know counts for nothing.
        card: The key of the card it is about.
        session: The session it belongs to.
        data: JSON, as it stands in the log.
        sum: Proves the row; see `sums`.
    """

    device: str
    seq: int
    stamp: int
    at: int
    tz: int
    day: int
    kind: str
    card: str | None
    session: str | None
    data: str
    sum: bytes

    @property
    def id(self) -> tuple[str, int]:
        """What names it, in undo events and everywhere."""
        return self.device, self.seq

    @property
    def order(self) -> Order:
        """Its place in the total order."""
        return self.stamp, self.device, self.seq

    @property
    def details(self) -> dict[str, Any]:
        """`data`, parsed."""
        details: dict[str, Any]
        details, _ = _parse(self.data)
        return details


def review(
    now: Moment,
    card: Card,
    rating: Rating,
    before: CardState,
    after: CardState,
    *,
    session: str | None,
    answer: str | Sequence[str] = "",
    verdict: str | None = None,
    milliseconds: int = 0,
    hinted: bool = False,
    asked: Kind | None = None,
) -> Draft:
    """A card was answered and rated.

    Args:
        now: When.
        card: What was asked.
        rating: What the learner said.
        before: The card's state until then.
        after: What the button showed. Its state, step and due date are kept as a promise: later
            changes of settings don't touch them.
        session: The study session; None for an answer that was given elsewhere.
        answer: What was given; several texts for multi, order, list and the like.
        verdict: What the checker said; None if it had nothing to check.
        milliseconds: From the question to the answer.
        hinted: Whether the hint was seen.
        asked: As which kind it was asked, if not its own.
    """
    data: dict[str, object] = {
        "rating": int(rating),
        "verdict": verdict,
        "answer": answer if isinstance(answer, str) else list(answer),
        "ms": milliseconds,
        "asked": str(asked or card.kind),
        "hinted": hinted,
        "was": int(before.state),
        "state": int(after.state),
        "step": after.step,
        "due_day": after.due_day,
        "due_at": after.due_at,
    }
    return _about(EventKind.REVIEW, now, card, data, session)


def answer(
    now: Moment,
    card: Card,
    *,
    session: str,
    correct: bool,
    answer: str | Sequence[str] = "",
    verdict: str | None = None,
    milliseconds: int = 0,
    asked: Kind | None = None,
    late: bool = False,
) -> Draft:
    """A card was answered in a quiz; counts for the quiz's score and for no card's state.

    Where the learner says that a rejected answer was right, it is undone and drafted anew.

    Args:
        now: When.
        card: What was asked.
        session: The quiz.
        correct: Whether it counts as right.
        answer: What was given; several texts for multi, order, list and the like.
        verdict: What the checker said; None if it had nothing to check.
        milliseconds: From the question to the answer.
        asked: As which kind it was asked, if not its own.
        late: Whether the time was up before the answer.
    """
    data: dict[str, object] = {
        "correct": correct,
        "verdict": verdict,
        "answer": answer if isinstance(answer, str) else list(answer),
        "ms": milliseconds,
        "asked": str(asked or card.kind),
        "late": late,
    }
    return _about(EventKind.ANSWER, now, card, data, session)


def today(now: Moment, card: Card, session: str) -> Draft:
    """A card that was missed in a quiz is to be studied on this day, due or not."""
    return _about(EventKind.TODAY, now, card, session=session)


def suspend(now: Moment, card: Card) -> Draft:
    """A card was set aside until the learner takes it back."""
    return _about(EventKind.SUSPEND, now, card)


def unsuspend(now: Moment, card: Card) -> Draft:
    """A card was taken back."""
    return _about(EventKind.UNSUSPEND, now, card)


def bury(now: Moment, card: Card, until: int) -> Draft:
    """A card was put off until a study day."""
    return _about(EventKind.BURY, now, card, {"until": until})


def flag(now: Moment, card: Card, flag: int) -> Draft:
    """A card got another flag: 1 to 7, or 0 for none."""
    return _about(EventKind.FLAG, now, card, {"flag": flag})


def reset(now: Moment, card: Card) -> Draft:
    """A card is to be learned anew. Its earlier events stay; its flag and suspension too."""
    return _about(EventKind.RESET, now, card)


def accept(now: Moment, card: Card, answer: str) -> Draft:
    """The learner had an answer added to the card's accepted ones."""
    return _about(EventKind.ACCEPT, now, card, {"answer": answer})


def edit(
    now: Moment,
    card: Card,
    before: Mapping[str, str | list[str]],
    after: Mapping[str, str | list[str]],
) -> Draft:
    """The learner edited a card's note from within the app.

    Args:
        now: When.
        card: As it is after the edit.
        before: The note's fields as they were, so that the edit can be taken back.
        after: The note's fields as they are.
    """
    return _about(EventKind.EDIT, now, card, {"before": dict(before), "after": dict(after)})


def retag(now: Moment, card: Card, before: Sequence[str], after: Sequence[str]) -> Draft:
    """The learner gave a card's note other tags: those that the note itself has."""
    data: dict[str, object] = {"before": list(before), "after": list(after)}
    return _about(EventKind.RETAG, now, card, data)


class DeckStep(StrEnum):
    """The changes of deck files from within the app that are no edits of a note that is there."""

    NEW_NOTE = "new-note"
    NEW_DECK = "new-deck"
    DELETED_NOTES = "deleted-notes"
    DELETED_DECK = "deleted-deck"
    RENAMED_DECK = "renamed-deck"


def decks(
    now: Moment,
    step: DeckStep,
    title: str,
    notes: Mapping[str, Sequence[Mapping[str, str | list[str]]]] = MappingProxyType({}),
    cards: Sequence[str] = (),
    titles: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Draft:
    """Notes or decks were added, deleted or renamed from within the app.

    Args:
        now: When.
        step: The change.
        title: Of the deck or, if it is about a note, its prompt: to tell what is taken back.
        notes: By deck, the fields of the notes that were added or deleted.
        cards: The keys of the cards of deleted notes: no other card is taken for one of them.
        titles: By deck, its title before and after; of a new or a deleted one, its only title.
    """
    data: dict[str, object] = {"step": str(step), "title": title}
    if notes:
        data["notes"] = {deck: [dict(note) for note in own] for deck, own in notes.items()}
    if cards:
        data["cards"] = list(cards)
    if titles:
        data["decks"] = {deck: list(own) for deck, own in titles.items()}
    return Draft(EventKind.DECKS, now, data=data)


def as_one_step(drafts: Sequence[Draft]) -> list[Draft]:
    """Drafts of one moment and kind that the learner takes back at once; they are marked alike."""
    if len(drafts) == 1:
        return [*drafts]
    batch = os.urandom(6).hex()
    return [replace(draft, data={**draft.data, "batch": batch}) for draft in drafts]


def relink(now: Moment, old: str, card: Card) -> Draft:
    """A card was edited and so got another key: all that counted for `old` now counts for it.

    Events for `old` that come after this one are its own again: the learner brought it back.
    """
    return _about(EventKind.RELINK, now, card, {"old": old})


def join(now: Moment, old: str, card: Card) -> Draft:
    """The learner said that a card is `old` in other words: a re-link that can be taken back."""
    return _about(EventKind.RELINK, now, card, {"old": old, "by": LEARNER})


def apart(now: Moment, old: str, card: Card) -> Draft:
    """The learner said that a card is not an edited form of `old`; counts for neither's state."""
    return _about(EventKind.APART, now, card, {"old": old, "by": LEARNER})


def session_start(
    now: Moment,
    session: str,
    kind: SessionKind,
    decks: Sequence[str],
    titles: Mapping[str, str] = MappingProxyType({}),
    options: Mapping[str, object] = MappingProxyType({}),
) -> Draft:
    """A session began, on these decks.

    Args:
        now: When.
        session: Its id.
        kind: Its kind.
        decks: The ids of the decks.
        titles: What decks are called, by id: those that the log knows by another title or none.
        options: Of a quiz: `number` of questions, its other options, and as `retry_of` the quiz
            whose missed questions it asks again, as `pair` the two answers it asks to tell apart.
            Of study by time: `minutes`.
    """
    data: dict[str, object] = {"kind": str(kind), "decks": list(decks), **options}
    if titles:
        data["titles"] = dict(titles)
    return Draft(EventKind.SESSION_START, now, session=session, data=data)


def session_end(now: Moment, session: str, *, finished: bool = True) -> Draft:
    """A session ended; one without this event was broken off.

    Args:
        now: When.
        session: Its id.
        finished: False for a quiz that was left half-way.
    """
    data: dict[str, object] = {} if finished else {"finished": False}
    return Draft(EventKind.SESSION_END, now, session=session, data=data)


def undo(now: Moment, event: Event) -> Draft:
    """An event was taken back; an undo too, and then its event counts again."""
    data: dict[str, object] = {"device": event.device, "seq": event.seq}
    return Draft(EventKind.UNDO, now, event.card, event.session, data)


def stands(now: Moment, event: Event) -> Draft:
    """The learner let an event stand that could not be taken back: undo passes over it."""
    data: dict[str, object] = {"device": event.device, "seq": event.seq}
    return Draft(EventKind.STANDS, now, data=data)


def parameters(now: Moment, values: Sequence[float]) -> Draft:
    """Parameters of FSRS were put in force, for all reviews; none for the defaults."""
    return Draft(EventKind.PARAMETERS, now, data={"parameters": list(values)})


def correct_clock(now: Moment, device: str, first: int, last: int, shift: Shift) -> Draft:
    """Other times count for the events of a device whose clock was wrong; the log keeps the old.

    Args:
        now: When.
        device: Whose events.
        first: The number of the first of them.
        last: The number of the last of them.
        shift: The times that count. Of several such events about one event the last one holds.
    """
    data: dict[str, object] = {"device": device, "first": first, "last": last, **shift._asdict()}
    return Draft(EventKind.CLOCK, now, data=data)


def imported(
    now: Moment,
    source: str,
    notes: Mapping[str, Mapping[str, object]],
    marks: Mapping[str, int] = MappingProxyType({}),
    device: str | None = None,
    shipped: Mapping[str, str] = MappingProxyType({}),
) -> Draft:
    """Notes of a foreign file were written into decks, and their history into the log.

    Args:
        now: When.
        source: What the file was called.
        notes: By deck and note id: what the source named the note by, and a digest of each field as
            the file had it, so that a later import can tell the learner's edits from its own.
        marks: By card: its flag in the file, and 8 more if it was suspended there; of cards of
            which an earlier import said something else, or nothing and it is not 0.
        device: Under which the history is written. Its events count as long as this one does.
        shipped: Of a copy of a shipped deck, or what a newer version brought: the id of the `deck`,
            and digests of the whole `text` and of its `header`. The source then says which.
    """
    data: dict[str, object] = {"source": source, "notes": notes}
    if shipped:
        data["shipped"] = dict(shipped)
    if marks:
        data["marks"] = dict(marks)
    if device is not None:
        data["device"] = device
    return Draft(EventKind.IMPORT, now, data=data)


def left_behind(now: Moment, heads: Mapping[str, tuple[int, str]]) -> Draft:
    """The learner said that what backups hold is not to be in this log.

    Args:
        now: When.
        heads: By device: the number of the last event that is not, and half of its sum.
    """
    return Draft(EventKind.LEFT_BEHIND, now, data={"heads": dict(heads)})


def device(now: Moment, name: str) -> Draft:
    """The learner's name for the device that writes this, by which others tell of it."""
    return Draft(EventKind.DEVICE, now, data={"name": name})


def settings(now: Moment, changed: Mapping[str, object]) -> Draft:
    """Settings that decide what is due were changed, and hold on every device.

    Args:
        now: When.
        changed: Their values as the settings file has them; None for what was taken out. The names
            are those of `config.file.change`.
    """
    return Draft(EventKind.SETTINGS, now, data={"changed": dict(changed)})


def _about(
    kind: EventKind,
    now: Moment,
    card: Card,
    data: dict[str, object] | None = None,
    session: str | None = None,
) -> Draft:
    return Draft(kind, now, card.key, session, data or {}, Face.of(card))


def as_json(data: dict[str, object]) -> str:
    """The text that goes into the log. What UTF-8 cannot hold (lone surrogates) becomes "?"."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace").decode()
