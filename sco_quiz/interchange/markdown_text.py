"""Parts of Markdown that its readers share: front matter, fences, headings, links, and media."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.interchange.hypertext import Converted
from sco_quiz.interchange.material import check_tags
from sco_quiz.interchange.shelf import FolderShelf, side_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from sco_quiz.interchange.material import Field, MediaFile, Remark

RULE = re.compile(r"[ ]{0,3}(?:-{3,}|\*{3,}|_{3,})[ \t]*")
_HEADING = re.compile(r"(#{1,6})[ \t]+(.*)")
ITEM = re.compile(r"[ \t]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]+(.*)")
TAG_LINE = re.compile(r"(?:#[^\s#]+[ \t]*)+")
_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})")
_CODE = re.compile(r"(?<!`)(`++).*?(?<!`)\1(?!`)", re.DOTALL)
_FRONT_MATTER = re.compile(r"(---|\+\+\+)[ \t]*\n(.*?)\n\1[ \t]*(?:\n|\Z)", re.DOTALL)
_NUMBERED = re.compile(r"^[0-9]{1,4}[.)][ \t]", re.MULTILINE)
_ABOVE_QUESTIONS = re.compile(r"(---)[ \t]*\n((?:[^\n]+\n){1,20}?)[ \t]*\n")
_TITLE = re.compile(r"(?:deck|title|name)[ \t]*[:=][ \t]*[\"']?(.*?)[\"']?[ \t]*", re.IGNORECASE)
_TAGS = re.compile(r"tags?[ \t]*[:=][ \t]*(.*)", re.IGNORECASE)
_EMBED = re.compile(r"!\[\[([^\[\]|\n]{1,300})(?:\|[^\[\]\n]{0,300})?\]\]")
_IMAGE = re.compile(
    r"!\[[^\[\]\n]{0,500}\]\(\s{0,3}(?:<([^<>\n]{1,500})>|([^\s()<>]{1,500}(?:\([^\s()]{0,50}\))?))"
    r"[^()\n]{0,200}\)(?:\{[^{}\n]{0,100}\})?"
)
_SOUND_LINK = re.compile(r"\[sound:([^\[\]\n]{1,300})\]")
_LINK = re.compile(r"(?<!!)\[\[([^\[\]|\n]{1,300})(?:\|([^\[\]\n]{1,300}))?\]\]")
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|//")
_IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".bmp", ".avif")
_SOUNDS = (".mp3", ".ogg", ".oga", ".opus", ".flac", ".wav", ".m4a")
_DEEPEST_VAULT = 20
_SETTINGS = ".obsidian/plugins/obsidian-spaced-repetition/data.json"
_MOST_SETTINGS = 1 << 20  # bytes
_NOT_FLASHCARDS = re.compile(r"^(?:flashcards?|cards?)(?:/|$)")


class Heading(NamedTuple):
    """A heading: its level, from 1, and what it says."""

    level: int
    title: str


def heading_of(line: str) -> Heading | None:
    """The heading that a line is; None if it is none."""
    match = _HEADING.fullmatch(line)
    if match is None:
        return None
    return Heading(len(match[1]), match[2].rstrip(" \t").rstrip("#").rstrip(" \t"))


class MarkdownPage(NamedTuple):
    """A text without what stands before it.

    Attributes:
        title: As the front matter has it; may be empty.
        tags: Those of the front matter.
        lines: The rest, line by line.
        first: The number of the first of them, from 1.
    """

    title: str
    tags: list[str]
    lines: list[str]
    first: int


def page_of(text: str) -> MarkdownPage:
    """A text as a page, with line ends of one kind.

    Raises:
        DeckError: It has too many tags; each of its notes would get them.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    title, first = "", 1
    tags: list[str] = []
    if match := _FRONT_MATTER.match(text):
        if _NUMBERED.search(match[2]):  # Inka puts its questions there
            match = _ABOVE_QUESTIONS.match(text) or match
        above = match[2].split("\n")
        for number, line in enumerate(above):
            if found := _TITLE.fullmatch(line):
                title = found[1]
            elif found := _TAGS.fullmatch(line):
                tags = [*_listed(found[1]), *_items_below(above[number + 1 :])]
        first += text.count("\n", 0, match.end())
        text = text[match.end() :]
    return MarkdownPage(title, check_tags(tags_of(tags)), text.split("\n"), first)


def _listed(written: str) -> list[str]:
    found = re.split(r"[,\s]+", written.strip("[] \t"))
    return [each.strip("\"'") for each in found if each.strip("\"'")]


def _items_below(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        if (item := ITEM.fullmatch(line)) is None:
            return
        yield item[1].strip("\"' ")


def tags_of(written: Sequence[str]) -> list[str]:
    """Tags as the deck has them: `#flashcards/capitals` is `capitals`."""
    bare = [_NOT_FLASHCARDS.sub("", each.removeprefix("#")).strip("/") for each in written]
    return list(dict.fromkeys(each for each in bare if each))


def fence_after(line: str, fence: str) -> str:
    """The fence of the block of code that is open after a line; empty outside of one."""
    match = _FENCE.match(line)
    if match is None:
        return fence
    if not fence:
        return match[1]
    return "" if match[1].startswith(fence) and not line.strip().strip(fence[0]) else fence


def is_fence(line: str) -> bool:
    """Tell whether a line opens or closes a block of code."""
    return _FENCE.match(line) is not None


def in_fences(lines: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Lines, each with whether it is one of a block of code; its fences are."""
    fence = ""
    for line in lines:
        before, fence = fence, fence_after(line, fence)
        yield line, bool(before or fence)


def outside_code(lines: Sequence[str]) -> Iterator[str]:
    """The lines with spaces in the place of code."""
    for line, is_code in in_fences(lines):
        yield " " * len(line) if is_code else _CODE.sub(lambda match: "x" * len(match[0]), line)


def changed_outside_code(text: str, change: Callable[[str], str]) -> str:
    """A text with its stretches that are no code changed."""
    if "`" not in text and "~~~" not in text:
        return change(text)
    out: list[str] = []
    plain: list[str] = []

    def end_plain() -> None:
        joined, at = "\n".join(plain), 0
        if plain:
            parts = []
            for code in _CODE.finditer(joined):
                parts += [change(joined[at : code.start()]), code[0]]
                at = code.end()
            out.append("".join([*parts, change(joined[at:])]))
            plain.clear()

    for line, is_code in in_fences(text.split("\n")):
        if is_code:
            end_plain()
            out.append(line)
        else:
            plain.append(line)
    end_plain()
    return "\n".join(out)


def _without_stretches(text: str, start: str, end: str) -> str:
    """A text without what stands between two signs, and without them."""
    kept, at = [], 0
    while (begun := text.find(start, at)) >= 0:
        ended = text.find(end, begun + len(start))
        if ended < 0:
            break
        kept.append(text[at:begun])
        at = ended + len(end)
    return "".join([*kept, text[at:]])


class Files:
    """Takes the files out of texts, and keeps what is lost by it."""

    def __init__(self, path: Path, *, linked: bool = True) -> None:
        """Take those that a file names: beside it, or in the vault that it lies in.

        Args:
            path: The file.
            linked: Whether it is one of many notes, with links to others, and comments.
        """
        self._linked = linked
        self._vault = vault_of(path)
        self._shelf = FolderShelf(path.parent, self._vault or _root_of(path))

    @property
    def taken(self) -> list[MediaFile]:
        """The files that texts name and that are there."""
        return list(self._shelf.taken.values())

    def side(self, text: str) -> Converted:
        """A text without the files that it names, and without links to other notes."""
        signs = ("![", "[[", "<!--", "[sound:", "%%") if self._linked else ("![",)
        if not any(sign in text for sign in signs):
            return Converted(text.strip())
        images: list[str] = []
        sounds: list[str] = []

        def file(match: re.Match[str]) -> str:
            name = next(each for each in match.groups() if each is not None).strip()
            if _ELSEWHERE.match(name):
                return match[0]
            bare = name.split("#")[0].split("?")[0].casefold()
            if bare.endswith(_SOUNDS):
                sounds.append(name)
            elif bare.endswith(_IMAGES):
                images.append(name)
            else:
                return name if match[0].startswith("![[") else match[0]
            return ""

        def change(part: str) -> str:
            if not self._linked:
                return _IMAGE.sub(file, _EMBED.sub(file, part))
            part = _without_stretches(_without_stretches(part, "<!--", "-->"), "%%", "%%")
            for pattern in (_EMBED, _IMAGE, _SOUND_LINK):
                part = pattern.sub(file, part)
            return _LINK.sub(lambda link: link[2] or link[1], part)

        changed = changed_outside_code(text, change)
        changed = re.sub(r"\n{3,}", "\n\n", changed) if images or sounds else changed
        return Converted(changed.strip(), images=tuple(images), sounds=tuple(sounds))

    def named(
        self, question: Converted, answer: Converted
    ) -> tuple[dict[str, Field], list[Remark]]:
        """The files of a note by its fields, and those that could not be kept."""
        if not any((question.images, question.sounds, answer.images, answer.sounds)):
            return {}, []
        return self._shelf.fields(question, answer)

    def settings(self) -> dict[str, object]:
        """The settings of the vault on how cards are written in it."""
        if self._vault is None:
            return {}
        try:
            written = (self._vault / _SETTINGS).read_bytes()[:_MOST_SETTINGS]
            found = json.loads(written)
        except (OSError, ValueError, RecursionError):
            return {}
        found = found.get("settings", found) if isinstance(found, dict) else {}
        return found if isinstance(found, dict) else {}


def with_files(
    files: Files, fields: dict[str, Field], prompts: frozenset[str]
) -> tuple[dict[str, Field], list[Remark]]:
    """The fields of a note whose texts do not name files any more; and what could not be kept."""
    said: dict[str, Field] = {}
    asked, told = Converted(""), Converted("")
    for name, value in fields.items():
        if not isinstance(value, str) or name in {"id", "reverse"}:
            said[name] = value
            continue
        side = files.side(value)
        said[name] = side_text(side) if name in prompts or name in {"back", "answer"} else side.text
        if name in prompts:
            asked = Converted(
                "", images=asked.images + side.images, sounds=asked.sounds + side.sounds
            )
        else:
            told = Converted("", images=told.images + side.images, sounds=told.sounds + side.sounds)
    named, left = files.named(asked, told)
    return said | {name: file for name, file in named.items() if name not in said}, left


def vault_of(path: Path) -> Path | None:
    """The vault of Obsidian's that a file lies in; None if it lies in none."""
    return next((above for above in _above(path) if (above / ".obsidian").is_dir()), None)


def _root_of(path: Path) -> Path | None:
    """The folder of a graph of Logseq's, or of a collection of hashcards', that a file lies in."""
    return next(
        (
            above
            for above in _above(path)
            if (above / "logseq").is_dir() or (above / "hashcards.db").is_file()
        ),
        None,
    )


def _above(path: Path) -> Iterator[Path]:
    try:
        folder = path.parent.resolve()
    except OSError:
        return
    for _ in range(_DEEPEST_VAULT):
        yield folder
        if folder == folder.parent:
            return
        folder = folder.parent
