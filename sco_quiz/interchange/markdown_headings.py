"""Markdown whose headings are the questions, as in lists of questions and for mdanki.

The headings of one level ask, those above it group. What stands below a heading is its answer: a
text, choices with boxes or letters, or a fold. Folds, terms in bold with their meanings, and tables
are read where there are no such headings.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from sco_quiz.interchange import delimited
from sco_quiz.interchange.aiken import ANSWER, OPTION
from sco_quiz.interchange.bullets import questions
from sco_quiz.interchange.markdown import find_stray_paragraphs
from sco_quiz.interchange.markdown_text import (
    ITEM,
    RULE,
    Files,
    fence_after,
    heading_of,
    in_fences,
    outside_code,
    page_of,
    with_files,
)
from sco_quiz.interchange.material import ForeignDeck, ForeignNote, Material, check_number, placed
from sco_quiz.interchange.records import as_statement, choice_fields
from sco_quiz.interchange.side_words import meaning_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sco_quiz.interchange.material import Field

_ASKS = re.compile(
    r"[?？؟]['\"”»)*_`\s]*$|^(?:Q|Question|Frage|Pregunta|Вопрос)\s*[#№]?[0-9]{1,4}\b"
    r"|^[0-9]{1,4}[.)]\s",
    re.IGNORECASE,
)
_ENDS_ASKING = re.compile(r"[?？؟]['\"”»)*_`\s]*$")
_NUMBER = re.compile(
    r"(?:(?:Q|Question|Frage|Pregunta|Вопрос)\s*[#№]?\s*[0-9]{1,4}\s*[.):–—-]+|Q[0-9]{1,4}\s"
    r"|(?:Q|Question)\s*[:.]|[0-9]{1,4}(?:\.[0-9]{1,3})*[.)]|[0-9]{1,4}\s+[-–]\s)\s*",
    re.IGNORECASE,
)
_CONTENTS = re.compile(
    r"(?:table of )?contents?|toc|index|inhalt(?:sverzeichnis)?|sommaire|índice|содержание"
    r"|目录|目次",
    re.IGNORECASE,
)
_TAG = re.compile(
    r"</?(?:details|summary|a|p|div|br|center|span|sup|sub|b|h[1-6])\b[^<>]{0,300}>", re.IGNORECASE
)
_FOLD = re.compile(r"<details[^<>]{0,200}>(.*?)(?:</details>|\Z)", re.DOTALL | re.IGNORECASE)
_SUMMARY = re.compile(r"<summary[^<>]{0,200}>", re.IGNORECASE)
_SUMMARY_END = re.compile(r"</summary>", re.IGNORECASE)
_AROUND = " \t*_>⬆↥↑^|-.🔝️"
"""Signs around a link to another place of the text."""
_ANCHOR = re.compile(r"\[[^\[\]\n]{1,80}\]\(#[^()\n]{0,200}\)")
_ANCHOR_TAG = re.compile(r"<a [^<>]{0,200}#[^<>]{0,200}>[^<>]{0,80}</a>", re.IGNORECASE)
_MDANKI_TAGS = re.compile(r"[ \t]*(?:\[#[^\[\]\n]{1,80}\]\([^()\n]{0,80}\)[ \t,;]*)+")
_MDANKI_TAG = re.compile(r"\[#([^\[\]\n]{1,80})\]")
_BOX = re.compile(r"[ \t]{0,6}[-*+][ \t]+\[([ xX✓✔])\][ \t]*(.*)")
_ANSWERED = re.compile(
    r"[ \t]*[>*_#]{0,6}[ \t]*(?:the )?(?:correct )?(?:answers?|ans|solution|antwort|lösung|réponse"
    r"|respuesta|resposta|risposta|ответ|答案|答え)[*_]{0,3}[ \t]*[:：][*_]{0,3}[ \t]*(.*)",
    re.IGNORECASE,
)
_DOTTED_ANSWER = re.compile(r"[ \t]{0,3}(?:\*\*)?(?:A|Ans|Sol)\.(?:\*\*)?[ \t]+(\S.*)")
_BOLD_QUESTION = re.compile(
    r"[ \t]{0,3}(?:[-*+][ \t]+|[0-9]{1,4}[.)][ \t]+)?"
    r"(?:\*\*|__)(.{3,300}?)(?:\*\*|__)[ \t]*:?[ \t]*"
)
_TERM = re.compile(
    r"[ \t]*(?:[-*+][ \t]+|[0-9]{1,4}[.)][ \t]+)?(?:\*\*|__)(?=\S)([^*_\n]{1,120}?)"
    r"(?::(?:\*\*|__)|(?:\*\*|__)[ \t]*(?::|[-–—]+[ \t]))[ \t]*(\S.*)"
)
_ROW = re.compile(r"[ \t]*\|(.+)\|[ \t]*")
_LINE_OF_TABLE = re.compile(
    r"[ \t]*\|?(?:[ \t]*:?-{2,}:?[ \t]*\|)+(?:[ \t]*:?-{2,}:?[ \t]*)?[ \t]*"
)
_DEFINITION = re.compile(r"[ ]{0,3}:[ \t]+(?=\S)")
_LINK = re.compile(r"\[([^\[\]\n]{1,300})\]\([^()\n]{0,300}\)")
_MARKER = "%"
"""Stands between front and back in files for mdanki."""
_PROMPTS = frozenset({"front", "question", "statement"})
_TOLD = frozenset({"back", "answer", "explain", "hint"})
_TAGS_LINE = re.compile(r"tags:[ \t]*(.*)", re.IGNORECASE)
_LOOKED_AT = 200_000
_LONGEST_LINE = 2_000
_FEWEST = 3
"""Terms in bold that make a list of them."""


def fits(text: str) -> bool:
    """Tell whether a text has headings with something below them, or folds, or a list of terms."""
    lines = text[:_LOOKED_AT].splitlines()
    plain = list(outside_code(lines))
    headings = sum(heading_of(line) is not None for line in plain)
    tabs = sum("\t" in line.strip() for line in plain)
    said = sum(bool(line.strip()) for line in plain)
    if 2 * tabs > said:
        return False
    if headings > 1 and said > headings:
        return True
    terms = sum(_TERM.fullmatch(line) is not None for line in plain)
    folds = sum("<summary" in line.casefold() for line in plain)
    asked = sum(_bold_question(line) is not None for line in plain)
    table = any(map(_is_line_of_table, plain))
    defined = sum(map(_defines, plain, plain[1:]))
    return (
        terms >= _FEWEST or folds > 0 or asked > 1 or table or defined > 1
        or len(questions(lines, 1)[0]) > 1 or _is_single_card(plain)
    )  # fmt: skip


class _Section:
    """A heading, and what stands right below it."""

    __slots__ = ("level", "lines", "number", "title")

    def __init__(self, level: int, title: str, number: int) -> None:
        self.level = level
        self.title = title
        self.number = number
        self.lines: list[str] = []

    @property
    def is_said(self) -> bool:
        """Tell whether something stands below it that is no link to elsewhere in the text."""
        return any(
            line.strip() and not _is_link(line) and not RULE.fullmatch(line) for line in self.lines
        )

    @property
    def asks(self) -> bool:
        return _ASKS.search(self.title) is not None


def _is_link(line: str) -> bool:
    """Tell whether a line has nothing but a link to another place of the text."""
    if "#" not in line:
        return False
    bare = line.strip()
    item = ITEM.fullmatch(bare)
    bare = item[1] if item else bare
    left = _ANCHOR_TAG.sub("", _ANCHOR.sub("", bare, count=1), count=1)
    return left != bare and not _TAG.sub("", left).strip(_AROUND)


def _bold_question(line: str) -> str | None:
    """Return the question in a line in bold; None if there is none."""
    match = _BOLD_QUESTION.fullmatch(line)
    return match[1] if match and _ENDS_ASKING.search(match[1]) else None


def read(text: str, path: Path = Path("questions.md")) -> Material:
    """The notes of a Markdown text."""
    page = page_of(text)
    reader = _Reader(path, page.title, page.tags)
    sections = _sections(page.lines, page.first)
    asking = sum(section.asks and section.is_said for section in sections)
    if reader.take_sides(sections) or reader.take_items(sections, asking):
        return reader.material()
    level = _asking_level(sections)
    if level:
        reader.take(sections, level)
    if not reader.count or not any(section.asks for section in sections):
        heads = [_title(each.title) for each in sections if each.level == 1]
        others = _Reader(path, page.title or "".join(heads[:1]), page.tags)
        others.take_others(page.lines, page.first)
        if others.count > reader.count or not reader.count:
            return others.material()
    return reader.material()


def _sections(lines: Sequence[str], first: int) -> list[_Section]:
    """The sections of a text; the first is what stands above all headings."""
    sections = [_Section(0, "", first)]
    asked = sum(_bold_question(line) is not None for line, code in in_fences(lines) if not code)
    headings = sum(
        heading_of(line) is not None and _ENDS_ASKING.search(line) is not None
        for line, code in in_fences(lines)
        if not code
    )
    bold = asked > 1 and not headings
    fence, before, folded = "", "", 0
    for number, line in enumerate(lines, first):
        if not fence and "details" in line:
            folded += line.count("<details") - line.count("</details")
        heading = None if fence or folded > 0 else heading_of(line)
        under = not fence and before.strip() and re.fullmatch(r"={3,}[ \t]*|-{3,}[ \t]*", line)
        if heading:
            sections.append(_Section(heading.level, heading.title, number))
        elif under and not ITEM.match(before) and sections[-1].lines[-2:-1] in ([], [""]):
            sections[-1].lines.pop()
            sections.append(_Section(1 if line[0] == "=" else 2, before.strip(), number - 1))
            line = ""  # noqa: PLW2901 -- it belongs to the heading
        elif not fence and bold and (title := _bold_question(line)):
            sections.append(_Section(7, title, number))
        else:
            sections[-1].lines.append(line)
        check_number(len(sections) // 2)
        before = "" if heading else line
        fence = fence_after(line, fence)
    return sections


def _asking_level(sections: Sequence[_Section]) -> int:
    """The level of the headings that ask; 0 if none do."""
    asking = Counter(each.level for each in sections if each.level and each.asks)
    if asking:
        level, count = max(asking.items(), key=lambda each: (each[1], each[0]))
        if count > 1 or len(sections) < 5:
            return level
    said = Counter(
        each.level
        for each in sections
        if each.level and each.is_said and not _CONTENTS.fullmatch(_title(each.title))
    )
    return max(said.items(), key=lambda each: (each[1], each[0]))[0] if said else 0


def _title(written: str) -> str:
    """A heading without numbers, links and marks around it."""
    text = _LINK.sub(r"\1", _TAG.sub("", written)).strip()
    text = re.sub(r"[ \t]*\{#[^{}]{1,80}\}$", "", text)
    if match := re.fullmatch(r"(\*\*|__)(.*)\1", text):
        text = match[2].strip()
    bare = _NUMBER.sub("", text, count=1).strip() if _NUMBER.match(text) else text
    if match := re.fullmatch(r"(\*\*|__)(.*)\1", bare):
        bare = match[2].strip()
    return bare or text


class _Reader:
    """Makes notes of sections.

    Attributes:
        count: How many there are.
    """

    def __init__(self, path: Path, title: str, tags: list[str]) -> None:
        self.count = 0
        self._made = Material()
        self._files = Files(path)
        self._path = path
        self._title = title
        self._tags = tags
        self._notes: list[ForeignNote] = []
        self._strays: list[int] = []

    def material(self) -> Material:
        """All that was made."""
        self._end_deck()
        self._made.skipped += find_stray_paragraphs(self._strays)
        self._made.media += self._files.taken
        return self._made

    def take(self, sections: Sequence[_Section], level: int) -> None:
        """Make notes of the headings of a level; those above group them."""
        groups: dict[int, str] = {}
        at = 0
        while at < len(sections):
            section = sections[at]
            at += 1
            if not section.level or section.level < level:
                below = at < len(sections) and sections[at].level > section.level
                if section.level and section.asks and section.is_said and not below:
                    self._question(section, section.lines, groups)
                    continue
                self._group(section, groups)
                self._stray(section)
                continue
            body = list(section.lines)
            while at < len(sections) and sections[at].level > level:
                inner = sections[at]
                body += [f"**{_title(inner.title)}**", *inner.lines]
                at += 1
            if _CONTENTS.fullmatch(_title(section.title)):
                continue
            self._question(section, body, groups)

    def take_sides(self, sections: Sequence[_Section]) -> bool:
        """Make notes of headings that are words for sides, each with its side below it."""
        names = [meaning_of(each.title) if each.level else "" for each in sections]
        begins = [each in _PROMPTS for each in names]
        if not 0 < sum(begins) <= sum(each in _TOLD for each in names):
            return False
        fields: dict[str, Field] = {}
        line, tags = 0, list[str]()
        for section, name in zip(sections, names, strict=True):
            if name in _PROMPTS or not fields.keys() | {name} <= _PROMPTS | _TOLD:
                self._note(fields, line, tags)
                fields = {}
            if name in _PROMPTS or (name in _TOLD and fields):
                line = section.number if name in _PROMPTS else line
                fields[name] = _joined(_tidied(section.lines))
                continue
            listed = [match[1] for each in section.lines if (match := _TAGS_LINE.fullmatch(each))]
            own = [each for said in listed for each in re.split(r"[,\s]+", said) if each]
            if not section.level:
                self._tags = [*self._tags, *own]
            tags = [*self._tags, *own * bool(section.level)]
        self._note(fields, line, tags)
        return True

    def take_items(self, sections: Sequence[_Section], asking: int) -> bool:
        """Make notes of items of lists that ask, if they are more than the headings that do."""
        found = [questions(each.lines, each.number + bool(each.level)) for each in sections]
        if sum(len(asked) for asked, _ in found) <= max(1, asking):
            return False
        groups: dict[int, str] = {}
        for section, (asked, others) in zip(sections, found, strict=True):
            self._group(section, groups)
            tags = [*self._tags, *(_tag(group) for group in groups.values())]
            for each in asked:
                self._note({"front": _title(each.front), "back": each.back}, each.line, tags)
            self._strays += others
        return True

    def _group(self, section: _Section, groups: dict[int, str]) -> None:
        """Note what a heading groups: a deck, or the notes below it."""
        for level in [each for each in groups if each >= section.level or section.level == 1]:
            del groups[level]
        if section.level == 1:
            self._end_deck()
            self._title = _title(section.title)
        elif section.level:
            groups[section.level] = _title(section.title)

    def _stray(self, section: _Section) -> None:
        number = section.number + bool(section.level)
        blank = True
        for line, code in in_fences(section.lines):
            said = bool(line.strip()) and not _is_link(line) and not RULE.fullmatch(line)
            if said and blank and not code and _TAG.sub("", line).strip():
                self._strays.append(number)
            blank = not line.strip()
            number += 1

    def _question(self, section: _Section, body: Sequence[str], groups: dict[int, str]) -> None:
        lines = _tidied(body)
        tags = [*self._tags, *(_tag(group) for group in groups.values())]
        kept = []
        for line in lines:
            if _MDANKI_TAGS.fullmatch(line):
                tags += [_tag(each) for each in _MDANKI_TAG.findall(line)]
            else:
                kept.append(line)
        fields = _answered(_title(section.title), kept)
        self._note(fields, section.number, tags)

    def _note(self, fields: dict[str, Field], line: int, tags: Sequence[str]) -> None:
        where = f"line {line}"
        said, left = with_files(self._files, fields, _PROMPTS)
        self._made.lossy += placed(where, left)
        said = {name: value for name, value in said.items() if value}
        if not said:
            return
        if tags:
            said["tags"] = list(dict.fromkeys(tag for tag in tags if tag))
        self._notes.append(ForeignNote(said, "", where))
        self.count += 1
        check_number(self.count)

    def _end_deck(self) -> None:
        if self._notes:
            self._made.decks.append(ForeignDeck(self._title, self._notes))
            self._notes = []

    def take_others(self, lines: Sequence[str], first: int) -> None:
        """Make notes of what is no heading: folds, terms in bold, rows of tables."""
        text = "\n".join(lines)
        for fold in _FOLD.finditer(text):
            summary, below = _summary_of(fold[1])
            if summary:
                asked = _title(_TAG.sub("", summary))
                back = "\n".join(_tidied(below.split("\n")))
                number = first + text.count("\n", 0, fold.start())
                self._note({"front": asked, "back": back.strip()}, number, self._tags)
        if self.count:
            return
        terms = [
            (number, match)
            for number, (line, code) in enumerate(in_fences(lines), first)
            if not code and (match := _TERM.fullmatch(line))
        ]
        if len(terms) >= _FEWEST:
            for number, match in terms:
                fields: dict[str, Field] = {"front": match[1].strip(), "back": match[2].strip()}
                self._note(fields, number, self._tags)
            return
        if self._take_definitions(lines, first):
            return
        table = _table(lines)
        if table:
            made = delimited.read(table, self._path, separator="tab")
            self._made.decks += [ForeignDeck(self._title, deck.notes) for deck in made.decks]
            self._made.lossy += made.lossy
            self.count += sum(len(deck.notes) for deck in made.decks)
            return
        whole = _Section(0, "", first - 1)
        whole.lines = list(lines)
        self._stray(whole)

    def _take_definitions(self, lines: Sequence[str], first: int) -> bool:
        """Make notes of terms with `: …` below them, if there are some."""
        plain = list(outside_code(lines))
        at = [place for place in range(len(plain) - 1) if _defines(plain[place], plain[place + 1])]
        for place in at if len(at) > 1 else []:
            end = next(
                (end for end in range(place + 2, len(lines)) if not lines[end].startswith(" ")
                 and not _DEFINITION.match(lines[end])),
                len(lines),
            )  # fmt: skip
            below = [_DEFINITION.sub("", each.strip(), count=1) for each in lines[place + 1 : end]]
            fields: dict[str, Field] = {"front": lines[place].strip(), "back": "\n".join(below)}
            self._note(fields, first + place, self._tags)
        return len(at) > 1


def _is_single_card(lines: Sequence[str]) -> bool:
    """Tell whether a text is a question, a rule, and the answer, as a card of Mochi's is."""
    rules = [at for at, line in enumerate(lines) if RULE.fullmatch(line)]
    above = [line for line in lines[: rules[0] if rules else 0] if line.strip()]
    return len(rules) == len(above) == 1 and _ENDS_ASKING.search(above[0]) is not None


def _defines(term: str, below: str) -> bool:
    """Tell whether a line is a term, and the next one its definition."""
    return bool(_DEFINITION.match(below) and term.strip()) and not term.startswith((":", " ", "\t"))


def _is_line_of_table(line: str) -> bool:
    """Tell whether a line is the one between the head of a table and its rows."""
    return "|" in line and len(line) < _LONGEST_LINE and bool(_LINE_OF_TABLE.fullmatch(line))


def _table(lines: Sequence[str]) -> str:
    """The rows of the tables of a text, with tabs between cells."""
    rows = []
    for line, code in in_fences(lines):
        row = None if code or _is_line_of_table(line) else _ROW.fullmatch(line)
        if row:
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", row[1])]
            rows.append("\t".join('"' + cell.replace('"', '""') + '"' for cell in cells))
    return "\n".join(rows)


def _tag(written: str) -> str:
    """A heading or a word as a tag."""
    words = re.sub(r"[*_`#:]", "", written).split()
    return "-".join(words)[:60].strip("-")


def _tidied(lines: Sequence[str]) -> list[str]:
    """Lines without links to elsewhere in the text, and without rules at their end."""
    kept = [line for line, code in in_fences(lines) if code or not _is_link(line)]
    while kept and (not kept[-1].strip() or RULE.fullmatch(kept[-1]) or kept[-1] == "<hr>"):
        kept.pop()
    while kept and (not kept[0].strip() or RULE.fullmatch(kept[0])):
        kept.pop(0)
    return kept


def _answered(front: str, body: Sequence[str]) -> dict[str, Field]:
    """Return the note of a heading and the text below it."""
    if (fields := _boxed(front, body)) or (fields := _lettered(front, body)):
        return fields
    marker = next((at for at, line in enumerate(body) if line.strip() == _MARKER), None)
    if marker is not None:
        front = _joined([front, *body[:marker]])
        return {"front": front, "back": _joined(body[marker + 1 :])}
    text = "\n".join(body)
    if (fold := _FOLD.search(text)) is not None:
        inside = _summary_of(fold[1])[1]
        before, after = text[: fold.start()], text[fold.end() :]
        back = _joined([_without_tags(inside), _without_tags(after)])
        match = _ANSWERED.match(back)
        back = back if match is None or not match[1] else back[match.start(1) :]
        return {"front": _joined([front, _without_tags(before)]), "back": back}
    for at, (line, code) in enumerate(in_fences(body)):
        if not code and (answer := _ANSWERED.fullmatch(line) or _dotted(line, body)):
            back = _joined([answer[1], *body[at + 1 :]])
            return {"front": _joined([front, *body[:at]]), "back": back}
    return {"front": front, "back": _joined([_without_tags(text)])}


def _dotted(line: str, body: Sequence[str]) -> re.Match[str] | None:
    """The answer in a line after `A.`, if it is not the first of several choices."""
    match = _DOTTED_ANSWER.fullmatch(line)
    return match if match and not any(each.lstrip().startswith("B.") for each in body) else None


def _summary_of(fold: str) -> tuple[str, str]:
    """The summary of a fold, and the rest of it; empty and all of it if it has none."""
    start = _SUMMARY.search(fold)
    end = _SUMMARY_END.search(fold, start.end()) if start else None
    if start is None or end is None:
        return "", fold
    return fold[start.end() : end.start()], fold[: start.start()] + fold[end.end() :]


def _joined(lines: Sequence[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _without_tags(text: str) -> str:
    """A text without the HTML that only arranges it."""
    if "<" not in text:
        return text
    out = []
    for line, code in in_fences(text.split("\n")):
        out.append(line if code else _TAG.sub("", line))
    return "\n".join(out)


def _boxed(front: str, body: Sequence[str]) -> dict[str, Field] | None:
    """A question whose choices have boxes, the right ones ticked."""
    before, options, right, after = [], list[list[str]](), [], list[str]()
    ended = False
    for line, code in in_fences(body):
        box = None if code else _BOX.fullmatch(line)
        if box and not after:
            options.append([box[2]])
            ended = False
            if box[1] != " ":
                right.append(len(options) - 1)
        elif box and after:  # a text stood between two choices
            options[-1] += after
            after = []
            options.append([box[2]])
            if box[1] != " ":
                right.append(len(options) - 1)
            ended = False
        elif not options:
            before.append(line)
        elif code or (not ended and line.strip()):
            options[-1].append(line)
        elif line.strip():
            after.append(line)
        else:
            ended = True
    texts = [_joined(option) for option in options]
    if len(texts) < 2 or not right or not all(texts):
        return None
    fields: dict[str, Field] = {"question": _joined([front, _without_tags("\n".join(before))])}
    fields |= choice_fields(
        [each for at, each in enumerate(texts) if at not in right],
        [texts[at] for at in right],
        from_zero=False,
    )
    fields = as_statement(fields)
    if explain := _joined([_without_tags("\n".join(after))]):
        fields["explain"] = explain
    return fields


def _lettered(front: str, body: Sequence[str]) -> dict[str, Field] | None:
    """A question whose choices have letters, with a line that names the right ones."""
    before, options, after = list[str](), list[str](), list[str]()
    letters: list[str] = []
    for line, code in in_fences(body):
        option = None if code else OPTION.fullmatch(line)
        bare = _TAG.sub("", line)
        answer = ANSWER.fullmatch(bare.strip("# ")) if options and not code else None
        if answer and not letters:
            letters = re.findall("[A-Za-z]", re.sub(r"\band\b", "", answer[1]))
            after += [each for each in answer.groups()[1:] if each]
        elif option and not letters and ord(option[1].upper()) - ord("A") == len(options):
            options.append(option[2].strip())
        elif not options:
            before.append(line)
        elif letters:
            after.append(line)
    if len(options) < 2 or not letters:
        return None
    fields: dict[str, Field] = {"question": _joined([front, _without_tags("\n".join(before))])}
    fields = as_statement(fields | choice_fields(options, letters, from_zero=False))
    if explain := _joined([_without_tags(_summary_of("\n".join(after))[1])]):
        fields["explain"] = explain
    return fields
