"""Warns, in `check` alone, of what is well formed in a deck and yet hardly intended."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from contextlib import suppress
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.config import OF_DECKS
from sco_quiz.learning.cloze import ClozeError, find_doubtful
from sco_quiz.learning.folding import bare_key, base_language
from sco_quiz.learning.kinds import Input
from sco_quiz.library.citations import cited_keys
from sco_quiz.library.diagnostics import did_you_mean, quote
from sco_quiz.library.kinds import flags_of, kind_of
from sco_quiz.library.nodes import MappingNode, SequenceNode, Spot
from sco_quiz.library.questions import block, find_brace
from sco_quiz.library.telling_choices import find_standing_out
from sco_quiz.text import clean, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sco_quiz.learning.kinds import Kind
    from sco_quiz.library.decks import Deck
    from sco_quiz.library.diagnostics import Problems
    from sco_quiz.library.nodes import Node
    from sco_quiz.library.yaml_reading import Reading

_WORD = re.compile(r"[^\W_]+")
_BRACKETS = re.compile(r"\([^()]*\)")
_OR = {"en": "or", "de": "oder", "es": "o", "fr": "ou", "it": "o", "pt": "ou", "ru": "или"}
_NEARBY = 50
"""The number of notes on either side that are searched for a prompt of the same pattern."""

_MOST = 1000
"""The most choices of a note, and characters of a question, that are compared."""

_LOOKED_UP = 100
"""The most unknown sources for which one with a similar key is looked for."""

_HASH = re.compile(r"\S[ \t]#|:[ \t]+#\S")
_AFTER_TEXT = re.compile(r"[ \t]#")
_AFTER_NOTHING = re.compile(r"[ \t]+#[^\s#]")
_NO_TEXT = {
    "id", "parent", "language", "prompt_language", "url", "as_of", *OF_DECKS,
}  # fmt: skip
"""Keys whose values have no `#`, so that what follows them is a comment."""


def look_for_slips(
    reading: Reading, deck: Deck | None, today: date, max_age: int | None = None
) -> None:
    """Add warnings to the problems of a file that was read.

    Args:
        reading: The file; notes with an error are passed over.
        deck: The deck in it, if it could be read.
        today: The day from which the age of a fact's `as_of` is counted.
        max_age: The age in days above which a fact is stale; None to let none be.
    """
    root, problems = reading.root, reading.problems
    if root is None:
        return
    language = deck.language if deck is not None else "en"
    cards = root.get("cards")
    mappings = [entry for entry in cards if isinstance(entry, MappingNode)] if cards else []
    notes = [_Note(node, kind) for node in mappings if (kind := _kind(node, problems))]
    _warn_of_answers_in_prompts(notes, language, problems)
    _warn_of_lookalikes(notes, language, problems)
    _warn_of_choices_that_stand_out(notes, language, problems)
    _warn_of_gaps_in_code(notes, problems)
    _warn_of_answers_alike(notes, root, language, problems)
    _warn_of_needless_answers(notes, language, problems)
    if _HASH.search(problems.lines.text):
        _warn_of_comments(root, problems)
    citing = [
        entry for entry in (root.get("defaults"), *mappings) if isinstance(entry, MappingNode)
    ]
    _warn_of_unused_sources(root, citing, problems)
    if max_age is not None:
        _warn_of_stale_facts(citing, today, max_age, problems)


class _Note(NamedTuple):
    node: MappingNode
    kind: Kind

    def texts(self, key: str) -> list[tuple[str, Spot]]:
        """Return the texts under a key, which may hold one or a list, and their places."""
        value = self.node[key]
        if isinstance(value, SequenceNode):
            spots = (value.spot(index) for index in range(len(value)))
            return list(zip(map(str, value), spots, strict=True))
        return [(str(value), self.node.spot(key))]


def _kind(node: MappingNode, problems: Problems) -> Kind | None:
    return None if problems.errors_within(node.start, node.end) else kind_of(node)


def _warn_of_answers_in_prompts(notes: list[_Note], language: str, problems: Problems) -> None:
    either = _OR.get(base_language(language), "or")
    texts = [str(note.node[note.kind.spec.prompt]) for note in notes]
    prompts = [_words(text) for text in texts]
    for index, (note, prompt) in enumerate(zip(notes, prompts, strict=True)):
        if problems.full:
            break
        spec = note.kind.spec
        if not (spec.answer and spec.lends_answers) or len(prompt) > _MOST:
            continue
        if note.node.get("reverse") == "true":
            continue
        wrong = note.node.get(spec.wrong, ())
        if f" {either} " in prompt or any(_holds(prompt, _words(str(text))) for text in wrong):
            continue  # the question says what there is to choose from
        term = _words(_BRACKETS.sub(" ", texts[index]))
        nearby = prompts[max(0, index - _NEARBY) : index + _NEARBY]
        for answer, spot in note.texts(spec.answer):
            part = next((text for text in _parts(answer) if _holds(prompt, text)), term)
            if part != term and not _fits_others(prompt, part, nearby):
                problems.add(
                    "W405", f"the question gives away the answer {quote(answer)}",
                    spot.start, spot.end, help="put the question in other words",
                )  # fmt: skip


def _words(text: str) -> str:
    """Return the words of a text without case and punctuation, each between spaces."""
    return f" {' '.join(_WORD.findall(unicodedata.normalize('NFKC', text).casefold()))} "


def _parts(answer: str) -> Iterator[str]:
    """Return the alternatives of an answer, without the parts in brackets."""
    return (_words(_BRACKETS.sub(" ", part)) for part in answer.split(" / "))


def _holds(prompt: str, part: str) -> bool:
    """Return True if a prompt contains some words, and hardly by coincidence."""
    core = part.strip()
    return part in prompt and len(core) >= (4 if core.isdecimal() else 3)


def _fits_others(prompt: str, part: str, others: list[str]) -> bool:
    """Return True if other prompts differ in this part only, so that the question is about it.

    The answer in `Capital of Luxembourg?` is no mistake among questions for other capitals.
    """
    before, _, after = prompt.partition(part)
    before, after = before + " ", " " + after
    return any(
        len(other) > len(before) + len(after)
        and other != prompt
        and other.startswith(before)
        and other.endswith(after)
        for other in others
    )


def _warn_of_gaps_in_code(notes: list[_Note], problems: Problems) -> None:
    for note in notes:
        spec = note.kind.spec
        if not spec.has_gaps:
            continue
        text = block(str(note.node[spec.prompt]))
        spot = note.node.spot(spec.prompt)
        with suppress(ClozeError):  # a note after the last problem that is listed
            for doubt in find_doubtful(text):
                at = find_brace(problems.lines.text, spot, text.count("{{", 0, doubt.offset))
                message = clean(doubt.message, multiline=False)
                problems.add("W412", message, at, min(at + 2, spot.end), help=doubt.help)


def _warn_of_lookalikes(notes: list[_Note], language: str, problems: Problems) -> None:
    for note in notes:
        spec = note.kind.spec
        if spec.wrong in note.node:
            right, others = note.texts(spec.answer), note.texts(spec.wrong)
        elif spec.input is Input.ENTRIES:
            right, others = [], note.texts(spec.answer)
        else:
            continue
        texts = [text for text, _ in right + others]
        if len(texts) > _MOST or not _end_alike(texts):
            continue
        known = {_key_of(text, language): text for text, _ in right}
        for text, spot in others:
            key = _key_of(text, language)
            same = known.get(key)
            if same is not None and _fold(same) != _fold(text):
                problems.add(
                    "W408", f"{quote(text)} and {quote(same)} count as the same answer",
                    spot.start, spot.end,
                    help="punctuation and articles do not count; say more, or delete one",
                )  # fmt: skip
            elif not right:
                known[key] = text


def _warn_of_answers_alike(
    notes: list[_Note], root: MappingNode, language: str, problems: Problems
) -> None:
    """Warn if one typed text would be right for two different answers of a category."""
    defaults = root.get("defaults")
    usual = defaults.get("category", "") if isinstance(defaults, MappingNode) else ""
    alike: dict[tuple[str, str], list[tuple[str, Spot]]] = {}
    for note in notes:
        category = str(note.node.get("category", usual))
        spec = note.kind.spec
        if spec.input is Input.TEXT and spec.answer and category:
            for text, spot in note.texts(spec.answer):
                last = max(_words(text).split(), key=len, default="")
                alike.setdefault((category, bare_key(last)), []).append((text, spot))
    for texts in alike.values():
        if len({_fold(text) for text, _ in texts}) < 2:
            continue
        known: dict[str, str] = {}
        for text, spot in texts[:_MOST]:
            key = _key_of(plain(text), language)
            same = known.setdefault(key, text)
            if key and _fold(same) != _fold(text):
                problems.add(
                    "W413", f"{quote(text)} and {quote(same)} are too alike to be told apart",
                    spot.start, spot.end,
                    help="say more in both, or put them into different categories",
                )  # fmt: skip


def _key_of(text: str, language: str) -> str:
    """Return what two answers have in common that count as the same."""
    from sco_quiz.learning.judging.words import words_of  # few decks need it

    return words_of(text, language).key


def _warn_of_needless_answers(notes: list[_Note], language: str, problems: Problems) -> None:
    looked_at = 0
    for note in notes:
        accept = note.node.get("accept")
        spec = note.kind.spec
        if not accept or not spec.answer or note.node.get("strict") == "true":
            continue
        looked_at += 1
        if looked_at > _MOST:
            return
        from sco_quiz.learning.judging import findings, pipeline, wordings  # few decks need it

        rights = [text for text, _ in note.texts(spec.answer)]
        context = findings.JudgingContext(
            language,
            category=str(note.node.get("category", "")),
            prompt=str(note.node[spec.prompt]),
        )
        for text, spot in note.texts("accept"):
            ways = wordings.ways_to_put(rights, language, literal=False)
            if pipeline.judge_text(plain(text), ways, (), context).grade is findings.Grade.RIGHT:
                problems.add(
                    "W414", f"{quote(text)} is right without standing in `accept`",
                    spot.start, spot.end, help="delete it there",
                )  # fmt: skip


def _warn_of_choices_that_stand_out(notes: list[_Note], language: str, problems: Problems) -> None:
    lines_of_equals = {
        problem.line for problem in problems.found if problem.code in ("W404", "W408")
    }
    for note in notes:
        spec = note.kind.spec
        if not spec.wrong or spec.wrong not in note.node or note.node.get("strict") == "true":
            continue
        right, wrong = note.texts(spec.answer), note.texts(spec.wrong)
        lines = {problems.lines.position(spot.start)[0] for _, spot in (*right, *wrong)}
        if len(right) + len(wrong) > _MOST or lines_of_equals & lines:
            continue  # the equal ones have to be corrected first
        rights, wrongs = [plain(text) for text, _ in right], [plain(text) for text, _ in wrong]
        first_reasons: dict[int | None, str] = {}
        for index, why in find_standing_out(rights, wrongs, language):
            first_reasons.setdefault(index, why)
        for index, why in first_reasons.items():
            text, spot = right[0] if index is None else wrong[index]
            problems.add(
                "W415", f"{quote(text)} stands out among the choices: {why}",
                spot.start, spot.end, help="make them alike in length, form and strength",
            )  # fmt: skip


def _end_alike(texts: list[str]) -> bool:
    """Return True if a text ends with another, as texts do that differ in an article.

    It takes a tenth of the time of a thorough comparison, and is seldom true.
    """
    backwards = sorted(_words(text.replace("&", "and")).replace(" ", "")[::-1] for text in texts)
    return any(longer.startswith(shorter) for shorter, longer in pairwise(backwards))


def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _warn_of_comments(root: MappingNode, problems: Problems) -> None:
    """Warn of comments that are more likely text: after a value and one space, or with no value.

    An author who intends a comment leaves two spaces before it.
    """
    text = problems.lines.text
    for key, value, spot in _texts(root):
        if key in _NO_TEXT or key in flags_of(None) or value in {"true", "false"}:
            continue
        if spot.end > spot.start:
            comment = None if text[spot.start] in "\"'|>" else _AFTER_TEXT.match(text, spot.end)
        else:
            comment = _AFTER_NOTHING.match(text, spot.end)
        if comment is not None:
            hash_at = text.index("#", spot.end)
            _, end = problems.lines.around(hash_at)
            problems.add(
                "W406", "this is a comment, and no part of the text before it", hash_at, end,
                help="put the text in quotes; leave two spaces before a comment",
            )  # fmt: skip


def _texts(node: MappingNode | SequenceNode, key: str = "") -> Iterator[tuple[str, str, Spot]]:
    """Yield every text in a collection, with its key (or that of its list) and its place."""
    entries: Iterator[tuple[str, Node, Spot]]
    if isinstance(node, MappingNode):
        entries = zip(node, node.values(), node.each_spot(), strict=True)
    else:
        entries = ((key, item, node.spot(index)) for index, item in enumerate(node))
    for name, value, spot in entries:
        if isinstance(value, str):
            yield name, value, spot
        else:
            yield from _texts(value, name)


def _warn_of_unused_sources(
    root: MappingNode, citing: list[MappingNode], problems: Problems
) -> None:
    sources = root.get("sources")
    if not isinstance(sources, MappingNode):
        return
    sources_cited = (cited_keys(str(node["source"])) for node in citing if "source" in node)
    cited = set().union(*sources_cited)
    misspelt = sorted(cited - sources.keys())[:_LOOKED_UP]
    cited.update(filter(None, (did_you_mean(key, sources) for key in misspelt)))
    for key, spot in zip(sources, sources.each_spot(), strict=True):
        if key not in cited:
            problems.add(
                "W407", f"no note cites the source {quote(key)}", spot.key, spot.key + len(key),
                help="cite it in the `source` of a note, or delete it",
            )  # fmt: skip


def _warn_of_stale_facts(
    dated: list[MappingNode], today: date, max_age: int, problems: Problems
) -> None:
    for node in dated:
        written = node.get("as_of")
        day = _last_day(written) if isinstance(written, str) else None
        if day is not None and (today - day).days > max_age:
            spot = node.spot("as_of")
            problems.add(
                "W409", f"this was true {(today - day).days:,} days ago", spot.start, spot.end,
                help="see whether it still is, and correct the note or the date",
            )  # fmt: skip


def _last_day(written: str) -> date | None:
    """Return the last day of a year or month, or the day; None for what is no date."""
    with suppress(ValueError):
        year, month, day = (*map(int, written.strip().split("-")), 0, 0)[:3]
        month = month or 12
        return date(year, month, day or monthrange(year, month)[1])
    return None
