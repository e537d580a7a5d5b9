"""Sessions so far, what was answered in them, and how scores developed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from sco_quiz.errors import UsageError
from sco_quiz.learning.statistics import WEIGHTY, Share
from sco_quiz.workspace.catalogue import logged_titles

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sco_quiz.workspace.workspace import Workspace

_GIVEN = {
    "study": "SELECT session, card, rating > 1 AS correct, milliseconds FROM review",
    "quiz": "SELECT session, card, correct, milliseconds FROM answer",
}
"""The answers of sessions, by their kind."""

_OF_DECK = "card IN (SELECT key FROM face WHERE deck IN (SELECT value FROM json_each(:decks)))"

_SESSIONS = f"""
SELECT id, kind, decks, started, tz, ended, ended_tz, day, asked, correct, milliseconds, finished,
  tag, retry_of, pair
FROM session
WHERE (:kind IS NULL OR kind = :kind) AND asked > 0 AND (:decks IS NULL OR id IN (
  SELECT session FROM review WHERE {_OF_DECK} UNION SELECT session FROM answer WHERE {_OF_DECK}))
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
SELECT face.deck, s.id, s.started, s.tz, sum(given.milliseconds), sum(given.correct), count(*)
FROM session s CROSS JOIN ({given}) AS given ON given.session = s.id
CROSS JOIN face ON face.key = given.card
WHERE s.kind = :kind AND s.finished AND s.whole
GROUP BY s.id, face.deck ORDER BY s.started, s.id"""

ORDERS: dict[str, Callable[[Session], float]] = {
    "started": lambda session: session.started,
    "score": lambda session: session.score,
    "asked": lambda session: session.asked,
    "seconds": lambda session: session.milliseconds,
}
"""What sessions can be sorted by, the greatest first."""


class Session(NamedTuple):
    """A session in which something was answered.

    Attributes:
        id: Names it.
        kind: study or quiz.
        decks: Ids of the decks that it was about.
        started: UTC milliseconds.
        tz: Minutes east of UTC at its start.
        ended: UTC milliseconds; None if it was broken off.
        ended_tz: Minutes east of UTC at its end.
        day: Study day of its start.
        asked: Answers that count.
        correct: Those that were right: in a study session, not rated Again.
        milliseconds: From question to answer, summed.
        finished: False if it was broken off, or is a quiz that was left half-way.
        tag: The tag that the notes of a quiz had to have.
        retry_of: The quiz whose missed questions it asked again.
        pair: The two answers that a quiz asked to tell apart.
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

    @property
    def whole(self) -> bool:
        """Tell whether its score stands beside others: it asked neither the missed nor a pair."""
        return self.retry_of is None and self.pair is None

    @property
    def score(self) -> float:
        """The share that was right, 0 to 1."""
        return self.correct / self.asked


class Answered(NamedTuple):
    """One answer of a session.

    Attributes:
        card: The key of its card.
        deck: The id of its deck.
        at: UTC milliseconds.
        tz: Minutes east of UTC.
        asked: As which kind it was asked.
        question: What was asked, with inline markup, as the card last looked.
        given: What was answered; several texts for multi, order, list and the like.
        right: What is right, one answer a line.
        verdict: correct, close, wrong; None if nothing was checked.
        correct: Whether it was right: in a study session, not rated Again.
        rating: 1 Again, 2 Hard, 3 Good, 4 Easy; None in a quiz.
        hinted: Whether the hint was seen.
        milliseconds: From question to answer.
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


class Score(NamedTuple):
    """What a session came to in a deck.

    Attributes:
        session: Its id.
        started: UTC milliseconds.
        tz: Minutes east of UTC.
        milliseconds: From question to answer, summed.
        right: How many answers were right, of how many.
    """

    session: str
    started: int
    tz: int
    milliseconds: int
    right: Share

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.right.part / self.right.whole

    @property
    def is_weighty(self) -> bool:
        """Tell whether it is of enough questions to be the best, or to tell a trend."""
        return self.right.whole >= WEIGHTY


class SessionHistory:
    """What the log tells of sessions."""

    def __init__(self, workspace: Workspace) -> None:
        """Look at the log of a workspace."""
        self._workspace = workspace

    def sessions(self, decks: Sequence[str] = (), kind: str | None = None) -> list[Session]:
        """Sessions with an answer, the newest first.

        Args:
            decks: Only those that asked a card of one of these; they may be gone.
            kind: Only study sessions, or only quizzes.
        """
        rows = self._query(_SESSIONS, {"decks": json.dumps(decks) if decks else None, "kind": kind})
        return [_session(row) for row in rows]

    def find_session(self, name: str) -> Session:
        """The session with this id, or the only one whose id begins so.

        Raises:
            UsageError: There is none, or more than one.
        """
        fitting = [each for each in self.sessions() if each.id.startswith(name)]
        exact = [each for each in fitting if each.id == name]
        if len(exact or fitting) == 1:
            return (exact or fitting)[0]
        if fitting and name:
            raise UsageError(f"{name!r} fits {len(fitting)} sessions", "write more of the id")
        raise UsageError(f"there is no session {name!r}", "`sco-quiz history` lists them all")

    def answers(self, session: str) -> list[Answered]:
        """The answers of a session that count, in order."""
        return [_answered(*row) for row in self._query(_ANSWERS, {"session": session})]

    def scores(self, kind: str) -> dict[str, list[Score]]:
        """How scores of finished sessions developed in each deck that has any, the oldest first.

        Retries and pairs are left out.

        Args:
            kind: study or quiz.
        """
        found: dict[str, list[Score]] = {}
        for deck, *row in self._query(_SCORES.format(given=_GIVEN[kind]), {"kind": kind}):
            found.setdefault(deck, []).append(Score._make([*row[:4], Share(*row[4:])]))
        return found

    def bests(self) -> list[Session]:
        """The best finished quiz on each choice of decks and tag; the best of all first.

        Retries and pairs are left out. Of equal scores the one with more questions is the better,
        then the earlier.
        """
        bests: dict[object, Session] = {}
        for quiz in reversed(self.sessions(kind="quiz")):
            if quiz.finished and quiz.whole:
                choice = quiz.decks, quiz.tag
                bests[choice] = max(bests.get(choice, quiz), quiz, key=_worth)
        return sorted(bests.values(), key=_worth, reverse=True)

    @property
    def titles(self) -> Mapping[str, str]:
        """The titles of decks and parents, by id; those gone by the title they had."""
        gone = logged_titles(self._workspace.progress.connection)
        tree = self._workspace.catalogue.tree
        parents = {name: tree.nodes[name].name for name in tree.parents}
        return gone | parents | self._workspace.catalogue.titles

    @property
    def decks_in_use(self) -> frozenset[str]:
        """Ids of the decks that there are now."""
        return frozenset(self._workspace.catalogue.decks)

    def decks(self) -> list[str]:
        """Ids of the decks that a card was answered of, those that are gone among them."""
        return [deck for (deck,) in self._query("SELECT DISTINCT deck FROM face ORDER BY deck", {})]

    def find_decks(self, names: Sequence[str]) -> list[str]:
        """The ids of decks, those that are gone among them, by id or its unique beginning.

        Raises:
            UsageError: A name fits no deck, or more than one.
        """
        gone = self.decks()
        found = []
        for name in names:
            fitting = [name] if name in gone else [each for each in gone if each.startswith(name)]
            try:
                found += self._workspace.catalogue.find_decks([name])
            except UsageError:
                if len(fitting) != 1:
                    raise
                found += fitting
        return list(dict.fromkeys(found))

    def _query(self, sql: str, values: dict[str, object]) -> list[Any]:
        return self._workspace.progress.query(sql, values)


def _worth(session: Session) -> tuple[float, int]:
    return session.score, session.asked


def _session(row: Sequence[Any]) -> Session:
    decks, finished = tuple(json.loads(row[2])), bool(row[11])
    pair = tuple(json.loads(row[14])) if row[14] else None
    return Session._make([*row[:2], decks, *row[3:11], finished, *row[12:14], pair])


def _answered(
    card: str, correct: int, deck: str, question: str, right: str, at: int, tz: int, text: str
) -> Answered:
    data = json.loads(text)
    given = data["answer"]
    return Answered(
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
