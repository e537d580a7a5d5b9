"""The kinds of notes. `KINDS` describes each of them, and is the only place that does.

The fields of a kind are those of its struct in the deck format (`library.schema`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Kind(StrEnum):
    """A kind of notes; the value is its word in searches, the log and the index."""

    BASIC = "basic"
    TYPED = "typed"
    CLOZE = "cloze"
    CHOICE = "choice"
    MULTI = "multi"
    TRUE_FALSE = "true_false"
    ORDER = "order"
    LIST = "list"

    @property
    def spec(self) -> KindSpec:
        """The description of the kind."""
        return KINDS[self]

    @property
    def input(self) -> Input:
        """The way in which its cards are answered."""
        return KINDS[self].input

    @property
    def word(self) -> str:
        """Its word, as it is shown."""
        return self.replace("_", "/")


class Input(StrEnum):
    """The way in which a card is answered; app, line mode and Anki show it accordingly.

    REVEAL: in thought; the answer is then revealed. TEXT: by typing a text, or one for each gap.
    ONE: by picking one option. SEVERAL: by marking several. ORDER: by picking all in their order.
    ENTRIES: by typing one text after another.
    """

    REVEAL = "reveal"
    TEXT = "text"
    ONE = "one of"
    SEVERAL = "several of"
    ORDER = "order"
    ENTRIES = "entries"

    @property
    def is_typed(self) -> bool:
        """True if the answer is typed, with nothing to pick from."""
        return self in (Input.TEXT, Input.ENTRIES)

    @property
    def is_picked(self) -> bool:
        """True if there are options to pick from."""
        return self in (Input.ONE, Input.SEVERAL, Input.ORDER)


class Judging(StrEnum):
    """The rule by which an answer is right.

    OWN: the learner says so. TEXT: it is a wording of the answer, or nearly one, for each gap.
    ENTRIES: its texts are wordings of all answers, in any order. OPTION: the picked option is
    right. TRUTH: it says true or false, in any word. OPTIONS: the picked options are all the right
    ones and no other. SEQUENCE: each item is in its place.
    """

    OWN = "own"
    TEXT = "text"
    ENTRIES = "entries"
    OPTION = "option"
    TRUTH = "truth"
    OPTIONS = "options"
    SEQUENCE = "sequence"


class AsChoice(StrEnum):
    """The times at which a card is asked as a choice, if there are enough wrong choices."""

    NEVER = "never"
    IN_QUIZZES = "in quizzes"
    WHILE_LEARNED = "while it is learned"


class KindSpec(NamedTuple):
    """A kind of notes.

    Attributes:
        name: Its name for people.
        about: A sentence on how to write such a note.
        example: The fields of such a note.
        prompt: The field with the question, which identifies a note without an id.
        answer: The field with the right answer; empty if that is marked in the prompt.
        input: The way in which its cards are answered.
        judging: The rule by which an answer is right.
        wrong: The field with wrong choices; empty if there is none.
        options: The options, if they are the same for all such notes.
        as_choice: The times at which its cards are asked as choices.
    """

    name: str
    about: str
    example: Mapping[str, str | list[str]]
    prompt: str
    answer: str
    input: Input
    judging: Judging
    wrong: str = ""
    options: tuple[str, ...] = ()
    as_choice: AsChoice = AsChoice.NEVER

    @property
    def example_in_words(self) -> str:
        """The example on one line: the question and the right answer."""
        asked, right, wrong = (
            ", ".join([value] if isinstance(value, str) else value)
            for value in (
                self.example.get(field_name, "")
                for field_name in (self.prompt, self.answer, self.wrong)
            )
        )
        return asked + (f" → {right}" if right else "") + (f", not {wrong}" if wrong else "")

    @property
    def has_gaps(self) -> bool:
        """True if double braces in the prompt mark the parts that are asked."""
        return not self.answer

    @property
    def has_telling_answers(self) -> bool:
        """True if an answer means something without its question, as `true` does not."""
        return not self.options

    @property
    def lends_answers(self) -> bool:
        """True if its answers are plausible wrong choices for other cards."""
        return self.has_telling_answers and self.input is not Input.ORDER

    @property
    def can_be_mistaken(self) -> bool:
        """True if a wrong answer may be the right one of another card."""
        return self.has_telling_answers and self.input in (Input.TEXT, Input.ONE)


KINDS: dict[Kind, KindSpec] = {
    Kind.BASIC: KindSpec(
        "Think and reveal",
        "Write a front and a back: the learner sees one, thinks of the other, and compares.",
        {"front": "Astana", "back": "The capital of Kazakhstan", "reverse": "true"},
        "front", "back", Input.REVEAL, Judging.OWN, as_choice=AsChoice.IN_QUIZZES,
    ),
    Kind.TYPED: KindSpec(
        "Type the answer", "Write a question, and the answer that is to be typed.",
        {"question": "In which year did Uzbekistan become independent?", "answer": "1991",
         "hint": "The year in which the Soviet Union ended"},
        "question", "answer", Input.TEXT, Judging.TEXT, "wrong", as_choice=AsChoice.WHILE_LEARNED,
    ),
    Kind.CLOZE: KindSpec(
        "Fill the gap", "Write a text, and put {{ }} around what is asked.",
        {"text": "{{Dushanbe}} is the capital of {{Tajikistan}}."},
        "text", "", Input.TEXT, Judging.TEXT,
    ),
    Kind.CHOICE: KindSpec(
        "Choose one", "Write the right answer, and the wrong ones to choose from.",
        {"question": "Which of these is doubly landlocked?", "answer": "Uzbekistan",
         "choices": ["Kazakhstan", "Kyrgyzstan", "Turkmenistan"]},
        "question", "answer", Input.ONE, Judging.OPTION, "choices",
    ),
    Kind.MULTI: KindSpec(
        "Choose several", "Write all answers that are right, and the wrong ones to choose from.",
        {"question": "Which of these border the Caspian Sea?",
         "answers": ["Kazakhstan", "Turkmenistan"], "choices": ["Uzbekistan", "Tajikistan"]},
        "question", "answers", Input.SEVERAL, Judging.OPTIONS, "choices",
    ),
    Kind.TRUE_FALSE: KindSpec(
        "True or false", "Write a statement, and whether it is true.",
        {"statement": "Bishkek lies in Uzbekistan.", "answer": "false"},
        "statement", "answer", Input.ONE, Judging.TRUTH, options=("true", "false"),
    ),
    Kind.ORDER: KindSpec(
        "Put in order", "Write things in the right order: the learner gets them shuffled.",
        {"question": "Put them in order of area, largest first",
         "order": ["Kazakhstan", "Turkmenistan", "Uzbekistan"]},
        "question", "order", Input.ORDER, Judging.SEQUENCE,
    ),
    Kind.LIST: KindSpec(
        "Name them all", "Write all things that are to be named, in any order.",
        {"question": "Name the five Central Asian republics",
         "list": ["Kazakhstan", "Kyrgyzstan", "Tajikistan", "Turkmenistan", "Uzbekistan"]},
        "question", "list", Input.ENTRIES, Judging.ENTRIES,
    ),
}  # fmt: skip
"""The description of each kind of note, in the order in which kinds are offered."""
