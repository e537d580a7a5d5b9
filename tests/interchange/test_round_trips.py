"""What is written in a format reads back the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sco_quiz.interchange import delimited, markdown, notes_json
from sco_quiz.interchange.material import MEDIA, Field, ForeignDeck, ForeignNote

MARKS = r"""a ж 1. Q: A: Tags: Answer: C: - # --- :: ==g== \Q: \ * , ; " ' | #tags:1 {{d}} [e] ?"""
words = st.sampled_from(MARKS.split())
lines = st.lists(words, min_size=1, max_size=3).map(" ".join)
texts: st.SearchStrategy[Field] = st.lists(lines, min_size=1, max_size=4).map("\n".join)
items: st.SearchStrategy[Field] = st.lists(lines, min_size=1, max_size=3)


ID: st.SearchStrategy[Field] = st.just("n1")


def notes(**own: st.SearchStrategy[Field]) -> st.SearchStrategy[dict[str, Field]]:
    common = {"id": ID, "explain": texts, "hint": texts, "tags": items}
    common |= {name: st.just("media/a, b.png") for name in sorted(MEDIA)}
    both: st.SearchStrategy[Field] = st.sampled_from([["a.png", "b;c, d.png"], "e;f.png"])
    common |= dict.fromkeys(("image", "answer_image"), both)
    return st.fixed_dictionaries(dict(own), optional=common)


decks = st.lists(
    st.lists(
        notes(front=texts, back=texts)
        | notes(front=texts, back=texts, reverse=st.just("true"))
        | notes(question=texts, answer=lines, wrong=items)
        | notes(question=texts, answer=lines, choices=items).filter(
            lambda note: note["answer"] not in note["choices"]  # which no deck may have
        )
        | notes(question=texts, order=items)
        | notes(text=texts.map(lambda text: f"{text} {{{{gap}}}}"))
        | notes(statement=texts, answer=st.just("false")),
        min_size=1,
        max_size=3,
    ).map(lambda fields: ForeignDeck("Title", [ForeignNote(each) for each in fields])),
    min_size=1,
    max_size=1,
)


def said(decks: list[ForeignDeck]) -> list[list[dict[str, Field]]]:
    return [[note.fields for note in deck.notes] for deck in decks]


@given(decks)
def test_json_reads_back_the_same(decks: list[ForeignDeck]) -> None:
    assert said(notes_json.read(notes_json.write(decks)).decks) == said(decks)


@given(decks)
def test_a_table_reads_back_the_same(decks: list[ForeignDeck]) -> None:
    assert said(delimited.read(delimited.write(decks)).decks) == said(decks)


@given(decks)
def test_markdown_reads_back_the_same(decks: list[ForeignDeck]) -> None:
    read = markdown.read(markdown.write(decks)).decks
    assert said(read) == said(decks)
    assert [deck.title for deck in read] == ["Title"]


def test_a_block_of_code_comes_back_from_markdown() -> None:
    deck = ForeignDeck(
        "T", [ForeignNote({"front": "Code?", "back": "so:\n```py\n# A: no\nQ: x\n\n---\n```\nyes"})]
    )
    assert said(markdown.read(markdown.write([deck])).decks) == said([deck])
