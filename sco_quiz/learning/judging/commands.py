"""Commands, code, patterns and keyboard shortcuts, in which all signs and words count."""

from __future__ import annotations

import re
import unicodedata

from sco_quiz.learning.folding import with_plain_signs
from sco_quiz.learning.judging.tables import word_set

_CODE = re.compile(
    r"(?:^|\s)--?[A-Za-z]|\\|\$[A-Za-z_{]|\w_\w|__|;|[{}]|&&|\|\||[=!<>:+*/%-]=|->|=>|\+\+|--"
    r"|^#\w|</?\w+|^[.~]{0,2}/|^\.[A-Za-z]|^[#$@%&|<>]|^!?:?[A-Za-z]+[+#]+$|^[:!][A-Za-z]"
    r"|(?<!\w)[A-Za-z]{2}\w*\((?!e?s\)|in\)|er\))[^)]*\)(?!\w| [a-z]{3})"
    r"|(?<!\w)[A-Za-z]\w*\[[^\]]*\]|(?<!\w)[A-Za-z0-9]+\.[A-Za-z]+\(|^[A-Za-z_]\w+\.[A-Za-z]\w+"
    r"|\[[^\]]*-[^\]]*\]|\[\^|\(\?|[.\])][*+?]|^[a-z][*+?]$|\{[0-9]+,|\([^()]*\|[^()]*\)"
    r"|^\([a-z]+\)$|^\w\|\w$|::|\.\.|^lambda |^[A-Z]+\([^)]*\)$"
    r"|\s[.~]{0,2}/[\w.-]+/|'[^' ]*'|(?<=[0-9])(?:\.[0-9]+){2,}|^\^.*\$$|^chmod "
)
_COMMANDS = word_set(
    "apt awk brew cargo cd chgrp chmod chown cp crontab curl docker git grep gunzip gzip "
    "ifconfig kubectl ls mkdir mv nano netstat npm pip pwd python rm rmdir rsync scp sed "
    "ssh sudo systemctl tar traceroute umount uname uniq unzip vim wget whoami xargs yum"
)
_DOTTED = re.compile(r"(?:[^\W\d_]\. ?){2,}[^\W\d_]?")
_PROSE = re.compile(r"[^\W\d_]{2,} [^\W\d_]{2,} [^\W\d_]{2,}|[^\W\d_]{3,}, [^\W\d_]|; ")
_SQL = re.compile(
    r"(?:SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|WHERE|FROM|GROUP|ORDER|HAVING|JOIN|LEFT|RIGHT"
    r"|INNER|OUTER|FULL|CROSS|UNION|LIKE|BETWEEN|COUNT|SUM|AVG|MIN|MAX|VARCHAR|CHAR|DECIMAL|IS|NOT"
    r"|IN|PRIMARY|FOREIGN|TRUNCATE|LIMIT|SET|VALUES|ON|AS|AND|OR|EXISTS|CASE|COALESCE)\b"
)
_QUOTES = str.maketrans({**dict.fromkeys("’‘‛´“”„‟«»‹›", '"'), "'": '"'})
_AROUND = frozenset('"`')
_LONG_DASH = re.compile(r"(?:^|(?<=\s))[–—―](?=[A-Za-z]{2})")
_DASHES = str.maketrans(dict.fromkeys("–—―‐‑‒−", "-"))
_SPACE_AT_SIGN = re.compile(r" (?=[^\w\s$~./-])|(?<=[^\w\s$~./-]) | (?=[-/][ =])|(?<=[ =][-/]) ")
_QUOTED_WORD = re.compile(r"(?<=\s)\"([\w.][\w.-]*)\"(?!\S)")
_FOLDER_SLASH = re.compile(r"^(cd .*[^ /])/$")
_FLAGS = re.compile(r"(?<!\S)-[A-Za-z]{1,4}(?: -[A-Za-z]{1,4})*(?!\S)")
_MODIFIERS = {
    "ctrl": "ctrl",
    "control": "ctrl",
    "ctl": "ctrl",
    "⌃": "ctrl",
    "shift": "shift",
    "⇧": "shift",
    "alt": "alt",
    "option": "alt",
    "opt": "alt",
    "⌥": "alt",
    "meta": "alt",
    "cmd": "cmd",
    "command": "cmd",
    "⌘": "cmd",
    "win": "win",
    "windows": "win",
    "super": "win",
    "fn": "fn",
}
_KEYS = {
    "esc": "esc",
    "escape": "esc",
    "enter": "enter",
    "return": "enter",
    "↵": "enter",
    "⏎": "enter",
    "tab": "tab",
    "space": "space",
    "spacebar": "space",
    "backspace": "backspace",
    "del": "delete",
    "delete": "delete",
    "ins": "insert",
    "insert": "insert",
    "home": "home",
    "end": "end",
    "pgup": "pageup",
    "pageup": "pageup",
    "pgdn": "pagedown",
    "pgdown": "pagedown",
    "pagedown": "pagedown",
    "up": "up",
    "↑": "up",
    "down": "down",
    "↓": "down",
    "left": "left",
    "←": "left",
    "right": "right",
    "→": "right",
    "plus": "+",
    "minus": "-",
} | {f"f{number}": f"f{number}" for number in range(1, 25)}
_TWO_WORDS = (
    (re.compile(r"\bpage ?(up|down)\b"), r"page\1"),
    (re.compile(r"\bpg ?(up|dn|down)\b"), r"pg\1"),
    (re.compile(r"\bspace ?bar\b"), "space"),
    (re.compile(r"\bback ?space\b"), "backspace"),
    (re.compile(r"\b(up|down|left|right) arrow\b"), r"\1"),
    (re.compile(r"\bf (?=[0-9])"), "f"),
    (re.compile(r"^the | keys?(?=$| |\+)|[<>]"), ""),
)
_EMACS = re.compile(r"(?<![A-Za-z])(?:([CMScms])-|\^)(?=\S)")
_EMACS_MODIFIERS = {"c": "ctrl", "m": "alt", "s": "shift", "": "ctrl"}
_COMMAND_LINE = re.compile(r"[a-z][\w.-]*(?: [^(]*)?")
_CHORD_TOKEN = re.compile(r"[^\W_]+|[^\w\s]")


def is_code(text: str) -> bool:
    """Return True for a command, a piece of code, a pattern, or a text of mostly signs."""
    if len(text) > 2_000:
        return False
    visible = [char for char in text if not (char.isspace() or unicodedata.combining(char))]
    signs = sum(not (char.isalnum() or char in "'’") for char in visible)
    if visible and 2 * signs >= len(visible) and not _DOTTED.fullmatch(text.strip()):
        return True
    return bool(_CODE.search(text)) and not (_PROSE.search(text) and not _SQL.match(text))


def is_command_name(text: str) -> bool:
    """Return True for a command of a shell, or of SQL, with something after it."""
    first, _, rest = text.partition(" ")
    return (first in _COMMANDS and bool(rest)) or bool(_SQL.match(text) and text.count(" ") > 1)


def code_key(text: str, right: str) -> str:
    """Return code in one spelling, as far as the right answer allows.

    The kinds of quotes and dashes, quotes or a prompt around all of it, spaces around signs and the
    order of short flags do not count; nor, in a shell, quotes around a word and a slash after `cd`.

    Args:
        text: The text to compare, maybe `right` itself.
        right: The right answer, which shows if it is SQL, whose keywords have no case.
    """
    right = right.strip()
    text = _LONG_DASH.sub("--", text.strip()).translate(_DASHES)
    text = with_plain_signs(text) if not text.isascii() else " ".join(text.split())
    text = text.translate(_QUOTES)
    quotes = _AROUND - {right[:1].translate(_QUOTES)}
    whole = ""
    while text != whole:
        whole = text
        if not right.startswith("$"):
            text = text.removeprefix("$ ").strip()
        if len(text) > 2 and text[0] == text[-1] and text[0] in quotes:
            text = text[1:-1].strip()
    if _SQL.match(right):
        text = text.lower().removesuffix(";").rstrip()
    elif _COMMAND_LINE.fullmatch(right) and text[:1].isupper() and text[1:2].islower():
        text = text[0].lower() + text[1:]  # as a telephone begins a sentence
    elif re.fullmatch("[A-Zc][+#]+", right):
        text = text.lower()
    if right.partition(" ")[0] in _COMMANDS:
        text = _QUOTED_WORD.sub(r"\1", text)
        text = _FOLDER_SLASH.sub(r"\1", text)
    text = unicodedata.normalize("NFC", _SPACE_AT_SIGN.sub("", text))
    return _FLAGS.sub(_sorted_flags, text)


def _sorted_flags(match: re.Match[str]) -> str:
    flags = match[0].replace("-", "").replace(" ", "")
    last = flags[-1] if match.string.startswith("tar ") and "f" in flags else ""  # takes a value
    return "-" + "".join(sorted(flags.removesuffix(last))) + last


def shortcut(text: str) -> tuple[tuple[str, ...], ...] | None:
    """Return the chords of a shortcut, each with its modifiers in a fixed order, then its key.

    None for any other text.
    """
    if len(text) > 60 or not text.strip():
        return None
    small = _EMACS.sub(lambda match: f"{_EMACS_MODIFIERS[(match[1] or '').lower()]}+", text)
    small = small.lower().strip().strip("`\"'")
    for pattern, instead in _TWO_WORDS:
        small = pattern.sub(instead, small)
    chords: list[tuple[str, ...]] = []
    modifiers: set[str] = set()
    tokens = _CHORD_TOKEN.findall(small)
    position = 0
    while position < len(tokens):
        token = tokens[position]
        position += 1
        last = position == len(tokens)
        if token in _MODIFIERS:
            modifiers.add(_MODIFIERS[token])
        elif token in ("+", "-", ",", "–", "‑", "−", "and") and not (last and modifiers):
            continue
        elif token in _KEYS or (modifiers and len(token) == 1):
            chords.append((*sorted(modifiers), _KEYS.get(token, token)))
            modifiers = set()
        else:
            return None
    return tuple(chords) if chords and not modifiers else None
