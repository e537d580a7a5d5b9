"""Finds cards, shows their details, and changes one or many of them at a time."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.authoring.steps import delete_notes
from sco_quiz.authoring.tags import retag
from sco_quiz.insight import finding
from sco_quiz.insight.card_columns import ListedCard
from sco_quiz.learning.cards import CardState, Rating
from sco_quiz.learning.memory import MemoryModel
from sco_quiz.learning.relinking import by_likeness
from sco_quiz.learning.study_day import study_day
from sco_quiz.library.words import fill_words
from sco_quiz.progress import log
from sco_quiz.progress.log import EventKind
from sco_quiz.workspace.cards import find_card, find_cards
from sco_quiz.workspace.relinking import face_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Sequence

    from sco_quiz.learning.cards import Card, KeyedFace
    from sco_quiz.learning.search import Search, SearchProblem
    from sco_quiz.learning.study_day import Moment
    from sco_quiz.progress.fold import Transition
    from sco_quiz.progress.log import EventDraft
    from sco_quiz.workspace.workspace import Workspace

FILES_AT_ONCE = 5
"""The number of deck files that one call of `prepare` makes ready for searching."""
_TOLD = frozenset({EventKind.REVIEW, EventKind.ANSWER, EventKind.RESET})
FEW = 1_000
"""The most cards that are found by their texts in memory, if they are to be sorted."""
_BEFORE, _BEHIND = b"\x1e", b"\x1f"
"""The marks before and after the key in front of a text; no text has them, as they are spaces."""

_JOINED = """SELECT CAST(group_concat(char(30) || key || char(31) || text, '') AS BLOB)
FROM library.words WHERE file = ?"""


class PastEvent(NamedTuple):
    """An event in the history of a card.

    Attributes:
        what: `review`; `answer` for one in a quiz; or `reset`.
        at: The time, in UTC milliseconds.
        tz: The offset from UTC, in minutes east.
        day: The study day.
        rating: 1 Again, 2 Hard, 3 Good, 4 Easy; None except for a review.
        asked: The kind as which it was asked; empty for a reset.
        correct: True if it was right: in a study session, not rated Again; None for a reset.
        given: The answer; several texts for multi, order, list and the like.
        verdict: correct, close, wrong; None if nothing was checked.
        milliseconds: The time from question to answer.
        interval: The interval in days that it got; 0 for a step of minutes, and in a quiz.
        stability: The stability in days from then on; 0 after a reset.
    """

    what: str
    at: int
    tz: int
    day: int
    rating: Rating | None = None
    asked: str = ""
    correct: bool | None = None
    given: tuple[str, ...] = ()
    verdict: str | None = None
    milliseconds: int = 0
    interval: int = 0
    stability: float = 0.0


class Details(NamedTuple):
    """All details of a card.

    Attributes:
        row: Its row.
        past: Its history, the oldest first.
        memory: The model of its memory.
        now: The present.
    """

    row: ListedCard
    past: tuple[PastEvent, ...]
    memory: MemoryModel
    now: Moment


class Browser:
    """Finds cards and changes them. Every change is a step that the workspace's undo takes back."""

    def __init__(self, workspace: Workspace) -> None:
        """Browse the cards of a workspace; `prepare` loads their texts into memory."""
        self._workspace = workspace
        self._db = workspace.progress.connection
        self._texts = _Texts(self._db)

    def find(
        self,
        search: Search,
        order: str = "",
        *,
        descending: bool = False,
        most: int | None = None,
    ) -> list[str]:
        """Return the keys of the cards that fit a search.

        Args:
            search: The search.
            order: One of `card_columns.COLUMNS`; empty for the decks' own order.
            descending: True for falling order; cards without a value come last in either order.
            most: The greatest number of keys; None for all.
        """
        self._workspace.see_changes()
        if finding.needs_words(search, order):
            fill_words(self._workspace.index)
        find = partial(
            finding.find, self._db, search, self._present, order, descending=descending, most=most
        )
        texts = (term.value for term in search.terms if not term.name and not term.negated)
        # To find all cards of a frequent text is left to SQLite, which lets other threads run.
        enough = 0 if most is None else FEW if order else 2 * most
        candidates = self._texts.candidates(texts, enough)
        whole = [list(each.texts) for each in candidates if each.are_all]
        if not whole and not order:
            for each in candidates:
                first = find(among=list(each.texts))
                if len(first) == most:
                    return first
        return find(among=min(whole, key=len, default=None))

    def prepare(self) -> bool:
        """Make some more cards ready for searching; return True if others are left."""
        self._workspace.see_changes()
        return fill_words(self._workspace.index, FILES_AT_ONCE) or self._texts.keep(FILES_AT_ONCE)

    def troubles(self, search: Search) -> list[SearchProblem]:
        """Return the mistakes of a search, unknown decks and tags included."""
        if finding.needs_words(search, ""):
            fill_words(self._workspace.index)
        return [*search.troubles, *finding.unknown(self._db, search, self._present)]

    def rows(self, keys: Sequence[str]) -> list[ListedCard]:
        """Return the rows of cards, in the order of the keys; cards that are gone are left out."""
        self._workspace.see_changes()
        present = self._present
        wanted = json.dumps(list(keys))
        states = self._workspace.progress.states(keys)
        came = finding.added(self._db, present, wanted)
        memory = self._memory
        rows = {}
        for card, path, line in find_cards(self._db, keys):
            state = states.get(card.key, CardState())
            recall = None
            if state.stability:
                recall = memory.retrievability(state.stability, present.now.day - state.last_day)
            day = study_day(came[card.key], present.now.tz, present.rollover)
            title = present.titles[card.deck]
            rows[card.key] = ListedCard(card, state, title, path, line, day, recall)
        return [rows[key] for key in keys if key in rows]

    def details(self, key: str) -> Details | None:
        """Return all details of a card; None if it is gone."""
        rows = self.rows([key])
        if not rows:
            return None
        past = [
            _past(transition)
            for transition in self._workspace.progress.transitions([key]).get(key, ())
            if transition.event.kind in _TOLD
        ]
        return Details(rows[0], tuple(past), self._memory, self._workspace.now())

    def orphans(self, key: str) -> list[KeyedFace]:
        """Return cards with a history that no deck has, those most similar to a card first."""
        self._workspace.see_changes()
        located = find_card(self._db, key)
        orphans = self._workspace.relinker.orphans()
        return by_likeness(face_of(located.card), orphans) if located else orphans

    # Steps. Each returns the number of cards it changed, and writes nothing if there are none.

    def suspend(self, keys: Sequence[str]) -> int:
        """Suspend these cards.

        Raises:
            ProgressError: The log could not be written; so for all steps below.
        """
        return self._step(keys, lambda state: not state.suspended, log.suspend)

    def unsuspend(self, keys: Sequence[str]) -> int:
        """Take back the suspension of these cards."""
        return self._step(keys, lambda state: state.suspended, log.unsuspend)

    def bury(self, keys: Sequence[str]) -> int:
        """Put these cards off until tomorrow."""
        until = self._workspace.now().day + 1
        return self._step(
            keys,
            lambda state: state.buried_until < until,
            lambda now, card: log.bury(now, card, until),
        )

    def flag(self, keys: Sequence[str], flag: int) -> int:
        """Give these cards a flag, 1 to 7, or 0 for none."""
        return self._step(
            keys,
            lambda state: state.flag != flag,
            lambda now, card: log.flag(now, card, flag),
        )

    def reset(self, keys: Sequence[str]) -> int:
        """Let these cards be learned anew; their answers stay in the log."""
        return self._step(keys, lambda state: state.reps > 0, log.reset)

    def join(self, old: str, key: str) -> bool:
        """Give a card the history of one that no deck has, in addition to its own.

        Returns:
            False if one of the two has changed meanwhile.
        """
        self._workspace.see_changes()
        return self._workspace.relinker.join(old, key)

    def retag(self, keys: Sequence[str], add: Sequence[str], remove: Sequence[str]) -> int:
        """Add tags to the notes of these cards, and remove others.

        Returns:
            The number of changed notes.

        Raises:
            DeckError: One of the decks came with the app or sets such a tag for all its notes, or a
                file cannot be written.
        """
        return retag(self._workspace, self._cards(keys), add, remove)

    def delete(self, keys: Sequence[str]) -> int:
        """Delete the notes of these cards from their decks; the cards' history stays.

        Returns:
            The number of deleted notes.

        Raises:
            DeckError: One of the decks came with the app, or a file cannot be written.
        """
        return delete_notes(self._workspace, self._cards(keys))

    def _step(
        self,
        keys: Sequence[str],
        concerned: Callable[[CardState], bool],
        draft: Callable[[Moment, Card], EventDraft],
    ) -> int:
        states = self._workspace.progress.states(keys)
        chosen = [key for key in keys if concerned(states.get(key, CardState()))]
        now = self._workspace.now()
        drafts = [draft(now, card) for card in self._cards(chosen)]
        if drafts:
            self._workspace.progress.append(*log.as_one_step(drafts))
        return len(drafts)

    def _cards(self, keys: Sequence[str]) -> list[Card]:
        self._workspace.see_changes()
        return [located.card for located in find_cards(self._db, keys)]

    @property
    def _present(self) -> finding.SearchContext:
        config, catalogue = self._workspace.config, self._workspace.catalogue
        tree = catalogue.tree
        tree_titles = {name: node.name for name, node in tree.nodes.items()} | catalogue.titles
        return finding.SearchContext(
            self._workspace.now(),
            config.rollover,
            config.leech_lapses,
            tree_titles,
            {name: tree.decks(name) for name in tree.parents},
        )

    @property
    def _memory(self) -> MemoryModel:
        return MemoryModel(self._workspace.progress.parameters)


def _past(transition: Transition) -> PastEvent:
    event, data, before, after = transition
    about = (event.at, event.tz, event.day)
    if event.kind == EventKind.RESET:
        return PastEvent("reset", *about)
    given = data["answer"]
    answered = PastEvent(
        str(event.kind),
        *about,
        asked=data["asked"],
        correct=data.get("correct"),
        given=tuple([given] if isinstance(given, str) else given),
        verdict=data["verdict"],
        milliseconds=data["ms"],
        stability=before.stability,
    )
    if event.kind == EventKind.ANSWER:
        return answered
    rating = Rating(data["rating"])
    return answered._replace(
        rating=rating,
        correct=rating > Rating.AGAIN,
        interval=max(after.due_day - event.day, 0),
        stability=after.stability,
    )


class Candidates(NamedTuple):
    """Cards that have a text, and maybe some that do not, in the order of the decks.

    Attributes:
        texts: The texts of each, by its key.
        are_all: True if no others have it; else these are the first.
    """

    texts: dict[str, bytes]
    are_all: bool = True


class _Texts:
    """The texts of the decks in use, in memory, to find the cards that have a text as it is typed.

    SQLite compares text by text, which takes 40 ms for 100,000 cards if the first letter is a
    frequent one; a search through the bytes of one deck after the other takes 7 ms, and 12 MB. It
    stops where there are enough cards, and where there are none left, the next letter looks at the
    few that were found.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        """Start without texts.

        Args:
            db: The connection; see `candidates`.
        """
        self._db = db
        self._texts_by_file: dict[
            int, bytes
        ] = {}  # by file, whose number changes when it is read anew
        self._known: dict[str, Candidates] = {}
        self._known_in: list[int] = []

    def keep(self, most: int) -> bool:
        """Load the texts of some more files; return True if others are left.

        Args:
            most: The most files; the index must have their words.
        """
        files = self._files()
        self._texts_by_file = {
            file: self._texts_by_file[file] for file in files if file in self._texts_by_file
        }
        missing = [file for file in files if file not in self._texts_by_file]
        for file in missing[:most]:
            self._texts_by_file[file] = self._db.execute(_JOINED, (file,)).fetchone()[0] or b""
        return len(missing) > most

    def candidates(self, texts: Iterable[str], enough: int) -> list[Candidates]:
        """Return for each text the cards that may have it.

        Those of a text that goes on from one of the last call are looked for among its cards.

        Args:
            texts: The texts, as `searchable` returns them.
            enough: The number of cards at which to stop.
        """
        files = self._files()
        if files != self._known_in:
            self._known, self._known_in = {}, files
        found = {text: self._among_known(text) or self._look_for(text, enough) for text in texts}
        self._known = {text: cards for text, cards in found.items() if cards.are_all}
        return list(found.values())

    def _among_known(self, text: str) -> Candidates | None:
        for begun, known in self._known.items():
            if begun in text:
                wanted = text.encode()
                return Candidates({key: own for key, own in known.texts.items() if wanted in own})
        return None

    def _look_for(self, text: str, enough: int) -> Candidates:
        pattern = re.compile(re.escape(text.encode()))  # short texts in half the time of `find`
        found: dict[str, bytes] = {}
        for file in self._known_in:
            texts = self._texts_by_file.get(file)
            if texts is None or len(found) == enough:
                return Candidates(found, are_all=False)
            end = 0
            for match in pattern.finditer(texts):
                if (place := match.start()) < end:
                    continue
                if len(found) == enough:
                    return Candidates(found, are_all=False)
                start = texts.rfind(_BEFORE, 0, place + 1) + 1
                end = texts.find(_BEFORE, place)
                if end < 0:
                    end = len(texts)
                key, _, own = texts[start:end].partition(_BEHIND)
                found[key.decode()] = own
        return Candidates(found)

    def _files(self) -> list[int]:
        return [file for (file,) in self._db.execute("SELECT file FROM temp.deck ORDER BY place")]
