"""Formulas: all of one is put into Unicode, or nothing is; money stays money."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sco_quiz.formula import LONGEST, comparable, readable
from sco_quiz.formula.signs import ACCENTS, BINARY, FENCES, LINES, OPERANDS, OPERATORS, RELATIONS
from sco_quiz.learning.cards import Card
from sco_quiz.learning.checking import Verdict, judge
from sco_quiz.learning.cloze import read_cloze
from sco_quiz.learning.kinds import Kind
from sco_quiz.text import TextSpan, clean, plain, spans


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("x_{n+1}^2", "xₙ₊₁²"),
        ("x^2_{n+1}", "xₙ₊₁²"),
        (r"\frac{a}{b}", "a/b"),
        (r"\frac{a+b}{2c}", "(a + b)/(2c)"),
        (r"\frac12 x", "½x"),
        (r"2\frac{a}{b}", "2(a/b)"),
        (r"\frac{\frac{a}{b}}{c}", "(a/b)/c"),
        (r"\frac{dy}{dx}", "dy/dx"),
        (r"x = \frac{-b \pm \sqrt{b^2-4ac}}{2a}", "x = (−b ± √(b² − 4ac))/(2a)"),
        (r"\sqrt[3]{x}", "∛x"),
        (r"\sqrt[n]{2x}", "ⁿ√(2x)"),
        (r"\sum_{i=0}^{n} i^2 \leq \infty", "∑ᵢ₌₀ⁿ i² ≤ ∞"),
        (r"\int_0^1 f(x)\,dx", "∫₀¹ f(x) dx"),
        (r"\lim_{x\to 0}\frac{\sin x}{x} = 1", "lim_(x→0) (sin x)/x = 1"),
        (r"\sin\frac{x}{2}", "sin (x/2)"),
        (r"\sin^2\theta+\cos^2\theta=1", "sin² θ + cos² θ = 1"),
        (r"e^{i\pi}+1=0", "e^(iπ) + 1 = 0"),
        ("x^{y^2}", "x^(y²)"),
        ("x^q y", "x^q y"),
        ("x^{Q+2}_{max}", "x_(max)^(Q+2)"),
        (r"{x^2}^3", "(x²)³"),
        (r"10^{-3}", "10⁻³"),
        (r"90^\circ", "90°"),
        ("f'(x), f''(x)", "f′(x), f″(x)"),
        ("a=-b", "a = −b"),
        ("f(x,y) = 1,000", "f(x, y) = 1,000"),
        (r"\mathrm{CO}_2", "CO₂"),
        (r"a\phantom{xyz}b\vphantom{x}c", "a bc"),
        (r"a \overset{*}{=} b", "a =* b"),
        (r"\overset{2}{x} + \underset{n}{\max} y", "x² + maxₙ y"),
        (r"A \stackrel{f}{\to} B", "A →ᶠ B"),
        (r"\boxed{x} = \underbrace{a+b}_{c}", "x = (a + b)_c"),
        (r"\binom{n}{k}", "(n choose k)"),
        (r"{}^{14}C", "¹⁴C"),
        (r"\vec{v}\cdot\hat n", "v⃗ · n̂"),
        (r"\overline{AB}", "A̅B̅"),
        (r"a\not=b", "a ≠ b"),
        (r"\mathbb{R}\to\mathcal{F}", "ℝ → ℱ"),
        (r"\left(\frac{a+b}{c}\right)^2", "((a + b)/c)²"),
        (r"\left.x\right|_0^1", "x|₀¹"),
        (r"\{x\in A\mid x>0\}", "{x ∈ A ∣ x > 0}"),
        (r"a\equiv b\pmod{n}", "a ≡ b (mod n)"),
        (r"5\,\text{kg of } x", "5 kg of x"),
        ("E = […]", "E = […]"),
        ("E = [energy at rest]", "E = [energy at rest]"),
    ],
)
def test_a_formula_is_shown_in_one_line(source: str, shown: str) -> None:
    assert readable(source) == unicodedata.normalize("NFC", shown)


@pytest.mark.parametrize(
    "source",
    [
        r"\alpha + \unknown{x}",
        r"\begin{pmatrix}1&2\end{pmatrix}",
        r"\vec{AB}",
        r"\mathbb{r}",
        r"\sqrt[x+Q]{2}",
        r"\frac{a}",
        "x^",
        "x^a^b",
        "{x",
        "x}",
        "a & b",
        "",
        " ",
        "x" * (LONGEST + 1),
        "{" * 100_000 + "}" * 100_000,
        r"\frac{" * 100,
        r"\left" * 400,
        r"\hat" * 400,
        r"\sqrt[" * 300,
        "x^{" * 100 + "}" * 100,
    ],
    ids=lambda source: source[:20],
)
def test_a_formula_with_something_that_has_no_plain_form_stays_as_it_is(source: str) -> None:
    assert readable(source) is None
    assert plain(f"see ${source}$!") == f"see ${source}$!"


@pytest.mark.parametrize(
    "text",
    [
        "$5 and $10",
        "from $5 to $10.",
        "$5-$10",
        "US$5 or HK$10",
        "$5 (US) and HK$",
        "A$5/B$ rate",
        "$HOME/$USER",
        "$x_{1}$5",
        "a$x_{1}$",
        "$ x_{1} $",
        "$",
        "$$",
        "$$$$",
        "100,000 dollars: " + "$" * 100_000,
    ],
    ids=lambda text: text[:20],
)
def test_dollar_signs_that_hold_no_formula_stay(text: str) -> None:
    assert plain(text) == text


def test_formulas_stand_among_other_markup() -> None:
    assert spans(r"*so* $a_1*b*c$, `$x^2$`, \$5 and the $n$th $$\pi^2$$") == [
        TextSpan("so", italic=True),
        TextSpan(" a₁ * b * c, "),
        TextSpan("$x^2$", code=True),
        TextSpan(", $5 and the nth π²"),
    ]


FORMULAS = st.lists(
    st.sampled_from(
        [*"{}^_'()[]|+-=,.:;!/~ \n$x1ab", r"\frac", r"\sqrt", r"\left", r"\text", r"\sum", r"\hat"]
    ),
    max_size=40,
).map("".join)


@given(FORMULAS | st.text(max_size=20))
def test_any_formula_is_shown_wholly_or_left_as_written(source: str) -> None:
    source = clean(source)
    shown = readable(source)
    assert shown is None or (
        clean(shown) == shown and "\\" not in shown and "\n" not in shown and shown.strip()
    )
    comparable(source)


@pytest.mark.parametrize(
    "command",
    [*OPERANDS, *BINARY, *RELATIONS, *OPERATORS, *FENCES]
    + [f"{name}{{x}}" for name in [*ACCENTS, *LINES]],
)
def test_every_known_command_is_shown_without_its_name(command: str) -> None:
    shown = readable(rf"a \{command} b")
    assert shown is not None
    assert "\\" not in shown or command == "backslash"
    assert all(unicodedata.name(each, "") for each in shown)


def judged(answer: str, given: str, *, strict: bool = False) -> Verdict | None:
    card = Card("k", "n", "d", Kind.TYPED, "?", (answer,), strict=strict)
    return judge(card, given).verdict


@pytest.mark.parametrize(
    ("answer", "given"),
    [
        ("$x_{n+1}^2$", "xₙ₊₁²"),
        ("$x_{n+1}^2$", "$x_{n+1}^2$"),
        ("$x_{n+1}^2$", "x_{n+1}^2"),
        ("$x_{n+1}^2$", "x_n+1^2"),
        (r"$\frac{a}{b}$", "a/b"),
        (r"$\frac{a}{b}$", r"\frac ab"),
        ("$10^{-3}$", "10^-3"),
        ("$H_2O$", "H2O"),
        (r"$a \cdot b$", "a*b"),
        (r"$x \le y$", "x <= y"),
        (r"$\pi r^2$", "πr^2"),
        (r"$\unknown{x}$", r"\unknown{x}"),
        (r"$\frac12$", "1/2"),
        ("10²", "10^2"),
        ("km²", "km2"),
    ],
)
def test_a_formula_may_be_answered_as_shown_or_as_written(answer: str, given: str) -> None:
    assert judged(answer, given) is Verdict.CORRECT


@pytest.mark.parametrize("given", ["xₙ²", "$x_n^2$", "x_n^2"])
def test_a_strict_formula_may_be_answered_as_shown_or_as_written_too(given: str) -> None:
    assert judged("$x_n^2$", given, strict=True) is Verdict.CORRECT


@pytest.mark.parametrize(
    ("answer", "given"),
    [
        ("$x^2 + y^2 = z^2$", "x^2 - y^2 = z^2"),
        ("$G_{tot} = T$", "g_{tot} = t"),
        ("$n!$", "n"),
        ("$f'(x)$", "f(x)"),
        (r"$\frac{a+b}{c}$", "/c"),
        ("$f(x)$", "f"),
        ("$10^2$", "102"),
        ("10²", "102"),
        ("$x^2$", "x2"),
    ],
)
def test_a_formula_is_never_nearly_right(answer: str, given: str) -> None:
    assert judged(answer, given) is Verdict.WRONG


def test_the_gap_of_a_cloze_in_a_formula_is_a_formula() -> None:
    blanks = read_cloze("$E = {{mc^2}}$, says {{Einstein}}, not ${{x}}$").blanks
    assert [blank.answers for blank in blanks] == [("$mc^2$",), ("Einstein",), ("$x$",)]
    assert plain(blanks[0].prompt) == "E = […], says Einstein, not x"
