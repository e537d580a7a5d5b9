"""The history of sessions: their answers, and the development of scores."""

from __future__ import annotations

import json
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from sco_quiz.errors import UsageError
from sco_quiz.insight.kept_counts import KeptCount
from sco_quiz.insight.review_sums import OF_DECKS
from sco_quiz.learning.review_statistics import WEIGHTY, Share
from sco_quiz.workspace.catalogue import logged_titles

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from sco_quiz.library.deck_tree import DeckTree
    from sco_quiz.progress.marking import LogMark
    from sco_quiz.workspace.workspace import Workspace

_SELECT_SESSION_ANSWERS = {
    "study": "SELECT session, card, rating > 1 AS correct, milliseconds FROM review",
    "quiz": "SELECT session, card, correct, milliseconds FROM answer",
}
"""The answers of sessions, by their kind."""

_SESSIONS = f"""
SELECT id, kind, decks, started, tz, ended, ended_tz, day, asked, correct, milliseconds, finished,
  tag, retry_of, pair, part
FROM session
WHERE (:kind IS NULL OR kind = :kind) AND asked > 0 AND (:decks IS NULL OR id IN (
  SELECT session FROM review WHERE {OF_DECKS} UNION SELECT session FROM answer WHERE {OF_DECKS}))
ORDER BY started DESC, id"""  # noqa: S608

_ANSWERS = """
SELECT given.card, given.correct, face.deck, face.prompt, face.answer,
  event.at, event.tz, event.data
FROM (
  SELECT device, seq, card, rating > 1 AS correct FROM review WHERE session = :session
  UNION ALL SELECT device, seq, card, correct FROM answer WHERE session = :session
) AS given
JOIN event ON event.device = given.device AND event.seq = given.seq
JOIN face ON face.key = given.card
ORDER BY event.stamp, event.device, event.seq"""

_SCORES = """
SELECT face.deck, s.id, s.started, s.tz, s.day,
  sum(given.milliseconds), sum(given.correct), count(*)
FROM session s CROSS JOIN ({given}) AS given ON given.session = s.id
CROSS JOIN face ON face.key = given.card
WHERE s.kind = :kind AND s.finished AND s.whole
  AND (:sessions IS NULL OR s.id IN (SELECT value FROM json_each(:sessions)))
GROUP BY s.id, face.deck ORDER BY s.started, s.id, face.deck"""

ORDERS: dict[str, Callable[[Session], float]] = {
    "started": lambda session: session.started,
    "score": lambda session: session.score,
    "asked": lambda session: session.asked,
    "seconds": lambda session: session.milliseconds,
}
"""The orders of sessions, the greatest first."""


class Session(NamedTuple):
    """A session with answers.

    Attributes:
        id: Its id.
        kind: study or quiz.
        decks: The ids of its decks.
        started: The start, in UTC milliseconds.
        tz: The offset from UTC at its start, in minutes east.
        ended: The end, in UTC milliseconds; None if it was interrupted.
        ended_tz: The offset from UTC at its end, in minutes east.
        day: The study day of its start.
        asked: The number of answers that count.
        correct: The number of right ones: in a study session, not rated Again.
        milliseconds: The sum of the times from question to answer.
        finished: False if it was interrupted, or is a quiz that was left half-way.
        tag: The tag of a quiz's notes, if it was limited to one.
        retry_of: The id of the quiz whose missed questions it asked again.
        pair: The two answers that a quiz asked to tell apart.
        part: The parent whose decks it was on; empty for all decks, None for neither. Where the log
            does not say it, it is as the tree is now.
    """

    id: str
    kind: str
    decks: tuple[str, ...]
    started: int
    tz: int
    ended: int | None
    ended_tz: int | None
    day: int
    asked: int
    correct: int
    milliseconds: int
    finished: bool
    tag: str | None
    retry_of: str | None
    pair: tuple[str, str] | None
    part: str | None

    @property
    def whole(self) -> bool:
        """True if its score can be compared: it is no retry and no quiz on a pair."""
        return self.retry_of is None and self.pair is None

    @property
    def score(self) -> float:
        """The share of right answers, 0 to 1."""
        return self.correct / self.asked


class SessionAnswer(NamedTuple):
    """One answer of a session.

    Attributes:
        card: The key of its card.
        deck: The id of its deck.
        at: The time, in UTC milliseconds.
        tz: The offset from UTC, in minutes east.
        asked: The kind as which it was asked.
        question: The question, with inline markup, as the card last had it.
        given: The learner's answer; several texts for multi, order, list and the like.
        right: The right answers, one a line.
        verdict: correct, close, wrong; None if nothing was checked.
        correct: True if it was right: in a study session, not rated Again.
        rating: 1 Again, 2 Hard, 3 Good, 4 Easy; None in a quiz.
        hinted: True if the hint was seen.
        milliseconds: The time from question to answer.
    """

    card: str
    deck: str
    at: int
    tz: int
    asked: str
    question: str
    given: str | tuple[str, ...]
    right: str
    verdict: str | None
    correct: bool
    rating: int | None
    hinted: bool
    milliseconds: int


class DeckScore(NamedTuple):
    """The score of a session in one deck.

    Attributes:
        session: The id of the session.
        started: Its start, in UTC milliseconds.
        tz: The offset from UTC, in minutes east.
        day: The study day of its start.
        milliseconds: The sum of the times from question to answer.
        right: The number of right answers, and of all.
    """

    session: str
    started: int
    tz: int
    day: int
    milliseconds: int
    right: Share

    @property
    def share(self) -> float:
        """The share of right answers, from 0 to 1."""
        return self.right.part / self.right.whole

    @property
    def is_weighty(self) -> bool:
        """True if it has enough questions to be the best, or to count for a trend."""
        return self.right.whole >= WEIGHTY


class SessionHistory:
    """Queries on the sessions of the log."""

    def __init__(self, workspace: Workspace) -> None:
        """Query the log of a workspace."""
        self._workspace = workspace

    def sessions(self, decks: Sequence[str] = (), kind: str | None = None) -> list[Session]:
        """Return sessions with an answer, the newest first.

        Args:
            decks: The ids of decks, which may be gone, to get only sessions that asked their cards.
            kind: study or quiz, to get only these.
        """
        rows = self._query(_SESSIONS, {"decks": json.dumps(decks) if decks else None, "kind": kind})
        in_use, tree = self.decks_in_use, self._workspace.catalogue.tree
        return [_session(row, in_use, tree) for row in rows]

    def find_session(self, name: str) -> Session:
        """Return the session with this id, or the only one whose id begins with it.

        Raises:
            UsageError: There is none, or more than one.
        """
        fitting = [session for session in self.sessions() if session.id.startswith(name)]
        exact = [session for session in fitting if session.id == name]
        if len(exact or fitting) == 1:
            return (exact or fitting)[0]
        if fitting and name:
            raise UsageError(f"{name!r} fits {len(fitting)} sessions", "write more of the id")
        raise UsageError(f"there is no session {name!r}", "`sco-quiz history` lists them all")

    def answers(self, session: str) -> list[SessionAnswer]:
        """Return the answers of a session that count, in order."""
        return [_answered(*row) for row in self._query(_ANSWERS, {"session": session})]

    def scores(self, kind: str) -> dict[str, list[DeckScore]]:
        """Return the scores of finished sessions by deck, the oldest first.

        Retries and quizzes on a pair are left out.

        Args:
            kind: study or quiz.
        """
        scores_by_deck: dict[str, list[DeckScore]] = {}
        for deck, *row in self._study_rows() if kind == "study" else self._score_rows(kind):
            scores_by_deck.setdefault(deck, []).append(DeckScore._make([*row[:5], Share(*row[5:])]))
        return scores_by_deck

    def _score_rows(self, kind: str, sessions: Iterable[str] | None = None) -> list[Any]:
        """Return the rows of `_SCORES` of some sessions; of all for None."""
        ids = None if sessions is None else json.dumps(list(sessions))
        return self._query(
            _SCORES.format(given=_SELECT_SESSION_ANSWERS[kind]), {"kind": kind, "sessions": ids}
        )

    def _study_rows(self) -> list[Any]:
        """Return the rows of all study sessions: of those that nothing came to, as kept."""
        db = self._workspace.progress.connection

        def count(mark: LogMark | None, kept: list[Any] | None) -> list[Any]:
            sessions = mark.sessions_since(db) if mark else None
            if kept is None or sessions is None:
                return self._score_rows("study")
            if not sessions:
                return kept
            rows = [row for row in kept if row[1] not in sessions]
            rows += self._score_rows("study", sessions)
            return sorted(rows, key=itemgetter(2, 1, 0))

        counted_by = _SCORES + _SELECT_SESSION_ANSWERS["study"]
        rows: list[Any] = KeptCount(self._workspace, "study-scores", counted_by).update(count)
        return rows

    def bests(self) -> list[Session]:
        """Return the best finished quiz on each choice of decks and tag; the best of all first.

        Retries and quizzes on a pair are left out. Of equal scores, the one with more questions is
        better, then the earlier one.
        """
        bests: dict[object, Session] = {}
        for quiz in reversed(self.sessions(kind="quiz")):
            if quiz.finished and quiz.whole:
                choice = quiz.decks, quiz.tag
                bests[choice] = max(bests.get(choice, quiz), quiz, key=_worth)
        return sorted(bests.values(), key=_worth, reverse=True)

    @property
    def titles(self) -> Mapping[str, str]:
        """The titles of decks and parents, by id; for those that are gone, their last title."""
        gone = logged_titles(self._workspace.progress.connection)
        tree = self._workspace.catalogue.tree
        parents = {name: tree.full_name(name) for name in tree.parents}
        return gone | parents | self._workspace.catalogue.titles

    @property
    def decks_in_use(self) -> frozenset[str]:
        """The ids of the present decks."""
        return frozenset(self._workspace.catalogue.decks)

    def decks(self) -> list[str]:
        """Return the ids of decks with an answered card; the decks may be gone."""
        return [deck for (deck,) in self._query("SELECT DISTINCT deck FROM face ORDER BY deck", {})]

    def find_decks(self, names: Sequence[str]) -> list[str]:
        """Return the ids of decks named by id or its unique beginning; they may be gone.

        Raises:
            UsageError: A name fits no deck, or more than one.
        """
        answered_decks = self.decks()
        deck_ids = []
        for name in names:
            fitting = (
                [name]
                if name in answered_decks
                else [deck for deck in answered_decks if deck.startswith(name)]
            )
            try:
                deck_ids += self._workspace.catalogue.find_decks([name])
            except UsageError:
                if len(fitting) != 1:
                    raise
                deck_ids += fitting
        return list(dict.fromkeys(deck_ids))

    def _query(self, sql: str, values: dict[str, object]) -> list[Any]:
        return self._workspace.progress.query(sql, values)


def _worth(session: Session) -> tuple[float, int]:
    return session.score, session.asked


def _session(row: Sequence[Any], in_use: Collection[str], tree: DeckTree) -> Session:
    decks, finished = tuple(json.loads(row[2])), bool(row[11])
    pair = tuple(json.loads(row[14])) if row[14] else None
    part = row[15]
    if part is None:
        is_all = len(decks) > 1 and in_use and set(decks).issuperset(in_use)
        part = "" if is_all else tree.part_of(decks)
    return Session._make([*row[:2], decks, *row[3:11], finished, *row[12:14], pair, part])


def _answered(
    card: str, correct: int, deck: str, question: str, right: str, at: int, tz: int, text: str
) -> SessionAnswer:
    data = json.loads(text)
    given = data["answer"]
    return SessionAnswer(
        card=card,
        deck=deck,
        at=at,
        tz=tz,
        asked=data["asked"],
        question=question,
        given=given if isinstance(given, str) else tuple(given),
        right=right,
        verdict=data["verdict"],
        correct=bool(correct),
        rating=data.get("rating"),
        hinted=data.get("hinted", False),
        milliseconds=data["ms"],
    )
