"""The meaning of the answers of Moodle's questions, in GIFT as in its XML."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.interchange.hypertext import LONGEST_HTML, Converted, to_markup
from sco_quiz.interchange.records import as_statement, choice_fields
from sco_quiz.interchange.shelf import side_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sco_quiz.interchange.material import Field
    from sco_quiz.interchange.shelf import Shelf

_ANYTHING = "*"
PARTIAL = "an answer that earns a part of the points counts as wrong"


class SkippedError(Exception):
    """A question that cannot be one of ours, and why."""


class MoodleAnswer(NamedTuple):
    """An answer.

    Attributes:
        text: What it says.
        share: The percentage of the points that it earns.
        feedback: What is said to whoever gives it.
    """

    text: str
    share: float
    feedback: str = ""


class Texts:
    """Makes texts of a question; keeps what is lost by it, and the files it names.

    Attributes:
        lost: What does not come along, in words.
        asked: The files of what is asked.
        told: Those of everything else.
    """

    def __init__(self, shelf: Shelf) -> None:
        """Texts that name files of a shelf."""
        self.lost: set[str] = set()
        self.asked = self.told = Converted("")
        self._shelf = shelf

    def html(self, source: str, *, lines: bool = False, asked: bool = False) -> str:
        """HTML as our markup.

        Args:
            source: The HTML.
            lines: Whether its line ends count.
            asked: Whether it stands in what is asked.
        """
        if len(source) > LONGEST_HTML:
            self.lost.add("HTML of this length is left as it is")
            return source.strip()
        source = source.strip().replace("@@PLUGINFILE@@/", "")
        converted = to_markup(source.replace("\n", "<br>") if lines else source, media=True)
        self.lost |= {f"{what} is not kept" for what in converted.lost}
        before = self.asked if asked else self.told
        both = Converted(
            "", images=before.images + converted.images, sounds=before.sounds + converted.sounds
        )
        if asked:
            self.asked = both
        else:
            self.told = both
        return side_text(converted)

    def files(self) -> dict[str, Field]:
        """The files of the note, by the names of its fields."""
        fields, left = self._shelf.fields(self.asked, self.told)
        self.lost |= {each.reason for each in left}
        return fields


def choice(
    prompt: str, answers: Sequence[MoodleAnswer], texts: Texts, *, several: bool
) -> dict[str, Field]:
    """A question with answers to choose from.

    Args:
        prompt: What is asked.
        answers: All of them.
        texts: Told of what is lost.
        several: Whether more than one may be right, each for a part of the points.

    Raises:
        SkippedError: None is right.
    """
    least = 0.001 if several else 99.99
    right = [each.text for each in answers if each.share >= least]
    wrong = [each.text for each in answers if each.share < least]
    if any(0 < each.share < least for each in answers):
        texts.lost.add(PARTIAL)
    if not right:
        raise SkippedError("none of its answers is right")
    if not several and len(right) > 1:  # each is as good as the other
        made: dict[str, Field] = {"question": prompt, "answers": right, "choices": wrong}
        return made if wrong else {"question": prompt, "list": right}
    made = {"question": prompt}
    made |= choice_fields((), right, wrong, from_zero=False)
    return as_statement(made)


def short(
    prompt: str, answers: Sequence[MoodleAnswer], texts: Texts, *, strict: bool = False
) -> dict[str, Field]:
    """A question whose answer is typed.

    Raises:
        SkippedError: None is right.
    """
    full = [each.text for each in answers if each.share >= 99.99]
    right = [each for each in full if _ANYTHING not in each.replace(r"\*", "")]
    right = [each.replace(r"\*", "*") for each in right]
    if len(right) < len(full):
        texts.lost.add("an answer with a wildcard is left out")
    if any(0 < each.share < 99.99 for each in answers):
        texts.lost.add(PARTIAL)
    if not right:
        raise SkippedError("none of its answers is right")
    first, *others = dict.fromkeys(right)
    fields: dict[str, Field] = {"question": prompt, "answer": first}
    if others:
        fields["accept"] = others
    return fields | ({"strict": "true"} if strict else {})


def matching(prompt: str, pairs: Sequence[tuple[str, str]], texts: Texts) -> dict[str, Field]:
    """A question that matches pairs.

    Raises:
        SkippedError: There are not two.
    """
    listed = [f"{left} → {right}" for left, right in pairs if left and right]
    if len(listed) < 2:
        raise SkippedError("it has fewer than two pairs to match")
    texts.lost.add("a question that matches pairs is a list of them")
    return {"question": prompt, "list": listed}


def explanation(general: str, answers: Sequence[MoodleAnswer], fields: dict[str, Field]) -> str:
    """Return the remarks after the answer: in general, to who is right, and to who is not."""
    right = {str(fields.get("answer", "")), *_listed(fields.get("answers", []))}
    lines = [general]
    lines += [each.feedback for each in answers if each.text in right]
    lines += [
        f"{each.text}: {each.feedback}"
        for each in answers
        if each.feedback and each.text not in right and each.text != _ANYTHING
    ]
    return "\n".join(dict.fromkeys(line for line in lines if line))


def _listed(value: Field) -> list[str]:
    return [value] if isinstance(value, str) else value
