"""Lines in and out, questions and answers: shared by studying and quizzes in line mode."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from sco_quiz import programs
from sco_quiz.errors import SCOQuizError, UsageError
from sco_quiz.learning.cards import names_in
from sco_quiz.learning.checking import truth
from sco_quiz.learning.kinds import Input, Judging
from sco_quiz.learning.question import Answering, are_numbers, taken_apart
from sco_quiz.learning.values import value_of
from sco_quiz.text import clean, plain
from sco_quiz.workspace.media import MediaSort, media_finder, media_names

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

    from sco_quiz.learning.cards import Card
    from sco_quiz.learning.checking import Judgement
    from sco_quiz.learning.posing import QuizQuestion
    from sco_quiz.learning.question import Question
    from sco_quiz.workspace.workspace import Workspace

OPENS = {":i": MediaSort.IMAGE, ":a": MediaSort.AUDIO}
"""The commands that open the image and play the recording of a card."""
TYPED = ":? lists what can be typed besides answers."
"""The one line that tells of commands, before the first question."""
LONGEST = 2_000_000
"""Characters of a line; nobody's answer has as many, not even one pasted by mistake."""


class EndOfInput(Exception):  # noqa: N818 -- not an error
    """Nothing more will be typed."""


class UnclearInput(Exception):  # noqa: N818 -- not an error
    """Input that does not answer the question; the message says what would."""


class LineDialogue:
    """Lines in and out. Nothing that is not clean gets out.

    Attributes:
        is_on_terminal: True if somebody types the lines.
        asked: The number of times that a line was asked for.
    """

    def __init__(self, source: TextIO, target: TextIO) -> None:
        self._source, self._target = source, target
        self.asked = 0
        self.is_on_terminal = source.isatty()

    def say(self, text: str = "") -> None:
        """Write a line."""
        self._target.write(clean(text) + "\n")
        self._target.flush()

    def ask(self, prompt: str) -> str:
        """Read a line after a prompt.

        Raises:
            EndOfInput: There is none, or one without end or in another encoding, which is its
                cause.
        """
        self.asked += 1
        if self.is_on_terminal and self._source is sys.stdin:
            try:
                return input(prompt).strip()
            except EOFError:
                raise EndOfInput from None
        self._target.write(prompt)
        self._target.flush()
        try:
            line = self._source.readline(LONGEST + 1)
        except UnicodeError:  # no error handler replaces a missing mark of UTF-16
            raise EndOfInput from UsageError(
                f"the input is not in {self._source.encoding}", "set PYTHONIOENCODING=utf-8"
            )
        if not self.is_on_terminal:
            self._target.write("\n")
        if not line:
            raise EndOfInput
        if len(line) > LONGEST:
            raise EndOfInput from UsageError(
                f"a line has more than {LONGEST:,} characters", "write one answer in each line"
            )
        return line.strip()

    def agrees(self, question: str) -> bool:
        """Ask a question until the answer is yes or no.

        Raises:
            EndOfInput: As `ask` does.
        """
        while (text := self.ask(f"{question} y/n> ").casefold()) not in ("y", "yes", "n", "no"):
            self.say("Answer y for yes, n for no.")
        return text.startswith("y")


def go_through(lines: LineDialogue, step: Callable[[], bool], is_over: Callable[[], bool]) -> None:
    """Take steps until it is over, `:q`, or the end of input.

    A step that cannot be kept is told, and can be taken again, as often as the learner says.

    Args:
        lines: Where it is told.
        step: Takes a step; whether all that was answered is kept by then.
        is_over: Whether there is none to take.

    Raises:
        SCOQuizError: The last step could not be kept, or a line is without end.
    """
    unsaved: SCOQuizError | None = None
    try:
        while not is_over():
            asked = lines.asked
            try:
                if step():
                    unsaved = None
            except SCOQuizError as error:  # nothing has moved: it can be tried again
                unsaved = error
                lines.say(f"error: {error.message}\n{error.help}")
                if lines.asked == asked and lines.ask("Enter tries again, :q ends> ") == ":q":
                    raise EndOfInput from None
    except (EndOfInput, KeyboardInterrupt) as end:
        lines.say()
        if isinstance(end.__cause__, SCOQuizError):
            unsaved = unsaved or end.__cause__
    if unsaved:
        raise unsaved


def obey(
    text: str,
    lines: LineDialogue,
    workspace: Workspace,
    card: Card | None,
    *,
    told: bool,
    commands: str,
    where: str = "",
) -> bool:
    """Carry out a command that holds everywhere; whether it was a command.

    Args:
        text: What was typed.
        lines: Told what happened.
        workspace: Knows where the card's files are.
        card: What is asked.
        told: Whether the answer was given, so that what belongs to it may be opened.
        commands: What `:?` says.
        where: Where a command does not hold that is not known.

    Raises:
        EndOfInput: The learner wants to end.
    """
    if text == ":q":
        raise EndOfInput
    if text == ":?":
        lines.say(commands)
    elif text in OPENS and card is not None:
        _open_media(OPENS[text], card, workspace, lines, told=told)
    elif re.fullmatch(r":\w", text):
        lines.say(f"There is no command {text}{where}; :? lists them. As an answer type :{text}")
    else:
        return False
    return True


def show_question(heading: str, question: Question | QuizQuestion, lines: LineDialogue) -> None:
    """Say what is asked, and what there is to choose from."""
    card = question.card
    lines.say(heading)
    lines.say(plain(card.prompt))
    _name_media(card.media.image, card.media.audio, lines)
    has_numbers = are_numbers(question.options)
    for number, option in enumerate(question.options, 1):
        lines.say(f"  {'-' if has_numbers else f'{number}.'} {plain(option)}")
    if card.kind.input in (Input.SEVERAL, Input.ENTRIES):
        lines.say(f"({len(card.answers)} wanted)")


def tell_outcome(card: Card, judgement: Judgement, verdict: str, lines: LineDialogue) -> None:
    """Say the verdict on a line of its own; then what belongs to the answer."""
    lines.say(verdict)
    if judgement.of > 1 and judgement.verdict is not None:
        lines.say(f"{judgement.got} of {judgement.of}")
    if judgement.remark:
        lines.say(judgement.remark)
    _name_media(card.media.answer_image, card.media.answer_audio, lines)
    if card.explain:
        lines.say(plain(card.explain))
    if card.source:
        lines.say(f"source: {card.source}" + (f", as of {card.as_of}" if card.as_of else ""))


def _name_media(image: str, audio: str, lines: LineDialogue) -> None:
    images = names_in(image)
    if len(images) > 1:
        lines.say(f"images: {', '.join(images)} (:i opens them)")
    elif images:
        lines.say(f"image: {image} (:i opens it)")
    if audio:
        lines.say(f"audio: {audio} (:a plays it)")


def _open_media(
    sort: MediaSort, card: Card, workspace: Workspace, lines: LineDialogue, *, told: bool
) -> None:
    """Open the images or play the recording of a card, by the system's programs."""
    names = media_names(card, sort, answered=told)
    if not names:
        lines.say("There is no image." if sort is MediaSort.IMAGE else "There is nothing to hear.")
    for name in names:
        try:
            path = media_finder(workspace.catalogue, card)(name, sort)
            (programs.view if sort is MediaSort.IMAGE else programs.play)(path)
        except SCOQuizError as error:
            lines.say(f"{error.message}; {error.help}")
        else:
            lines.say(f"{'Opened' if sort is MediaSort.IMAGE else 'Playing'} {name}.")


def given_of(question: Question | QuizQuestion, text: str) -> str | tuple[str, ...]:
    """Return what the learner means by a line, in the checker's terms.

    Of two colons at its beginning the first only says that no command is meant.

    Raises:
        Unclear: It names no choice, or not what an order needs.
    """
    answering = Answering(question.card, question.options)
    options = answering.options
    text = text[1:] if text.startswith("::") else text
    in_a_word = question.card.kind.spec.judging is Judging.TRUTH and truth(text) is not None
    if not text or not answering.input.is_picked or in_a_word:
        return text
    parts = [text]
    if answering.input is not Input.ONE:
        parts = taken_apart(text, options)
        if not answering.are_numbers:
            numbers = text.replace(",", " ").split()
            parts = numbers if all(map(str.isdecimal, numbers)) else parts
        elif len(parts) == 1 and not any(" " in plain(option) for option in options):
            parts = text.split()
    places = [_place(part.strip(), answering) for part in parts if part.strip()]
    for place in dict.fromkeys(places):
        answering.pick(place)
    each_once = answering.is_complete and len(places) == len(options)
    if answering.input is Input.ORDER and not each_once:
        raise UnclearInput(f"Give all {len(options)} numbers in the right order, each once.")
    return answering.given


def _place(text: str, answering: Answering) -> int:
    """Return the place, from 0, of the option that a text names, or that stands at this number.

    Options that are numbers themselves stand at none.
    """
    options = answering.options
    numbers = [str(number) for number, _ in enumerate(options, 1)]
    if text in numbers and not answering.are_numbers:
        return numbers.index(text)
    folded = text.casefold()
    value = value_of(text) if answering.are_numbers else None
    for place, option in enumerate(options):
        shown = plain(option)
        if shown.casefold() == folded or (value is not None and value_of(shown) == value):
            return place
    if answering.are_numbers:
        raise UnclearInput(f"Answer with one of these: {'; '.join(map(plain, options))}.")
    raise UnclearInput(f"Answer with a number from 1 to {len(options)}, or the text of a choice.")
