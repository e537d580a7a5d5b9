"""What judging folds, by the sort of an answer, and what its verdicts say."""

from __future__ import annotations

import string
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sco_quiz.learning.cards import Card
from sco_quiz.learning.checking import Judgement, Verdict, judge
from sco_quiz.learning.judging.amounts import amounts_in
from sco_quiz.learning.judging.commands import code_key, shortcut
from sco_quiz.learning.judging.formulas import formula_key
from sco_quiz.learning.judging.number_words import read_words
from sco_quiz.learning.judging.scripts import in_simplified_characters, pinyin, romaji
from sco_quiz.learning.judging.tables import american_spellings, is_word, simplified_characters
from sco_quiz.learning.judging.texts import AnswerSort, JudgedText
from sco_quiz.learning.judging.units import unit_of
from sco_quiz.learning.judging.wordings import as_literal, ways_to_put
from sco_quiz.learning.judging.words import light, words_of
from sco_quiz.learning.kinds import Kind
from sco_quiz.text import clean, plain

TEXTS = st.text(
    st.one_of(
        st.sampled_from(string.ascii_letters + string.digits + string.punctuation + "    "),
        st.sampled_from(
            "äöüßéñçøłđıابتשלוםаяёйαωπかなカナ漢字学買한국½²³⁻₂·×−–—’“”°µΩ\u0301\u200b"
        ),
    ),
    max_size=30,
)


ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"


def typed(
    text: str, answer: str, *rivals: str, language: str = "en", question: str = "?", **more: str
) -> Judgement:
    category = more.get("category", "")
    asked = Card(
        "k", "n", "d", Kind.TYPED, question, (answer,), language=language, category=category
    )
    return judge(asked, text, rivals=rivals)


@pytest.mark.parametrize(
    ("answer", "sort"),
    [
        ("Lisbon", AnswerSort.WORDS),
        ("and/or", AnswerSort.WORDS),
        ("iron(III) oxide", AnswerSort.WORDS),
        ("x-ray", AnswerSort.WORDS),
        ("U.S.A.", AnswerSort.WORDS),
        ("6/8", AnswerSort.WORDS),
        ("metre", AnswerSort.WORDS),
        ("1,500", AnswerSort.AMOUNT),
        ("5 km", AnswerSort.AMOUNT),
        ("$1.5 million", AnswerSort.AMOUNT),
        ("seven", AnswerSort.AMOUNT),
        ("half past", AnswerSort.WORDS),
        ("3:30 pm", AnswerSort.AMOUNT),
        ("14 July 1789", AnswerSort.AMOUNT),
        ("1920s", AnswerSort.AMOUNT),
        ("x² + y²", AnswerSort.FORMULA),
        ("f(x)", AnswerSort.FORMULA),
        ("[0, 1]", AnswerSort.FORMULA),
        ("NaCl", AnswerSort.FORMULA),
        ("2 H₂ + O₂ → 2 H₂O", AnswerSort.FORMULA),
        ("≠", AnswerSort.FORMULA),
        ("ls -a", AnswerSort.CODE),
        ("git push", AnswerSort.CODE),
        ("!=", AnswerSort.CODE),
        (r"\d+", AnswerSort.CODE),
        ("print()", AnswerSort.CODE),
        ("127.0.0.1", AnswerSort.CODE),
        ("SELECT * FROM t", AnswerSort.CODE),
        ("Ctrl+C", AnswerSort.SHORTCUT),
        ("Esc", AnswerSort.SHORTCUT),
    ],
)
def test_an_answer_is_of_the_sort_that_its_look_tells(answer: str, sort: AnswerSort) -> None:
    assert JudgedText(answer, "en").sort is sort


@pytest.mark.parametrize(
    ("text", "answer", "language", "remark"),
    [
        ("desert", "dessert", "en", "another word: desert"),
        ("das Märchen", "das Mädchen", "de", "another word: märchen"),
        ("hypotension", "hypertension", "en", "the opposite: hypotension"),
        ("mài", "mǎi", "zh", "tone: mài is not mǎi"),
        ("cám ơn", "cảm ơn", "vi", "tone: cám ơn is not cảm ơn"),
        ("die Hund", "der Hund", "de", "the article: der"),
        ("1000 g", "1 kg", "en", "same amount"),
        ("Reykjavik", "Reykjavík", "en", "Mind the accents: Reykjavík"),
        ("its", "it's", "en", "another word: its"),
    ],
)
def test_a_verdict_says_how_the_answer_was_read(
    text: str, answer: str, language: str, remark: str
) -> None:
    assert typed(text, answer, language=language).remark == remark


def test_the_answer_of_another_card_is_wrong_even_if_folding_matches_it() -> None:
    for text, answer, rival, language in [
        ("die See", "der See", "die See", "de"),
        ("schon", "schön", "schon", "de"),
        ("schoen", "schon", "schön", "de"),
        ("O(log n)", "O(n log n)", "O(log n)", "en"),
        ("xian1", "Xī'ān", "xiān", "zh"),
        ("biru", "ビール", "ビル", "ja"),
    ]:
        judgement = typed(text, answer, rival, language=language)
        assert judgement.verdict is Verdict.WRONG
        assert judgement.remark == f"the answer to another card: {rival}"
    assert typed("schon", "schön", language="de").verdict is Verdict.CORRECT
    assert typed("0.5", "1/2", "0.5").verdict is Verdict.CORRECT


def test_a_surname_is_enough_unless_another_of_the_deck_has_it() -> None:
    assert typed("Bach", "Johann Sebastian Bach", "Franz Liszt").verdict is Verdict.CORRECT
    judgement = typed("Bach", "Johann Sebastian Bach", "Carl Philipp Emanuel Bach")
    assert judgement.verdict is Verdict.WRONG
    assert judgement.remark == "Bach may be Johann Sebastian Bach or Carl Philipp Emanuel Bach"
    assert typed("Milton Keynes", "John Maynard Keynes").verdict is Verdict.WRONG


def test_a_sentence_around_the_answer_is_removed_unless_it_doubts_or_names_another() -> None:
    question = "What is the capital of Portugal?"
    for text in ("The capital of Portugal is Lisbon.", "Lisbon, Portugal", "I think it's Lisbon"):
        assert typed(text, "Lisbon", "Porto", question=question).verdict is Verdict.CORRECT
    for text in ("Lisbon or Porto", "not Lisbon", "Lisbon, Porto", "It isn't Lisbon"):
        assert typed(text, "Lisbon", "Porto", question=question).verdict is Verdict.WRONG


def test_an_abbreviation_in_the_question_is_not_its_answer() -> None:
    answer = "Belt and Road Initiative"
    assert typed("BRI", answer).verdict is Verdict.CORRECT
    assert typed("BRI", answer, question="What does BRI stand for?").verdict is Verdict.WRONG


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("nineteen eighty-nine", 1989),
        ("two hundred and six", 206),
        ("one million", 10**6),
        ("one and a half", Fraction(3, 2)),
        ("1½", Fraction(3, 2)),
        ("3 × 10^8", 3 * 10**8),
        ("3e8", 3 * 10**8),
        (".5", Fraction(1, 2)),
        ("2,000 million", 2 * 10**9),
        ("minus 7", -7),
        ("44 BC", -44),
    ],
)
def test_a_number_is_read_in_figures_and_in_words(text: str, value: Fraction) -> None:
    assert [amount.value for amount in amounts_in(text)] == [value]


@given(st.integers(0, 999_999))
def test_every_number_in_words_is_read_back(number: int) -> None:
    found = read_words(in_words(number).replace("-", " ").split())
    assert found is not None
    assert found[0] == number


def in_words(number: int) -> str:
    ones, tens = ONES.split(), TENS.split()
    if number < 20:
        return ones[number]
    if number < 100:
        rest = number % 10
        return tens[number // 10 - 2] + (f"-{ones[rest]}" if rest else "")
    for size, name in ((1000, "thousand"), (100, "hundred")):
        if number >= size:
            rest = number % size
            between = " and " if 0 < rest < 100 else " "
            return f"{in_words(number // size)} {name}" + (
                f"{between}{in_words(rest)}" if rest else ""
            )
    raise AssertionError(number)


@given(st.fractions(-(10**6), 10**6, max_denominator=1000), st.sampled_from(["km", "kg", "V"]))
def test_a_quantity_equals_itself_in_a_smaller_unit(value: Fraction, unit: str) -> None:
    small = {"km": "m", "kg": "g", "V": "mV"}[unit]
    shown = round(value, 3)
    one = f"{float(shown):.3f} {unit}"
    other = f"{int(shown * 1000)} {small}"
    assert typed(other, one).verdict is Verdict.CORRECT
    assert typed(f"{int(shown * 1000) + 1} {small}", one).verdict is Verdict.WRONG


def test_units_have_names_symbols_and_products() -> None:
    same = ["m/s²", "m/s^2", "m s^-2", "metres per second squared", "m·s^-2", "m/s/s"]
    assert len({unit_of(text.replace("²", "^2")) for text in same}) == 1
    assert unit_of("mV") != unit_of("MV")
    assert unit_of("lisbons") is None


def test_shortcuts_are_read_with_any_sign_between_their_keys() -> None:
    forms = ("Ctrl+Shift+T", "shift ctrl t", "Control-Shift-T", "ctrl + shift + T")
    assert {shortcut(form) for form in forms} == {(("ctrl", "shift", "t"),)}
    assert shortcut("^C") == shortcut("C-c") == (("ctrl", "c"),)
    assert shortcut("control freak") is None


def test_pinyin_and_romaji_are_read_in_every_spelling() -> None:
    assert pinyin("nǐ hǎo") == pinyin("ni3hao3") == pinyin("Nĭ hăo")
    assert pinyin("lǜ") == pinyin("lv4") == pinyin("lu:4")
    assert romaji("しんぶん") == romaji("シンブン") == romaji("shimbun") == romaji("sinbun")
    assert romaji("とうきょう") == romaji("tōkyō") == romaji("toukyou")


@pytest.mark.parametrize(
    "text",
    ["“ls -a”", "’ls -a’", "`ls -a`", "$ ls -a", "`$ ls -a`", '$ "ls -a"', '"“ls -a”"', "ls –a"],
)
def test_quotes_of_any_kind_and_a_prompt_around_a_command_do_not_count(text: str) -> None:
    assert typed(text, "ls -a").verdict is Verdict.CORRECT
    assert typed(text, "ls -l").verdict is Verdict.WRONG
    assert typed(text, "ls '-a'").verdict is Verdict.WRONG


@given(TEXTS)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    for fold in (
        lambda each: light(each, "en"),
        lambda each: light(each, "de"),
        in_simplified_characters,
    ):
        assert fold(fold(text)) == fold(text)
    key = code_key(text, "ls -a")
    assert code_key(key, "ls -a") == key


@given(TEXTS.filter(str.strip), st.sampled_from(["en", "de", "zh", "ja", "ar", "vi"]))
def test_an_answer_of_any_sort_is_right_for_its_own_card(text: str, language: str) -> None:
    judgement = typed(text, text, "Lisbon", "5 km", language=language)
    assert judgement.verdict in (Verdict.CORRECT, None)


@given(TEXTS, TEXTS, st.sampled_from(["en", "de", "zh", "ja", "ar", "vi", "ko"]))
def test_any_text_is_judged_against_any_other(text: str, answer: str, language: str) -> None:
    typed(text, answer or "x", answer[1:], language=language)
    words_of(text, language)
    formula_key(text)


def meant(text: str) -> bool:
    return bool(text) and typed(text, text).verdict is not None


@given(TEXTS.map(clean).map(str.strip).filter(meant))
@example("Bombay / Mumbai")
@example("colo(u)r")
@example("*stars* and `ticks`")
@example("he/she")
@example("$x$")
@example("a  a")
def test_brackets_and_slashes_of_an_accepted_answer_are_literal(text: str) -> None:
    written = as_literal(text)
    assert plain(written) == text
    texts = {right.text.text for right in ways_to_put([written], "en", literal=False)}
    shown = written.replace("\\(", "(").replace("\\)", ")").replace("\\/", "/")
    assert {" ".join(each.split()) for each in texts} <= {
        " ".join(each.split()) for each in (text, shown)
    }
    assert typed(text, written).verdict is Verdict.CORRECT


def test_every_table_can_be_read() -> None:
    for language, word, no_word in [
        ("en", "house", "hoose"),
        ("en-rare", "adduction", "aduction"),
        ("de", "haus", "huas"),
        ("fr", "été", "étte"),
        ("es", "perro", "perrro"),
        ("pt", "janela", "jenala"),
        ("it", "cane", "canne e"),
        ("nl", "huis", "huiss"),
        ("ru", "молоко", "малоко"),
        ("tr", "köpek", "köpke"),
        ("ko", "사람", "사랃"),
        ("ar", "كتاب", "كتتاب"),
        ("he", "שלום", "שללום"),
        ("vi", "người", "ngưởii"),
        ("xx", "", "house"),
    ]:
        assert not word or is_word(word, language)
        assert not is_word(no_word, language)
    assert american_spellings()["colour"] == "color"
    assert not set(american_spellings()) & set(american_spellings().values())
    assert simplified_characters()[ord("學")] == "学"
