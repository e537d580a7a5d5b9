"""The words by which people call the sides of a card, in tables as in JSON, and what they mean."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sco_quiz.library.kinds import NOTE_KEYS

if TYPE_CHECKING:
    from collections.abc import Sequence

OPTION, WRONG, CORRECT = "option", "wrong option", "correct"
"""Columns of a quiz: one of the choices, one of the wrong ones, and the right one's number, letter
or text."""
_SIDES = frozenset({"front", "back", "question", "answer", "answers", "text", "statement", CORRECT})
SEVERAL = frozenset({OPTION, WRONG})
"""Fields that several columns may hold."""
COLUMNS = ("-", *NOTE_KEYS, "deck", "notetype", "key", "add reverse", OPTION, WRONG, CORRECT)
"""The possible meanings of a column; the first is nothing that is wanted."""

_WRITTEN = {name.replace("_", " "): name for name in NOTE_KEYS}
_WORDS = {
    "front": """
        front; front side; front text; term; terms; prompt; word; words; expression; vocab;
        vocabulary; phrase; headword; lemma; entry; keyword; key term; concept; acronym;
        abbreviation; recto; terme; mot; expression française;
        vorderseite; begriff; wort;
        vokabel;
        ausdruck; fachbegriff; anverso; anverso de la tarjeta; frente; término; termino; palabra;
        vocablo; palavra; termo; verso frente; fronte; termine; parola; vocabolo; voorkant; woord;
        begrip; przód; awers; słowo; słówko; pojęcie; líc; slovo; pojem; framsida; ord; ön yüz;
        kelime; terim; слово; термин; лицевая сторона; вопросная сторона; передняя сторона; лицо;
        понятие; слово или фраза; simplified; simplified chinese; traditional;
        traditional chinese;
        hanzi; chinese characters; character; kanji; hangul; 正面; 单词; 單字; 生词; 生詞;
        词语; 詞語; 词汇; 词; 简体;
        简体字; 汉字; 漢字; 术语; 術語; 表; 表面; 単語; 用語; 語彙; 앞면; 앞; 단어; 용어; 어휘;
        الكلمة; المصطلح; מילה; शब्द; từ;
        từ vựng; mặt trước; kata; istilah; λέξη; sana; szó; cuvânt; parole""",
    "back": """
        back; back side; back text; definition; definitions; translation; translations; meaning;
        meanings; gloss; glossary; description; signification; définition; definition française;
        traduction; sens; verso; rückseite; rueckseite; bedeutung; übersetzung; uebersetzung;
        erklärung des begriffs; reverso; definición; definicion; traducción; traduccion;
        significado; definição; definicao; tradução; traducao; retro; definizione; traduzione;
        significato; achterkant; betekenis; vertaling; definitie; tył; rewers; tłumaczenie;
        znaczenie; definicja; rub; překlad; význam; baksida; översättning; betydelse; arka yüz;
        anlam; anlamı; çeviri; tanım; перевод; значение; определение; обратная сторона; оборотная
        сторона; оборот; 反面; 背面; 释义; 釋義; 意思; 解释; 翻译; 翻譯; 定义; 定義; 中文释义;
        裏; 裏面; 意味; 訳; 日本語訳; 뒷면; 뒤; 뜻;
        의미; 번역; 정의; المعنى; الترجمة; التعريف; פירוש; תרגום; अर्थ; nghĩa; mặt sau; arti;
        terjemahan;
        μετάφραση; käännös; fordítás; jelentés; traducere""",
    "question": """
        question; questions; question text; questiontext; question title; q; problem; query;
        stem; question stem; frage;
        fragen; fragetext; frage text; question posée; énoncé; pregunta; preguntas; enunciado;
        pergunta; perguntas; domanda; domande; quesito; vraag; pytanie; pytania; otázka; fråga;
        spørgsmål; spørsmål; soru; вопрос; вопросы; текст вопроса; питання; 问题; 問題; 题目;
        題目; 题干; 质问;
        質問; 問い; 질문; 문제; السؤال; سؤال; שאלה; प्रश्न; câu hỏi; pertanyaan; soal; ερώτηση;
        kysymys;
        kérdés; întrebare""",
    "answer": """
        answer; answers given; answer text; a; response; solution; antwort; antworten; lösung;
        loesung; réponse; reponse; respuesta; resposta; risposta; antwoord; odpowiedź; odpowiedz;
        odpověď; svar; cevap; yanıt; ответ; відповідь; 答案; 回答; 答え; 解答; 정답; 답;
        الجواب; الإجابة;
        תשובה; उत्तर; câu trả lời; đáp án; jawaban; απάντηση; vastaus; válasz; răspuns""",
    "text": "text; cloze; cloze text; lückentext; texte à trous; lacunaire; 填空; 穴埋め",
    "accept": """
        accept; accepted answers; alternatives; alternative answers; synonyms; also accepted;
        other
        answers""",
    "choices": "choices; wrong choices; wrong answers; incorrect answers; distractors",
    "explain": """
        explain; extra; back extra; explanation; answer explanation; explanations; comment;
        comments; note; notes;
        remark; remarks; rationale; feedback; pinyin; pronunciation; ipa; reading; kana; hiragana;
        furigana; romaji; transcription; transliteration; phonetic; phonetics; erklärung;
        erklaerung; erläuterung; anmerkung; hinweise; aussprache; lautschrift; notiz; explication;
        remarque; prononciation; explicación; explicacion; pronunciación; comentario; explicação;
        pronúncia; comentário; spiegazione; pronuncia; uitleg; uitspraak; wyjaśnienie; wymowa;
        пояснение; объяснение; комментарий; произношение; транскрипция; 拼音; 注音; 解析; 解説;
        説明; 读音; 発音;
        読み; 読み方; 발음; 설명; açıklama""",
    "hint": "hint; hints; clue; tipp; indice; pista; suggerimento; подсказка; 提示; ヒント; 힌트",
    "tags": """
        tags; tag; labels; label; keywords; categories; category tags; topic; topics; subject;
        chapter; unit; lesson; schlagwörter; stichwörter; thema; themen; kategorie; lektion;
        kapitel; étiquettes; catégorie; thème; etiquetas; categoría; tema; lección; categoria;
        tópico; etichette; argomento; tagi; kategoria; теги; метки; категория; тема; раздел;
        标签; 分类;
        类别; 章节; タグ; 分類; 태그; 분류""",
    "deck": """
        deck; deck name; stapel; kartenstapel; paquet; mazo; baralho; mazzo; колода; 牌组;
        デッキ; 덱""",
    "key": "key; guid; note id; uuid",
    "notetype": "notetype; note type; card type; model; notiztyp",
    "source": "source; sources; reference; references; quelle; fuente; fonte; источник;"
    "来源; 出典",
    "image": "image; picture; bild; imagen; imagem; immagine; картинка; 图片; 画像",
    "audio": "audio; sound; recording; ton; звук; 音声",
    CORRECT: """
        correct; correct answer; correct answers; correct option; correct options; right answer;
        right answers; correct choice; answer key; correctanswer; answer index; correct index;
        correct answer index; correct letter; correct option id; correct answer id;
        correct choice id; correct ans; ans; key answer;
        richtig;
        richtige antwort; richtige antworten; korrekte antwort; lösungsbuchstabe; bonne réponse;
        bonnes réponses; réponse correcte; respuesta correcta; correcta; respuestas correctas;
        resposta correta; resposta certa; correta; gabarito; risposta corretta; risposta esatta;
        corretta; juiste antwoord; goede antwoord; poprawna odpowiedź; prawidłowa; poprawna; doğru
        cevap; doğru; правильный ответ; верный ответ; правильные ответы; правильный; 正确答案;
        正解;
        正しい答え; 정답 번호; الإجابة الصحيحة; jawaban benar; đáp án đúng""",
    OPTION: """
        options; answer options; answer choices; possible answers; antwortmöglichkeiten; 选项;
        選択肢""",
    WRONG: "incorrect; incorrect options; falsche antworten; mauvaises réponses; неверные ответы",
    "add reverse": "add reverse; reversed",
}  # fmt: skip
"""Words by what they mean, in the languages that are most common."""
_MEANS = {
    " ".join(word.split()): column for column, words in _WORDS.items() for word in words.split(";")
}
_LOOSE = dict.fromkeys(
    ("country", "country name", "state", "land", "event", "element", "verb", "infinitive",
     "infinitiv"), "front",
) | dict.fromkeys(
    ("capital", "capital city", "hauptstadt", "capitale", "столица", "symbol"), "back",
)  # fmt: skip
"""Words for sides where no other word is one."""
_LANGUAGES = """
    english; german; french; spanish; italian; portuguese; dutch; russian; ukrainian; polish;
    czech; slovak; swedish; norwegian; danish; finnish; icelandic; hungarian; romanian;
    bulgarian; greek; turkish; arabic; hebrew; persian; farsi; hindi; urdu; bengali; tamil;
    thai; vietnamese; indonesian; malay; tagalog; chinese; mandarin; cantonese; japanese;
    korean; latin; esperanto; irish; welsh; catalan; basque; croatian; serbian; slovene;
    estonian; latvian; lithuanian; georgian; armenian; swahili; kazakh; kyrgyz; uzbek;
    mongolian; deutsch; englisch; französisch; franzoesisch; spanisch; italienisch; lateinisch;
    latein; russisch; chinesisch; japanisch; portugiesisch; anglais; allemand; français;
    francais; espagnol; italien; russe; chinois; japonais; portugais; español; espanol; inglés;
    ingles; alemán; aleman; francés; frances; italiano; portugués; ruso; chino; japonés; inglês;
    alemão; francês; espanhol; português; inglese; tedesco; francese; spagnolo; engels; duits;
    frans; spaans; nederlands; angielski; niemiecki; polski; английский; немецкий; французский;
    испанский; русский; китайский; японский; українська; 英语; 英文; 中文; 日语; 德语; 法语;
    英語; 日本語; 中国語;
    韓国語; 한국어; 영어; 일본어; 중국어; türkçe; ingilizce; almanca; العربية; الإنجليزية; en;
    de; fr; es; it;
    pt; ru; zh; ja; ko; nl; pl"""
_LANGUAGE_WORDS = frozenset(" ".join(word.split()) for word in _LANGUAGES.split(";"))


_UNIT = re.compile(r"[ ]*(?:[-–—(\[].*)$")
_CAMEL = re.compile("(?<=[a-z])(?=[A-Z])")
_OPTION = re.compile(
    r"(?:(?:answer|option|choice|antwort|antwortmöglichkeit|réponse|reponse|respuesta|opción|opcion"
    r"|resposta|opção|alternativa|risposta|opzione|antwoord|odpowiedź|ответ|вариант|вариант ответа"
    r"|seçenek|şık|选项|選項|選択肢|보기|câu|pilihan|opsi)[ ]*(?:[#nr.º°]{0,3})[ ]*([1-9a-h])"
    r"|([a-h])|(?:choix|choice)[ ]*([1-9a-h])|([1-9])(?:\.|º)? (?:answer|option|choice))"
)
_WRONG = re.compile(
    r"(?:incorrect|wrong|false|falsche?|mauvaise|incorrecta|errada|sbagliata|неверный|неправильный)"
    r"[ ]*(?:answer|option|choice|antwort|réponse|respuesta|resposta|risposta|ответ)?[ ]*[1-9]"
    r"|distractor[ ]*[1-9]"
)


def meaning_of(word: str) -> str:
    """Return the meaning of a column by its name, as in `COLUMNS`; else the folded name.

    `simplified (HSK 1)` and `Question - max 120 characters` are known by what stands before;
    `Question #` is a number.
    """
    name = folded(word)
    if word.rstrip().endswith("#"):
        return f"{name} #"
    known = _known(name)
    if not known and (bare := _UNIT.sub("", name)) != name:
        known = _known(bare)
    return known or name


def folded(word: str) -> str:
    """A name of a column without what does not matter in it."""
    apart = _CAMEL.sub(" ", word[:100]).casefold().replace("_", " ")
    return " ".join(apart.strip(" *:#\ufeff\"'").split())


def with_loose(meanings: Sequence[str]) -> list[str]:
    """Meanings of names, where none is a side those of words that may be one."""
    if not _SIDES.isdisjoint(meanings):
        return list(meanings)
    return [_LOOSE.get(each, each) for each in meanings]


def is_language(word: str) -> bool:
    """Tell whether a word names a language, and so the side of a card."""
    name = folded(word)
    return name in _LANGUAGE_WORDS or _UNIT.sub("", name) in _LANGUAGE_WORDS


def _known(name: str) -> str:
    if name in _WRITTEN:
        return _WRITTEN[name]
    if name in _MEANS:
        return _MEANS[name]
    if _WRONG.fullmatch(name):
        return WRONG
    if _OPTION.fullmatch(name):
        return OPTION
    return name if name in COLUMNS else ""
