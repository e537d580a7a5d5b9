"""The Unicode characters for LaTeX's commands for signs, letters and accents."""

from __future__ import annotations

_GREEK = (
    "alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι "
    "kappa κ lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς "
    "tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ "
    "Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω"
)
_OPERANDS = (
    "infty ∞ partial ∂ nabla ∇ hbar ℏ ell ℓ Re ℜ Im ℑ aleph ℵ wp ℘ emptyset ∅ varnothing ∅ "
    "forall ∀ exists ∃ nexists ∄ top ⊤ bot ⊥ angle ∠ triangle △ square □ degree ° prime ′ ldots … "
    "dots … cdots ⋯ dotsc … dotsb ⋯ vdots ⋮ ddots ⋱ dagger † ddagger ‡ imath ı jmath ȷ "
    "clubsuit ♣ diamondsuit ♢ heartsuit ♡ spadesuit ♠ flat ♭ natural ♮ sharp ♯ checkmark ✓ "
    "backslash \\ neg ¬ lnot ¬ surd √ S § P ¶ pounds £ euro €"
)
_BINARY = (
    "pm ± mp ∓ times × div ÷ cdot · ast ∗ star ⋆ circ ∘ bullet ∙ cap ∩ cup ∪ setminus ∖ wedge ∧ "
    "land ∧ vee ∨ lor ∨ oplus ⊕ ominus ⊖ otimes ⊗ odot ⊙ bmod mod"
)
_RELATIONS = (
    "le ≤ leq ≤ leqslant ⩽ ge ≥ geq ≥ geqslant ⩾ ne ≠ neq ≠ ll ≪ gg ≫ lt < gt > equiv ≡ sim ∼ "
    "simeq ≃ approx ≈ cong ≅ propto ∝ doteq ≐ prec ≺ succ ≻ in ∈ notin ∉ ni ∋ subset ⊂ supset ⊃ "
    "subseteq ⊆ supseteq ⊇ subsetneq ⊊ perp ⊥ parallel ∥ mid ∣ nmid ∤ vdash ⊢ models ⊨ "
    "to → rightarrow → longrightarrow ⟶ gets ← leftarrow ← longleftarrow ⟵ leftrightarrow ↔ "
    "Rightarrow ⇒ Longrightarrow ⟹ implies ⟹ Leftarrow ⇐ Leftrightarrow ⇔ iff ⟺ mapsto ↦ "
    "uparrow ↑ downarrow ↓ Uparrow ⇑ Downarrow ⇓ hookrightarrow ↪ rightharpoonup ⇀ nearrow ↗ "
    "searrow ↘ rightleftharpoons ⇌ therefore ∴ because ∵ colon :"
)
_BIG = (
    "sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ iiint ∭ oint ∮ bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigotimes ⨂ "
    "bigwedge ⋀ bigvee ⋁"
)
_FUNCTIONS = (
    "arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim liminf "
    "limsup ln log max min Pr sec sin sinh sup tan tanh"
)
_FENCES = (
    "lbrace { rbrace } langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ vert | lvert | rvert | "
    "Vert ‖ lVert ‖ rVert ‖"
)


def _pairs(words: str) -> dict[str, str]:
    listed = words.split(" ")
    return dict(zip(listed[::2], listed[1::2], strict=True))


OPERANDS = _pairs(_GREEK) | _pairs(_OPERANDS)
"""Commands for quantities and things."""
BINARY = _pairs(_BINARY)
RELATIONS = _pairs(_RELATIONS)
OPERATORS = _pairs(_BIG) | {name: name for name in _FUNCTIONS.split()}
"""Commands for operators on all that follows, with bounds as sub- and superscripts."""
FENCES = _pairs(_FENCES)
SPACES = {"quad": "  ", "qquad": "    ", ",": " ", ";": " ", ":": " ", " ": " ", "!": "", ">": " "}
_SIZES = (
    "left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr limits "
    "nolimits displaystyle textstyle scriptstyle"
)
_FACES = "mathrm mathit mathbf mathsf mathtt boldsymbol bm operatorname"
_WORDS = "text textrm textit textbf texttt mbox"
IGNORED = frozenset(_SIZES.split())
"""Commands for the size and place of the part that follows; they are left out."""
UPRIGHT = frozenset(_FACES.split())
"""Commands for the face of letters, which plain text does not have."""
PHANTOMS = frozenset({"phantom", "hphantom", "vphantom"})
"""Commands for the space that a part takes, without the part itself."""
STACKED = {"overset": "^", "stackrel": "^", "underset": "_"}
"""Commands that put their first argument above (`^`) or below (`_`) the second."""
FRAMES = frozenset({"boxed", "fbox", "smash", "mathop", "mathbin", "underbrace", "overbrace"})
"""Commands that only draw a frame or a brace around their argument."""
TEXTS = frozenset(_WORDS.split())
"""Commands for words, which keep their spaces."""

ACCENTS = {
    "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303",
    "bar": "\u0304", "vec": "\u20d7", "dot": "\u0307", "ddot": "\u0308", "check": "\u030c",
    "breve": "\u0306", "acute": "\u0301", "grave": "\u0300",
}  # fmt: skip
LINES = {"overline": "\u0305", "underline": "\u0332"}
"""Accents that may stand over or under several letters."""

_SETS = dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True))
_SCRIPT = dict(zip("BEFHILMR", "ℬℰℱℋℐℒℳℛ", strict=True))
_FRAKTUR = dict(zip("CHIRZ", "ℭℌℑℜℨ", strict=True))
_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ALPHABETS = {
    name: {letter: chr(first + at) for at, letter in enumerate(_CAPITALS)} | older
    for name, first, older in (
        ("mathbb", 0x1D538, _SETS),
        ("mathcal", 0x1D49C, _SCRIPT),
        ("mathscr", 0x1D49C, _SCRIPT),
        ("mathfrak", 0x1D504, _FRAKTUR),
    )
}
"""The letters A-Z of alphabets with a meaning of their own: ℝ is not R."""

SUPERSCRIPTS = dict(
    zip(
        "0123456789+−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφχ′°*†∘",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡ′°*†°",
        strict=True,
    )
)
SUBSCRIPTS = dict(
    zip(
        "0123456789+−=()aehijklmnoprstuvxβγρφχ",
        "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ",
        strict=True,
    )
)
PRIMES = {"′′": "″", "′′′": "‴"}
FRACTIONS = {
    "1/2": "½", "1/3": "⅓", "2/3": "⅔", "1/4": "¼", "3/4": "¾", "1/5": "⅕", "2/5": "⅖", "3/5": "⅗",
    "4/5": "⅘", "1/6": "⅙", "5/6": "⅚", "1/8": "⅛", "3/8": "⅜", "5/8": "⅝", "7/8": "⅞",
}  # fmt: skip
ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}
