"""Line mode: the same sessions over stdin and stdout, for screen readers, pipes and scripts."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from sco_quiz.errors import DeckError, SCOQuizError
from sco_quiz.learning.cards import Kind, Rating
from sco_quiz.learning.checking import truth
from sco_quiz.learning.scheduling import in_words
from sco_quiz.text import clean, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TextIO

    from sco_quiz.learning.checking import Judgement
    from sco_quiz.learning.session import Question, StudySession
    from sco_quiz.workspace import Workspace

HELP = """\
An empty line reveals the card, or takes the proposed rating.
Choices are answered by number or text, an order by numbers (3 1 2), a list by commas.
:h hint   :u undo   :+ my answer was right   :s suspend   :b put off until tomorrow
:q end    :? this help"""


class _EndOfInput(Exception):  # noqa: N818 -- not an error
    """Nothing more will be typed."""


class _Unclear(Exception):  # noqa: N818 -- not an error
    """What was typed does not answer the question; the message says what would."""


def study(
    session: StudySession,
    workspace: Workspace,
    decks: Sequence[str] = (),
    *,
    source: TextIO | None = None,
    target: TextIO | None = None,
) -> None:
    """Study until nothing is left, `:q`, or the end of input. Each answer is kept as it is rated.

    A step that cannot be kept is told, and can be taken again.

    Args:
        session: What to study.
        workspace: Knows the titles of decks and when the next card comes.
        decks: What was asked for, to say when its next card comes.
        source: Where lines come from; stdin by default.
        target: Where lines go; stdout by default.

    Raises:
        ProgressError: The last step could not be kept, or that the session ended not be noted.
    """
    lines = _Lines(source or sys.stdin, target or sys.stdout)
    if session.question is None:
        lines.say(f"Nothing is due. {workspace.next_due_in_words(decks)}")
        return
    unsaved: SCOQuizError | None = None
    try:
        while session.question is not None:
            try:
                if session.judgement is None:
                    _ask(session, workspace, lines)
                else:
                    _rate(session, workspace, lines)
                if session.judgement is None:
                    unsaved = None
            except SCOQuizError as error:  # the session is where it was: it can be tried again
                unsaved = error
                lines.say(f"error: {error.message}\n{error.help}")
    except (_EndOfInput, KeyboardInterrupt):
        lines.say()
    if unsaved:
        raise unsaved
    session.end()
    tally = session.tally
    lines.say(f"{tally.answers} answered, {tally.recalled} recalled.")
    lines.say(workspace.next_due_in_words(decks))


def _ask(session: StudySession, workspace: Workspace, lines: _Lines) -> None:
    question = session.question
    assert question is not None  # noqa: S101 -- the caller looked
    card = question.card
    lines.say(f"[{session.place} of {session.total}] {workspace.title(card.deck)}")
    lines.say(plain(card.prompt))
    for number, option in enumerate(question.options, 1):
        lines.say(f"  {number}. {plain(option)}")
    if card.kind in (Kind.MULTI, Kind.LIST):
        lines.say(f"({len(card.answers)} wanted)")
    while session.question is question and session.judgement is None:
        text = lines.ask("answer> ")
        if text == ":h":
            lines.say(f"hint: {plain(session.hint())}" if card.hint else "There is no hint.")
        elif not _obey(text, session, lines):
            try:
                given = _given(question, text)
            except _Unclear as unclear:
                lines.say(str(unclear))
            else:
                _tell(session, session.answer(given), lines)


def _tell(session: StudySession, judgement: Judgement, lines: _Lines) -> None:
    question = session.question
    assert question is not None  # noqa: S101 -- it was just answered
    card = question.card
    verdict = judgement.verdict
    if verdict is None:
        lines.say(f"answer: {judgement.expected}")
    elif verdict == "correct":
        lines.say("correct")
    else:
        lines.say(f"{verdict}: {judgement.expected}")
    if judgement.of > 1 and verdict is not None:
        lines.say(f"{judgement.got} of {judgement.of}")
    if judgement.remark:
        lines.say(judgement.remark)
    if card.explain:
        lines.say(plain(card.explain))
    if card.source:
        lines.say(f"source: {card.source}" + (f", as of {card.as_of}" if card.as_of else ""))
    ratings = "  ".join(
        f"{rating.value} {rating.name.capitalize()} {in_words(session.moment, state)}"
        for rating, state in session.choices.items()
    )
    lines.say(ratings)


def _rate(session: StudySession, workspace: Workspace, lines: _Lines) -> None:
    judgement = session.judgement
    assert judgement is not None  # noqa: S101 -- the caller looked
    text = lines.ask(f"rating [{judgement.proposal.value}]> ")
    if text == ":+":
        _accept(session, workspace, lines)
        return
    if _obey(text, session, lines):
        return
    if text and text not in {"1", "2", "3", "4"}:
        lines.say("A rating is 1, 2, 3 or 4; an empty line takes the one in brackets.")
        return
    session.rate(Rating(int(text)) if text else None)
    if session.leech:
        lines.say(session.leech.in_words(":s"))
    lines.say()


def _accept(session: StudySession, workspace: Workspace, lines: _Lines) -> None:
    """Write the rejected answer to the accepted ones, and judge it anew."""
    if session.question is None or not session.acceptable:
        lines.say("There is no rejected answer to accept.")
        return
    try:
        workspace.authoring.accept(session.question.card, session.acceptable)
    except DeckError as error:
        lines.say(f"{error.message}; {error.help}")
        return
    session.refresh()
    if session.judgement is not None:
        _tell(session, session.judgement, lines)


def _obey(text: str, session: StudySession, lines: _Lines) -> bool:
    """Carry out a command; whether it was one."""
    commands: dict[str, Callable[[], object]] = {
        ":s": session.suspend,
        ":b": session.bury,
        ":?": lambda: lines.say(HELP),
    }
    if text == ":q":
        raise _EndOfInput
    if text == ":u":
        try:
            lines.say("Taken back." if session.undo() else "There is nothing to undo.")
        except DeckError as error:
            lines.say(f"{error.message}; {error.help}")
    elif text in commands:
        commands[text]()
    elif re.fullmatch(r":\w", text):
        lines.say(f"There is no command {text}; :? lists them.")
    else:
        return False
    return True


def _given(question: Question, text: str) -> str | tuple[str, ...]:
    """What the learner means by a line, in the checker's terms.

    Raises:
        _Unclear: It names no choice, or not what an order needs.
    """
    kind, options = question.card.kind, question.options
    if not text or kind not in (Kind.CHOICE, Kind.MULTI, Kind.TRUE_FALSE, Kind.ORDER):
        return text
    if kind is Kind.TRUE_FALSE and truth(text) is not None:
        return text
    if kind in (Kind.CHOICE, Kind.TRUE_FALSE):
        return _option(text, options)
    numbers = text.replace(",", " ").split()
    parts = numbers if all(map(str.isdecimal, numbers)) else text.split(",")
    chosen = tuple(_option(part.strip(), options) for part in parts if part.strip())
    if kind is Kind.ORDER and (len(chosen) != len(options) or len(set(chosen)) != len(chosen)):
        raise _Unclear(f"Give all {len(options)} numbers in the right order, each once.")
    return chosen


def _option(text: str, options: Sequence[str]) -> str:
    numbers = [str(number) for number, _ in enumerate(options, 1)]
    if text in numbers:
        return options[numbers.index(text)]
    folded = text.casefold()
    for option in options:
        if plain(option).casefold() == folded:
            return option
    raise _Unclear(f"Answer with a number from 1 to {len(options)}, or the text of a choice.")


class _Lines:
    """Lines in and out. Nothing that is not clean gets out."""

    def __init__(self, source: TextIO, target: TextIO) -> None:
        self._source, self._target = source, target
        self._echoes = source.isatty()

    def say(self, text: str = "") -> None:
        """Write a line."""
        self._target.write(clean(text) + "\n")
        self._target.flush()

    def ask(self, prompt: str) -> str:
        """Read a line after a prompt.

        Raises:
            _EndOfInput: There is none.
        """
        if self._echoes and self._source is sys.stdin:
            try:
                return input(prompt).strip()
            except EOFError:
                raise _EndOfInput from None
        self._target.write(prompt)
        self._target.flush()
        line = self._source.readline()
        if not self._echoes:
            self._target.write("\n")
        if not line:
            raise _EndOfInput
        return line.strip()
