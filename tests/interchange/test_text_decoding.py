"""Older encodings are told apart by the letters that they give."""

from __future__ import annotations

import pytest

from sco_quiz.interchange.text_decoding import decode

RUSSIAN = "собака;dog\nкошка;cat\nДом;house\nПривет, как дела?;hello\nвремя;time\nчеловек;man\n"
BULGARIAN = "куче;dog\nкотка;cat\nКъща;house\nЗдравей, как си?;hello\nчовек;man\nживот;life\n"
SERBIAN = "љубав;love\nњива;field\nћуп;jar\nџеп;pocket\nђак;pupil\n"
GREEK = "σκύλος;dog\nγάτα;cat\nΣπίτι;house\nΆνθρωπος;man\nΓεια σου, τι κάνεις;hello\nώρα;time\n"
HEBREW = "כלב;dog\nחתול;cat\nבית;house\nשלום;hello\nזמן;time\nאדם;man\nירושלים;Jerusalem\n"
TURKISH = "değil;not\nteşekkür;thanks\nışık;light\ngüneş;sun\nçocuk;child\nyıl;year\nkapı;door\n"
ICELANDIC = "það;it\nveður;weather\nþú;you\nmaður;man\nýmis;various\nfjörður;fjord\n"
CZECH = "příliš;too\nžluťoučký;yellow\nkůň;horse\nďábelské;devilish\ndobrý;good\n"
FRENCH = "café;coffee\nélève;pupil\nnaïve;naive\ngarçon;boy\nêtre;be\n"
CHINESE = "你好;hello\n谢谢;thanks\n中国人民;Chinese people\n学生;student\n老师;teacher\n"


@pytest.mark.parametrize(
    ("text", "encoding", "guess"),
    [
        (RUSSIAN, "cp1251", "Windows-1251"),
        (RUSSIAN.upper(), "cp1251", "Windows-1251"),
        (RUSSIAN, "koi8_r", "KOI8-R"),
        (RUSSIAN, "cp866", "CP866"),
        (BULGARIAN, "cp1251", "Windows-1251"),
        (SERBIAN, "cp1251", "Windows-1251"),
        (SERBIAN.replace("ђак", "љубав"), "cp1251", "Windows-1251"),
        (GREEK, "cp1253", "Windows-1253"),
        (GREEK, "iso8859_7", "ISO 8859-7"),
        (HEBREW, "cp1255", "Windows-1255"),
        (TURKISH, "cp1254", "Windows-1254"),
        (ICELANDIC, "cp1252", "Latin-1 (Windows-1252)"),
        ("dobrý;good\nnový;new\n", "cp1252", "Latin-1 (Windows-1252)"),
        (CZECH, "cp1250", "Windows-1250"),
        (FRENCH, "cp1252", "Latin-1 (Windows-1252)"),
        (CHINESE, "gb18030", "GB 18030"),
    ],
)
def test_a_few_words_tell_in_which_older_encoding_a_text_is(
    text: str, encoding: str, guess: str
) -> None:
    assert decode(text.encode(encoding)) == (text, guess)
