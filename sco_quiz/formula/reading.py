"""Reads LaTeX from left to right into parts, which `layout` puts into one line."""

from __future__ import annotations

import re
import unicodedata

from sco_quiz.formula import signs
from sco_quiz.formula.layout import (
    FormulaPart,
    Unreadable,
    accented,
    fraction,
    held,
    joined,
    mapped,
)

DEEPEST = 16
"""The most levels of braces and commands; a deeper formula stays as it is."""

_PART = re.compile(
    r"\[[^][{}\\$^_]*[^\W\d_]{2} [^\W\d_]{2}[^][{}\\$^_]*\]"  # words in place of what is asked
    r"|\\(?:[A-Za-z]+|.)|\s+|.",
    re.DOTALL,
)


class FormulaReader:
    """Reads a formula from left to right, in time linear in its length."""

    def __init__(self, source: str) -> None:
        self._parts: list[str] = _PART.findall(source)
        self._at = 0
        self._depth = 0
        self._tight = False

    def items(self, end: str) -> list[FormulaPart]:
        """Return the parts before `end`, and pass it; `end` is empty for the end of the formula."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise Unreadable
        items: list[FormulaPart] = []
        while (part := self._next()) != end:
            if not part:
                raise Unreadable
            if part.isspace():
                continue
            if part in ("^", "_", "'"):
                self._at -= 1
                base = FormulaPart("")
            else:
                base = self._one(part)
            items.append(self._with_scripts(base))
        self._depth -= 1
        return items

    def _next(self) -> str:
        """Return the next part; empty at the end."""
        if self._at == len(self._parts):
            return ""
        self._at += 1
        return self._parts[self._at - 1]

    def _peek(self) -> str:
        """Return the next part that is no space, without passing it."""
        while self._at < len(self._parts) and self._parts[self._at].isspace():
            self._at += 1
        return self._parts[self._at] if self._at < len(self._parts) else ""

    def _argument(self) -> FormulaPart:
        """Return the argument of a command or script: one part, or a group."""
        self._peek()
        part = self._next()
        if not part or part in ("^", "_", "'"):
            raise Unreadable
        return self._one(part)

    def _script(self) -> FormulaPart:
        """Return a script, in which signs have no space around them."""
        outer, self._tight = self._tight, True
        script = self._argument()
        self._tight = outer
        return script

    def _one(self, part: str) -> FormulaPart:
        if part == "{":
            return joined(self.items("}"), tight=self._tight)
        if part[0] == "\\" and len(part) > 1:
            return self._command(part[1:])
        if part in "+-*":
            return FormulaPart("−" if part == "-" else part, "binary")
        if part in "=<>:":
            return FormulaPart(part, "relation")
        if part in ",;":
            return FormulaPart(part, "mark")
        if part in "([":
            return FormulaPart(part, "open")
        if part in ")]!?":
            return FormulaPart(part, "close")
        if part == "/":
            return FormulaPart(part, "glue")
        if part == "~":
            return FormulaPart(" ", "space")
        if part in "}&#%$\\" or not part.isprintable():
            raise Unreadable
        return FormulaPart(part)

    def _command(self, name: str) -> FormulaPart:
        if name in signs.OPERANDS:
            return FormulaPart(signs.OPERANDS[name])
        if name in signs.BINARY:
            return FormulaPart(signs.BINARY[name], "binary")
        if name in signs.RELATIONS:
            return FormulaPart(signs.RELATIONS[name], "mark" if name == "colon" else "relation")
        if name in signs.OPERATORS:
            big = signs.OPERATORS[name] != name or name[:3] in ("lim", "max", "min", "sup", "inf")
            return FormulaPart(signs.OPERATORS[name], "big" if big else "operator")
        if name in signs.SPACES:
            return FormulaPart(signs.SPACES[name], "space")
        if name in signs.FENCES or name in "{}|":
            text = signs.FENCES.get(name, "‖" if name == "|" else name)
            return FormulaPart(
                text, "open" if text in "{⟨⌊⌈" else "close" if text in "}⟩⌋⌉" else "operand"
            )
        if name in "$%&#_":
            return FormulaPart(name)
        if name in signs.TEXTS:
            return FormulaPart(self._text())
        return self._construct(name)

    def _construct(self, name: str) -> FormulaPart:
        """Return a command with its arguments."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise Unreadable
        if name in signs.IGNORED:
            item = self._delimiter(name)
        elif name in ("frac", "dfrac", "tfrac", "cfrac"):
            item = fraction(self._argument(), self._argument())
        elif name == "sqrt":
            item = self._root()
        elif name in signs.UPRIGHT:
            word = self._argument()
            item = FormulaPart(word.text, "operator" if name == "operatorname" else "operand")
        elif name in signs.ALPHABETS:
            letters = self._argument().text
            item = FormulaPart(mapped(letters, signs.ALPHABETS[name]))
        elif name in signs.ACCENTS or name in signs.LINES:
            item = accented(self._argument().text, name)
        elif name == "not":
            text = unicodedata.normalize("NFC", self._argument().text + "\u0338")
            if len(text) != 1:
                raise Unreadable
            item = FormulaPart(text, "relation")
        elif name in signs.PHANTOMS:
            self._argument()
            item = FormulaPart("" if name == "vphantom" else " ", "space")
        elif name in signs.STACKED:
            upon, base = self._argument(), self._argument()
            item = self._stacked(base, upon, signs.STACKED[name])
        elif name in signs.FRAMES:
            item = self._argument()
        elif name in ("binom", "dbinom", "tbinom"):
            above, below = self._argument(), self._argument()
            item = FormulaPart(f"({above.text} choose {below.text})", "operand")
        elif name == "pmod":
            item = FormulaPart(f" (mod {self._argument().text})", "close")
        else:
            raise Unreadable
        self._depth -= 1
        return item

    def _stacked(self, base: FormulaPart, upon: FormulaPart, sign: str) -> FormulaPart:
        """Return a base with something above or below it, as with a script."""
        if base.sort == "operand" and not any(map(str.isalnum, base.text)):
            base = base._replace(sort="relation")  # it stood in braces
        elif base.text.isalpha() and len(base.text) > 1:
            base = base._replace(sort="big")
        letters = signs.SUPERSCRIPTS if sign == "^" else signs.SUBSCRIPTS
        try:
            return base._replace(text=base.text + mapped(upon.text.replace(" ", ""), letters))
        except Unreadable:
            return base._replace(text=f"{base.text}{sign}{held(upon, 0)}")

    def _delimiter(self, name: str) -> FormulaPart:
        r"""Return the delimiter after `\left` and its like; a dot stands for none."""
        if name.endswith(("style", "limits")):
            return FormulaPart("", "space")
        part = self._peek()
        self._next()
        if part == ".":
            return FormulaPart("", "open" if name == "left" else "close")
        delimiter = self._one(part) if part else FormulaPart("")
        sort = {"left": "open", "right": "close"}.get(name, delimiter.sort)
        return delimiter._replace(sort=sort)

    def _root(self) -> FormulaPart:
        degree = ""
        if self._peek() == "[":
            self._next()
            degree = joined(self.items("]"), tight=True).text
        of = self._argument()
        sign = signs.ROOTS.get(degree)
        if sign is None:
            sign = mapped(degree, signs.SUPERSCRIPTS) + "√"
        return FormulaPart(sign + held(of, 0), rank=1)

    def _text(self) -> str:
        r"""Return the words of a `\text`, as written."""
        if self._peek() != "{":
            raise Unreadable
        self._next()
        words = []
        while (part := self._next()) != "}":
            if not part or part in "{$\\" or (part[0] == "\\" and part[1:] not in " $%&#_{}"):
                raise Unreadable
            words.append(" " if part.isspace() else part.removeprefix("\\"))
        return "".join(words)

    def _with_scripts(self, base: FormulaPart) -> FormulaPart:
        below = above = primes = ""
        low = high = FormulaPart("")
        while (part := self._peek()) in ("^", "_", "'"):
            self._next()
            if part == "'":
                primes += "′"
            elif part == "^" and not above:
                high = self._script()
                above = high.text
            elif part == "_" and not below:
                low = self._script()
                below = low.text
            else:
                raise Unreadable
        if not below and not above and not primes:
            return base
        primes = signs.PRIMES.get(primes, primes)
        text = base.text if base.sort != "operand" else held(base, 0)
        rank = max(base.rank, 1) if base.sort == "operand" else base.rank
        try:
            small = mapped(below, signs.SUBSCRIPTS) + primes + mapped(above, signs.SUPERSCRIPTS)
        except Unreadable:
            text += f"_{held(low, 0)}" if below else ""
            text += primes + (f"^{held(high, 0)}" if above else "")
            return base._replace(text=text, rank=rank, ends_low=not text.endswith(")"))
        return base._replace(text=text + small, rank=rank)
