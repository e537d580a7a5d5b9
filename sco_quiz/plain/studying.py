"""Studying in line mode."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from sco_quiz.errors import DeckError
from sco_quiz.insight.activity import Activity
from sco_quiz.learning.card_queue import Pick
from sco_quiz.learning.cards import Rating
from sco_quiz.learning.checking import Verdict
from sco_quiz.learning.kinds import Input
from sco_quiz.learning.scheduling import in_words
from sco_quiz.learning.session import time_left
from sco_quiz.numbers_and_times import many, taken_back, undoable
from sco_quiz.plain.lines import (
    TYPED,
    LineDialogue,
    UnclearInput,
    given_of,
    go_through,
    obey,
    show_question,
    tell_outcome,
)
from sco_quiz.reports.backlog import backlog_lines
from sco_quiz.reports.outcomes import learned_lines
from sco_quiz.studying.sessions import NOTHING_PICKED, end_cleared_plan
from sco_quiz.text import clean, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TextIO

    from sco_quiz.learning.checking import Judgement
    from sco_quiz.learning.session import StudySession
    from sco_quiz.workspace.workspace import Workspace

TIPS = {
    Input.REVEAL: "Think of the answer; an empty line shows it.",
    Input.TEXT: "Type the answer; an empty line shows it.",
    Input.ONE: "Type the number of the right answer, or its text.",
    Input.SEVERAL: "Type the numbers of all right answers.",
    Input.ORDER: "Type the numbers in the right order.",
    Input.ENTRIES: "Type them all, with commas between them.",
}
"""The way to answer, for a beginner."""
HELP = """\
An empty line reveals the card, or takes the proposed rating.
Choices are answered by number or text, an order by numbers (3 1 2), a list by commas.
Choices that are numbers have none: type the one you mean, or for an order all of them.
:h hint   :u undo   :+ my answer was right   :s suspend   :b put off until tomorrow
:f flag   :i open the image   :a play the recording
:q end    :? this help
An answer that begins with a colon is typed with one more: ::q"""


def study(
    session: StudySession,
    workspace: Workspace,
    decks: Sequence[str] = (),
    pick: Pick = Pick.DUE,
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
        pick: Likewise, to say what there is none of.
        source: Where lines come from; stdin by default.
        target: Where lines go; stdout by default.

    Raises:
        ProgressError: The last step could not be kept, or that the session ended not be noted.
    """
    lines = LineDialogue(source or sys.stdin, target or sys.stdout)
    if session.question is None:
        for line in nothing_due(workspace, decks, pick):
            lines.say(line)
        return
    for line in backlog_lines(workspace):
        lines.say(line)
    lines.say(TYPED)

    asked: object = None
    told: object = None

    def step() -> bool:
        nonlocal asked, told
        workspace.refresh()
        session.follow()
        _tell_notice(session, lines)
        question = session.question
        if question is None:
            return True
        if session.judgement is None:
            asked = question.seen
            _ask(session, workspace, lines)
            told = None
        else:
            if question.seen != asked:
                _show(session, workspace, lines)
            if (session.judgement, session.choices) != told:
                _tell(session, session.judgement, lines)
            asked, told = question.seen, (session.judgement, session.choices)
            _rate(session, workspace, lines)
        return session.judgement is None

    go_through(lines, step, lambda: session.question is None)
    session.end()
    _tell_notice(session, lines)
    tally = session.tally
    if session.time_is_up and session.minutes is not None:
        lines.say(f"Time is up: {many(session.minutes, 'minute')}.")
    lines.say(f"{tally.answers} answered, {tally.recalled} recalled.")
    for line in learned_lines(session):
        lines.say(line)
    if end_cleared_plan(workspace):
        lines.say("The backlog is cleared. New cards come again.")
    goal = Activity(workspace).daily().goal_in_words()
    if goal:
        lines.say(f"{goal}.")
    if any(each.total for each in workspace.agenda.today(decks).counts().values()):
        lines.say(workspace.agenda.next_in_words(decks))
    else:
        for line in nothing_due(workspace, decks):
            lines.say(line)


def nothing_due(
    workspace: Workspace, decks: Sequence[str] = (), pick: Pick = Pick.DUE
) -> list[str]:
    """Say when the next card of these decks (none: all) comes, and what can be done until then."""
    if pick in NOTHING_PICKED:
        return [f"{NOTHING_PICKED[pick]} {workspace.agenda.next_in_words(decks)}"]
    offers = workspace.agenda.offers(decks)
    names = "".join(f" {deck}" for deck in decks)
    said = [f"Nothing is due. {workspace.agenda.next_in_words(decks)}"]
    if offers.hardest:
        said.append(f"`sco-quiz study{names} --ahead` asks what is due soonest,")
        said.append(f"`sco-quiz study{names} --hardest` what you find hardest.")
    if offers.quiz:
        said.append(f"`sco-quiz quiz{names}` is a test that moves no due date.")
    return said


def _show(session: StudySession, workspace: Workspace, lines: LineDialogue) -> None:
    question = session.question
    assert question is not None  # noqa: S101 -- the caller looked
    card = question.card
    left = session.left()
    place = f"{session.place:,} of {session.total:,}" if left is None else time_left(left)
    if left is None and session.place == session.total and session.to_repeat:
        place += f", {session.to_repeat:,} to repeat"
    heading = f"[{place}] {workspace.catalogue.title(card.deck)}"
    if session.flagged:
        heading += ", flagged"
    if question.mistake:
        lines.say(f"Asked as last read: {clean(question.mistake)}")
    show_question(heading, question, lines)


def _ask(session: StudySession, workspace: Workspace, lines: LineDialogue) -> None:
    question = session.question
    assert question is not None  # noqa: S101 -- the caller looked
    card = question.card
    _show(session, workspace, lines)
    if session.is_for_beginner:
        lines.say(f"({TIPS[card.kind.input]})")
    while session.question is question and session.judgement is None:
        text = lines.ask("answer> ")
        workspace.refresh()
        if text == ":h":
            lines.say(f"hint: {plain(session.hint())}" if card.hint else "There is no hint.")
        elif not _obey(text, session, workspace, lines):
            try:
                given = given_of(question, text)
            except UnclearInput as unclear:
                lines.say(str(unclear))
            else:
                session.answer(given)


def _tell(session: StudySession, judgement: Judgement, lines: LineDialogue) -> None:
    question = session.question
    assert question is not None  # noqa: S101 -- it was just answered
    verdict = judgement.verdict
    said = "answer" if verdict is None else str(verdict)
    if verdict is not Verdict.CORRECT:
        said = f"{said}: {judgement.expected}"
    tell_outcome(question.card, judgement, said, lines)
    lines.say(_promises(session))
    if session.is_for_beginner:
        lines.say(
            "(An empty line goes on; 1 to 4 say how well you knew it, with the wait of each.)"
        )


def _promises(session: StudySession) -> str:
    return "  ".join(
        f"{rating.value} {rating.name.capitalize()} {in_words(session.moment, state)}"
        for rating, state in session.choices.items()
    )


def _tell_notice(session: StudySession, lines: LineDialogue) -> None:
    notice = session.take_notice()
    if notice:
        lines.say(notice)


def _rate(session: StudySession, workspace: Workspace, lines: LineDialogue) -> None:
    judgement = session.judgement
    assert judgement is not None  # noqa: S101 -- the caller looked
    text = lines.ask(f"rating [{judgement.proposal.value}]> ")
    if text == ":+":
        _accept(session, workspace, lines)
        return
    if _obey(text, session, workspace, lines):
        return
    if text and text not in {"1", "2", "3", "4"}:
        lines.say("A rating is 1, 2, 3 or 4; an empty line takes the one in brackets.")
        return
    workspace.refresh()
    if session.rate(Rating(int(text)) if text else None):
        if session.leech:
            lines.say(session.leech.in_words(":s"))
        lines.say()


def _accept(session: StudySession, workspace: Workspace, lines: LineDialogue) -> None:
    """Write the rejected answer to the accepted ones, and judge it anew."""
    from sco_quiz.plain.accepting import accept  # the first question does not need it

    if session.question is None or not session.acceptable:
        lines.say("There is no rejected answer to accept.")
        return
    if accept(session.question.original, session.acceptable, workspace, lines):
        session.refresh()


def _say_done(lines: LineDialogue, told: str, *, done: bool) -> None:
    if done:  # else the session says why not
        lines.say(undoable(told, ":u"))


def _flag(session: StudySession, lines: LineDialogue) -> None:
    done = session.flag()
    _say_done(lines, "Flagged" if session.flagged else "The flag is taken away", done=done)


def _undo(session: StudySession, lines: LineDialogue) -> None:
    try:
        undone = session.undo()
        lines.say(taken_back(undone.words if undone else None))
    except DeckError as error:
        lines.say(f"{error.message}; {error.help}")


def _obey(text: str, session: StudySession, workspace: Workspace, lines: LineDialogue) -> bool:
    """Carry out a command; whether it was one."""
    commands: dict[str, Callable[[], object]] = {
        ":s": lambda: _say_done(lines, "Suspended", done=session.suspend()),
        ":b": lambda: _say_done(lines, "Put off until tomorrow", done=session.bury()),
        ":f": lambda: _flag(session, lines),
        ":u": lambda: _undo(session, lines),
    }
    if text in commands:
        commands[text]()
        return True
    card = session.question.card if session.question else None
    return obey(text, lines, workspace, card, told=session.judgement is not None, commands=HELP)
