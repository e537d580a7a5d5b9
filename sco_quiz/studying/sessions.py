"""Study sessions: what one asks, and what it writes to the log."""

from __future__ import annotations

import os
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from sco_quiz import debug
from sco_quiz.collector import collector_paused
from sco_quiz.learning.card_queue import Pick, Queue
from sco_quiz.learning.cards import NO_MEDIA
from sco_quiz.learning.session import BEGINNER_ANSWERS, StudySession
from sco_quiz.learning.study_day import day_end
from sco_quiz.library.index import as_stored
from sco_quiz.progress import log
from sco_quiz.studying.undo import undo
from sco_quiz.text import plain
from sco_quiz.workspace import cards
from sco_quiz.workspace.catalogue import logged_titles

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sco_quiz.learning.cards import Card, CardState, Rating
    from sco_quiz.learning.distractors import Sources
    from sco_quiz.learning.journal import Answer, UndoneStep
    from sco_quiz.learning.scheduling import Scheduler
    from sco_quiz.learning.study_day import Moment
    from sco_quiz.workspace.workspace import Workspace

MANY, FEW = 300, 60
"""How many cards are looked at for wrong choices: at leisure, and between two questions."""
NOTHING_PICKED = {
    Pick.AHEAD: "There is nothing to study ahead: no card waits for a later day.",
    Pick.HARDEST: "There is no card to go over: all that you know was answered today.",
}
"""Sentences for a session that finds no card, by what was to be picked."""
LONG_PROMPT = 12
"""Characters from which on a prompt is looked for within others, whatever their end marks."""


@collector_paused()
def begin_study(
    workspace: Workspace,
    decks: Sequence[str] = (),
    *,
    tag: str | None = None,
    most: int | None = None,
    most_new: int | None = None,
    pick: Pick = Pick.DUE,
    minutes: float | None = None,
) -> StudySession:
    """Begin a session over what `Agenda.today` says; it writes each answer to the log.

    Args:
        workspace: Whose cards, and where the answers go.
        decks: Only these; none means all.
        tag: Only notes with this tag.
        most: The most cards in all.
        most_new: The most new cards.
        pick: Which cards, and which first.
        minutes: How long it is to be. What is due then comes by its risk, new cards last.
    """
    if pick is Pick.DUE and minutes is not None:
        pick = Pick.AT_RISK
    journal = StudyLogJournal(workspace, decks, minutes)
    today = workspace.agenda.today(decks, tag=tag, most=most, most_new=most_new, pick=pick)
    return StudySession(
        journal,
        Queue(today, new_last=pick is Pick.AT_RISK),
        workspace.config.leech_lapses,
        minutes,
        whatever_due=pick in (Pick.AHEAD, Pick.HARDEST),
        answered_before=cards.answers_so_far(workspace.progress.connection, BEGINNER_ANSWERS),
    )


def question_holds_until(workspace: Workspace, session: StudySession) -> int:
    """Return the time until which a new session would ask the same (UTC ms); 0 for unknown.

    Args:
        workspace: The workspace.
        session: A session in it that has just begun, without choices of its own.
    """
    question, now = session.question, workspace.now()
    if question is None or question.mistake or question.original.media != NO_MEDIA:
        return 0
    coming = [step.due_at for step in workspace.agenda.steps() if step.due_at > now.at]
    return min([day_end(now, workspace.config.rollover), *coming])


def end_cleared_plan(workspace: Workspace) -> bool:
    """Take the plan for a backlog out of the settings once there is none; tell whether that was so.

    Raises:
        ConfigError: The settings cannot be written.
    """
    if not workspace.config.backlog_per_day or workspace.agenda.backlog().per_day:
        return False
    from sco_quiz.config.file import change  # 36 ms, at the end of a plan only

    change(workspace.paths.config_file, "backlog_per_day", None)
    workspace.reread_settings()
    return True


class SessionJournal:
    """The clock, the cards and the start in the log that every session needs."""

    def __init__(
        self,
        workspace: Workspace,
        kind: log.SessionKind,
        decks: Mapping[str, str],
        options: Mapping[str, object] = MappingProxyType({}),
    ) -> None:
        """Begin a session that the log knows of once there is an answer.

        Args:
            workspace: Whose cards, and where the answers go.
            kind: Of the session.
            decks: The decks of the session: their titles by id.
            options: What `log.session_start` keeps of them.
        """
        self.now = workspace.now
        self._workspace = workspace
        self._progress = workspace.progress
        self._db = workspace.progress.connection
        self._kind = kind
        tree = workspace.catalogue.tree
        part = tree.part_of(decks)
        self._decks = decks
        self._options = options if part is None else {**options, "part": part}
        self._titles = {**decks, part: tree.full_name(part)} if part else decks
        self._session = os.urandom(8).hex()
        self._started = False
        self._began = self._progress.latest()
        self._catalogue, self._version = workspace.catalogue, self._progress.version()
        self._last_read_from: dict[str, str] = {}
        self._answers_in_file: tuple[int, tuple[str, ...]] = (0, ())
        debug.note("a session begins: %s", kind.value)

    def look(self, keys: Iterable[str]) -> Mapping[str, str] | None:
        """Look around for decks that changed and for what other programs wrote to the log.

        Returns:
            The new keys of cards, by those they had; None if nothing changed.
        """
        self._workspace.see_changes()
        seen = self._workspace.catalogue, self._progress.version()
        if (self._catalogue, self._version) == seen:
            return None
        self._catalogue, self._version = seen
        return self._progress.keys_now(keys, self._began)

    def card(self, key: str) -> Card | None:
        """Return the card as its deck has it now, or as last read where there is a mistake."""
        found = cards.find_card(self._db, key)
        if found is None and self._workspace.see_changes():
            found = cards.find_card(self._db, key)
        self._last_read_from.pop(key, None)
        if found is None and (found := cards.find_last_read(self._db, key)):
            self._last_read_from[key] = found.path
        return found.card if found else None

    def successor(self, card: Card) -> Card | None:
        """Return the card that a vanished one without a history plainly became."""
        return self._workspace.relinker.successor(card)

    def mistake(self, card: Card) -> str:
        """Return the mistake for which a card's file cannot be read now; empty for none."""
        path = self._last_read_from.get(card.key)
        return self._workspace.catalogue.mistake_in(path) if path else ""

    def rivals(self, card: Card) -> tuple[str, ...]:
        """Right answers of the category, or else of the deck, the card's own among them."""
        if card.category:
            return tuple(cards.answers_of_category(self._db, card.category))
        return self._answers_of_deck(card.deck)

    def _answers_of_deck(self, deck: str) -> tuple[str, ...]:
        """The answers of a deck without a category, read again when its file was."""
        file = cards.file_of_deck(self._db, deck)
        if file is None:
            return ()
        if self._answers_in_file[0] != file:
            self._answers_in_file = file, tuple(cards.answers_in_file(self._db, file))
        return self._answers_in_file[1]

    def sources(self, card: Card, *, quickly: bool = False) -> Sources:
        """Collect the cards from which wrong choices for a card may be taken.

        Args:
            card: What is asked.
            quickly: Look at no more than fits between two questions: at fewer cards, and only in
                its deck for others with its prompt or answer.
        """
        from sco_quiz.learning.distractors import Sources  # only where choices are drawn

        def others(found: Sequence[Card]) -> list[Card]:
            return [each for each in found if each.key != card.key]

        db, answer = self._db, plain(card.answers[0])
        same = [as_stored(text) for text in (card.prompt, *card.answers)]
        core = card.prompt.rstrip(" .?!:…")
        if len(core) >= LONG_PROMPT:
            same.append(core.encode())
        most, where = (FEW, card.deck) if quickly else (MANY, None)
        kin = cards.cards_of_category(db, card.category, card.deck, most)
        return Sources(
            confused=cards.confused_with(db, card.key, card.category, answer),
            category=others(kin),
            deck=others(cards.cards_alike(db, card.deck, answer, most)),
            related=others(cards.cards_with_any(db, same, where, most)),
        )

    def _append(self, *drafts: log.EventDraft, unless_overtaken: bool = False) -> list[log.Event]:
        """Write events; the first bring the session's start with them.

        Args:
            drafts: The events.
            unless_overtaken: Write none, where others wrote to the log since the last look.
        """
        if not self._started:
            known = logged_titles(self._db)
            titles = {
                name: title for name, title in self._titles.items() if known.get(name) != title
            }
            start = log.session_start(
                drafts[0].moment,
                self._session,
                self._kind,
                list(self._decks),
                titles,
                self._options,
            )
            drafts = (start, *drafts)
        version = self._version if unless_overtaken else None
        written = self._progress.append(*drafts, version=version)
        self._started = self._started or bool(written)
        return written


class StudyLogJournal(SessionJournal):
    """The journal of one study session; see `learning.session.Journal`."""

    def __init__(
        self, workspace: Workspace, decks: Sequence[str], minutes: float | None = None
    ) -> None:
        """Begin to study; settings that change meanwhile do not change the session.

        Args:
            workspace: Whose cards, and where the answers go.
            decks: Ids of decks; none means all.
            minutes: How long the session is to be.
        """
        options = {} if minutes is None else {"minutes": minutes}
        used = workspace.catalogue.decks
        titles = {deck: used[deck].title for deck in decks or used}
        super().__init__(workspace, log.SessionKind.STUDY, titles, options)
        self._config = config = workspace.config
        self._retention = {deck: workspace.agenda.retention_of(deck) for deck in used}
        self._ramp = {
            deck: config.of_deck(deck, "ramp", row.settings) for deck, row in used.items()
        }
        self._schedulers: dict[float, Scheduler] = {}
        self._open = False

    def undo(self) -> UndoneStep | None:
        """Take back the learner's last step."""
        return undo(self._workspace)

    def state(self, key: str) -> CardState:
        """Return the state of the card by the log."""
        return self._progress.state(key)

    def pose(self, card: Card, before: CardState) -> Card:
        """A typed card as a choice while it is learned, where there is a ramp."""
        if not self._ramp.get(card.deck, self._config.ramp):
            return card
        from sco_quiz.learning.posing import as_recognised  # 6 modules, 4 ms: for few cards

        sources = partial(self.sources, quickly=True)
        return as_recognised(card, before, sources, self.now())

    def next_states(
        self, card: Card, before: CardState, moment: Moment
    ) -> Mapping[Rating, CardState]:
        """Return the state of the card after each rating."""
        return self._scheduler(card.deck).next_states(card.key, before, moment)

    def record(self, answer: Answer) -> bool:
        """Write an answer, unless another program has written to the log since the last look."""
        written = self._append(
            log.review(
                answer.moment,
                answer.card,
                answer.rating,
                answer.before,
                answer.after,
                session=self._session,
                answer=answer.given,
                verdict=answer.judgement.verdict,
                milliseconds=answer.milliseconds,
                hinted=answer.hinted,
                asked=answer.asked,
            ),
            unless_overtaken=True,
        )
        self._open = self._open or bool(written)
        return bool(written)

    def suspend(self, card: Card) -> None:
        """Set the card aside."""
        self._progress.append(log.suspend(self.now(), card))

    def bury(self, card: Card) -> None:
        """Put the card off until tomorrow."""
        now = self.now()
        self._progress.append(log.bury(now, card, now.day + 1))

    def flag(self, card: Card, flag: int) -> None:
        """Give the card a flag, 1 to 7, or 0 for none."""
        self._progress.append(log.flag(self.now(), card, flag))

    def end(self) -> None:
        """Note the end, if anything was answered since the last one."""
        debug.note("the session ends")
        if self._open:
            self._progress.append(log.session_end(self.now(), self._session))
            self._open = False

    def _scheduler(self, deck: str) -> Scheduler:
        from sco_quiz.learning.scheduling import (  # nothing asked needs them
            Scheduler,
            SchedulingOptions,
        )

        config = self._config
        retention = self._retention.get(deck, config.retention)
        if retention not in self._schedulers:
            self._schedulers[retention] = Scheduler(
                SchedulingOptions(
                    retention=retention,
                    learning_steps=config.learning_steps,
                    relearning_steps=config.relearning_steps,
                    maximum_interval=config.maximum_interval,
                    parameters=self._progress.parameters,
                )
            )
        return self._schedulers[retention]
