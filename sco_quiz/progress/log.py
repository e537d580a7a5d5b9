"""The events of the log, and a function for each kind that drafts one.

A caller makes a `EventDraft` with one of the functions below; `Progress.append` turns it into an
`Event`. Events have one total order (`Event.order`), on which all devices agree. In this order an
event comes after all events that its device knew of, even when the clock was set back.

The history of a foreign file is written like that of another device, under an id of its own; its
events stand in the order at the times when they happened.
"""

from __future__ import annotations

import json
import os
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sco_quiz.learning.cards import Card, CardState, Rating
    from sco_quiz.learning.kinds import Kind
    from sco_quiz.learning.study_day import Moment
    from sco_quiz.learning.wrong_clock import Shift


_parse = json.JSONDecoder().raw_decode  # half the cost of json.loads

SELECT_EVENTS = """
SELECT device, seq, stamp, at, tz, day, kind, card, session, data, sum FROM event """
INSERT_EVENT = "INSERT OR FAIL INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
"""For a transaction that is rolled back on errors; see `inserting.insert`."""
IN_ORDER = "ORDER BY stamp, device, seq"
"""The total order, in SQL."""


LEARNER = "learner"
"""The value of `by` in a re-link that the learner made; other re-links follow from edits."""

Order: TypeAlias = tuple[int, str, int]
"""A place in the total order: stamp, device, seq."""


class EventKind(StrEnum):
    """The kinds of events."""

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
    """The look of a card, kept so that its history stays readable when its deck is gone or edited.

    Attributes:
        deck: The id of its deck.
        kind: Its kind.
        prompt: Its question.
        answer: Its right answers, one a line.
    """

    deck: str
    kind: str
    prompt: str
    answer: str

    @classmethod
    def of(cls, card: Card) -> Face:
        """Return the face of a card as its deck has it now."""
        return cls(card.deck, str(card.kind), card.prompt, "\n".join(card.answers))


class EventDraft(NamedTuple):
    """An event without its place in the log.

    Attributes:
        kind: Its kind.
        moment: The time when it happened.
        card: The key of the card it is about.
        session: The id of the session it belongs to.
        data: The details, which depend on the kind; they go into the log as JSON.
        face: The look of the card; logged only when it differs from the last one logged.
    """

    kind: EventKind
    moment: Moment
    card: str | None = None
    session: str | None = None
    data: Mapping[str, object] = MappingProxyType({})
    face: Face | None = None


class Event(NamedTuple):
    """One row of the log.

    Attributes:
        device: The id of the device that wrote it.
        seq: Its number among the device's events, from 1.
        stamp: `at`, or one more than the highest stamp that the device knew, if that is greater.
        at: UTC milliseconds.
        tz: The offset of local time from UTC at that time, in minutes east.
        day: Study day, as `date.toordinal`.
        kind: An `EventKind`; one that this version does not know counts for nothing.
        card: The key of the card it is about.
        session: The session it belongs to.
        data: JSON, as it stands in the log.
        sum: The proof that the row is as it was written; see `sums`.
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
        """The device and number, by which undo events and all else name it."""
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


event_of = cast("Callable[[Sequence[Any]], Event]", partial(tuple.__new__, Event))
"""Make an event of a row of the log, in half the time of `Event._make`."""


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
) -> EventDraft:
    """Draft a review: a card was answered and rated.

    Args:
        now: The moment of the answer.
        card: The card that was asked.
        rating: The learner's rating.
        before: The card's state until then.
        after: The state that the rating button promised. Its state, step and due date are kept:
            later changes of settings don't touch them.
        session: The id of the study session; None for an answer given in another program.
        answer: The learner's answer; several texts for multi, order, list and the like.
        verdict: The checker's verdict; None if it had nothing to check.
        milliseconds: The time from the question to the answer.
        hinted: True if the hint was seen.
        asked: The kind as which it was asked, if not its own.
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
) -> EventDraft:
    """Draft an answer in a quiz; it counts for the quiz's score and for no card's state.

    When the learner says that a rejected answer was right, it is undone and drafted anew.

    Args:
        now: The moment of the answer.
        card: The card that was asked.
        session: The id of the quiz.
        correct: True if it counts as right.
        answer: The learner's answer; several texts for multi, order, list and the like.
        verdict: The checker's verdict; None if it had nothing to check.
        milliseconds: The time from the question to the answer.
        asked: The kind as which it was asked, if not its own.
        late: True if the time was up before the answer.
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


def today(now: Moment, card: Card, session: str) -> EventDraft:
    """Draft that a card missed in a quiz is to be studied on this day, due or not."""
    return _about(EventKind.TODAY, now, card, session=session)


def suspend(now: Moment, card: Card) -> EventDraft:
    """Draft that a card is set aside until the learner takes it back."""
    return _about(EventKind.SUSPEND, now, card)


def unsuspend(now: Moment, card: Card) -> EventDraft:
    """Draft that a suspended card is taken back."""
    return _about(EventKind.UNSUSPEND, now, card)


def bury(now: Moment, card: Card, until: int) -> EventDraft:
    """Draft that a card is put off until a study day."""
    return _about(EventKind.BURY, now, card, {"until": until})


def flag(now: Moment, card: Card, flag: int) -> EventDraft:
    """Draft that a card gets another flag: 1 to 7, or 0 for none."""
    return _about(EventKind.FLAG, now, card, {"flag": flag})


def reset(now: Moment, card: Card) -> EventDraft:
    """Draft that a card is learned anew. Its earlier events, flag and suspension stay."""
    return _about(EventKind.RESET, now, card)


def accept(now: Moment, card: Card, answer: str, session: str | None = None) -> EventDraft:
    """Draft that the learner added an answer to the card's accepted ones; in a quiz, in which."""
    return _about(EventKind.ACCEPT, now, card, {"answer": answer}, session)


def edit(
    now: Moment,
    card: Card,
    before: Mapping[str, str | list[str]],
    after: Mapping[str, str | list[str]],
) -> EventDraft:
    """Draft that the learner edited a card's note in the app.

    Args:
        now: The moment of the edit.
        card: The card after the edit.
        before: The note's fields before it, so that the edit can be taken back.
        after: The note's fields after it.
    """
    return _about(EventKind.EDIT, now, card, {"before": dict(before), "after": dict(after)})


def retag(now: Moment, card: Card, before: Sequence[str], after: Sequence[str]) -> EventDraft:
    """Draft that the learner changed a note's tags; those of its deck are not among them."""
    data: dict[str, object] = {"before": list(before), "after": list(after)}
    return _about(EventKind.RETAG, now, card, data)


class DeckStep(StrEnum):
    """The changes of deck files in the app, except edits of an existing note."""

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
    places: Mapping[str, Sequence[Mapping[str, object]]] = MappingProxyType({}),
) -> EventDraft:
    """Draft that notes or decks were added, deleted or renamed in the app.

    Args:
        now: The moment of the change.
        step: The change.
        title: The title of the deck or the prompt of the note, to name what undo takes back.
        notes: By deck, the fields of the notes that were added or deleted.
        cards: The keys of the cards of deleted notes, which are never re-linked.
        titles: By deck, its title before and after; the only title of a new or deleted one.
        places: By deck, where the notes that were deleted stood.
    """
    data: dict[str, object] = {"step": str(step), "title": title}
    if notes:
        data["notes"] = {deck: [dict(note) for note in own] for deck, own in notes.items()}
    if cards:
        data["cards"] = list(cards)
    if titles:
        data["decks"] = {deck: list(own) for deck, own in titles.items()}
    if places:
        data["places"] = {deck: [dict(place) for place in own] for deck, own in places.items()}
    return EventDraft(EventKind.DECKS, now, data=data)


def as_one_step(drafts: Sequence[EventDraft]) -> list[EventDraft]:
    """Mark drafts of one moment and kind alike, so that the learner takes them back at once."""
    if len(drafts) == 1:
        return [*drafts]
    batch = os.urandom(6).hex()
    return [draft._replace(data={**draft.data, "batch": batch}) for draft in drafts]


def relink(now: Moment, old: str, card: Card) -> EventDraft:
    """Draft a re-link: an edited card got another key, and the history of `old` is now its own.

    Later events for `old` count for `old` again: the learner brought that card back.
    """
    return _about(EventKind.RELINK, now, card, {"old": old})


def join(now: Moment, old: str, card: Card) -> EventDraft:
    """Draft a re-link that the learner made, and can take back: a card is `old` in other words."""
    return _about(EventKind.RELINK, now, card, {"old": old, "by": LEARNER})


def apart(now: Moment, old: str, card: Card) -> EventDraft:
    """Draft that a card is, the learner says, no edited form of `old`; no state changes by it."""
    return _about(EventKind.APART, now, card, {"old": old, "by": LEARNER})


def session_start(
    now: Moment,
    session: str,
    kind: SessionKind,
    decks: Sequence[str],
    titles: Mapping[str, str] = MappingProxyType({}),
    options: Mapping[str, object] = MappingProxyType({}),
) -> EventDraft:
    """Draft that a session began.

    Args:
        now: The moment when it began.
        session: Its id.
        kind: Its kind.
        decks: The ids of the decks.
        titles: The titles of decks, by id, where the log has another title or none.
        options: For a quiz: `number` of questions, its other options, `retry_of` for the quiz whose
            missed questions it asks again, and `pair` for the two answers to tell apart. For study
            by time: `minutes`. For a parent's decks its id as `part`, which is empty for all decks.
    """
    data: dict[str, object] = {"kind": str(kind), "decks": list(decks), **options}
    if titles:
        data["titles"] = dict(titles)
    return EventDraft(EventKind.SESSION_START, now, session=session, data=data)


def session_end(now: Moment, session: str, *, finished: bool = True) -> EventDraft:
    """Draft that a session ended; a session without this event was interrupted.

    Args:
        now: The moment when it ended.
        session: Its id.
        finished: False for a quiz that was left half-way.
    """
    data: dict[str, object] = {} if finished else {"finished": False}
    return EventDraft(EventKind.SESSION_END, now, session=session, data=data)


def undo(now: Moment, event: Event) -> EventDraft:
    """Draft that an event is taken back. It may be an undo; then the event of that counts again."""
    data: dict[str, object] = {"device": event.device, "seq": event.seq}
    return EventDraft(EventKind.UNDO, now, event.card, event.session, data)


def stands(now: Moment, event: Event) -> EventDraft:
    """Draft that an event which could not be taken back stays; undo passes over it."""
    data: dict[str, object] = {"device": event.device, "seq": event.seq}
    return EventDraft(EventKind.STANDS, now, data=data)


def parameters(now: Moment, values: Sequence[float]) -> EventDraft:
    """Draft parameters of FSRS, in force for all reviews; no values for the defaults."""
    return EventDraft(EventKind.PARAMETERS, now, data={"parameters": list(values)})


def correct_clock(now: Moment, device: str, first: int, last: int, shift: Shift) -> EventDraft:
    """Draft other times for the events of a device whose clock was wrong; the log is unchanged.

    Args:
        now: The moment of the correction.
        device: The device that wrote them.
        first: The number of the first of them.
        last: The number of the last of them.
        shift: The times that count. If several corrections cover an event, the last one is applied.
    """
    data: dict[str, object] = {"device": device, "first": first, "last": last, **shift._asdict()}
    return EventDraft(EventKind.CLOCK, now, data=data)


def imported(
    now: Moment,
    source: str,
    notes: Mapping[str, Mapping[str, object]],
    marks: Mapping[str, int] = MappingProxyType({}),
    device: str | None = None,
    shipped: Mapping[str, str] = MappingProxyType({}),
) -> EventDraft:
    """Draft an import: notes of a foreign file go into decks, and their history into the log.

    Args:
        now: The moment of the import.
        source: The name of the file.
        notes: By deck and note id: the source's own id of the note, and a digest of each field as
            the file had it, so that a later import can tell the learner's edits from its own.
        marks: By card: its flag in the file, plus 8 if it was suspended there. Only cards whose
            value differs from that of the earlier imports, which is 0 if none named the card.
        device: The id under which the history is written. Its events count while this one counts.
        shipped: For a copy of a shipped deck, or the changes of a newer version: the id of the
            `deck`, and digests of the whole `text` and of its `header`; `source` says which of the
            two it is.
    """
    data: dict[str, object] = {"source": source, "notes": notes}
    if shipped:
        data["shipped"] = dict(shipped)
    if marks:
        data["marks"] = dict(marks)
    if device is not None:
        data["device"] = device
    return EventDraft(EventKind.IMPORT, now, data=data)


def left_behind(now: Moment, heads: Mapping[str, tuple[int, str]]) -> EventDraft:
    """Draft that the learner gives up the events that backups hold and this log lacks.

    Args:
        now: The moment of the decision.
        heads: By device: the number of the last event given up, and half of its sum.
    """
    return EventDraft(EventKind.LEFT_BEHIND, now, data={"heads": dict(heads)})


def device(now: Moment, name: str) -> EventDraft:
    """Draft the learner's name for this device, by which others show it."""
    return EventDraft(EventKind.DEVICE, now, data={"name": name})


def settings(now: Moment, changed: Mapping[str, object]) -> EventDraft:
    """Draft that settings which decide what is due were changed, for every device.

    Args:
        now: The moment of the change.
        changed: Their values as in the settings file; None for a removed one. The names are those
            of `config.file.change`.
    """
    return EventDraft(EventKind.SETTINGS, now, data={"changed": dict(changed)})


def _about(
    kind: EventKind,
    now: Moment,
    card: Card,
    data: dict[str, object] | None = None,
    session: str | None = None,
) -> EventDraft:
    return EventDraft(kind, now, card.key, session, data or {}, Face.of(card))
