"""Cards found, looked at and changed: searches against a plain filter, steps against the log."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sco_quiz.errors import DeckError
from sco_quiz.insight.browsing import FEW, Browser
from sco_quiz.insight.card_columns import COLUMNS, ListedCard
from sco_quiz.learning.cards import Rating, State
from sco_quiz.learning.kinds import Kind
from sco_quiz.learning.search import Search, Term, other_spellings, parse, searchable
from sco_quiz.learning.study_day import DAY_MS
from sco_quiz.progress import log
from sco_quiz.progress.log import EventKind
from sco_quiz.studying.undo import undo
from sco_quiz.text import plain
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from sco_quiz.learning.study_day import Moment
    from tests.conftest import FakeClock

NOW = 1_800_000_000_000
EVERYTHING = Search()


@pytest.fixture
def clock(clock: FakeClock) -> FakeClock:
    clock.at = NOW
    return clock


@pytest.fixture
def workspace(decks_folder: Path, clock: FakeClock) -> Iterator[Workspace]:
    write(decks_folder / "rivers.yaml", RIVERS)
    write(decks_folder / "cities.yaml", CITIES)
    with Workspace(clock=clock) as opened:
        opened.refresh()
        yield opened


RIVERS = """\
deck: Rivers of Asia
cards:
  - front: Amur          # the black dragon
    back: Sea of Okhotsk
    tags: [Long, north]
  - question: Which sea does the Ural reach?
    answer: The Caspian
    tags:
      - north
  - text: "{{Yenisei}} and {{Ob}} are *Siberian* rivers."
"""
CITIES = """\
deck: 中亚的城市
defaults: {tags: [city]}
cards:
  - question: Which city is called Töshkent at home?
    answer: Tashkent
    choices: [Samarkand, 100%_\\, Bukhara]
  - statement: Almaty is a capital.
    answer: false
    explain: It was, until 1997.
"""


def write(path: Path, text: str, day: int = 0) -> None:
    """Write a deck, as of so many days ago."""
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=((NOW - day * DAY_MS) * 1_000_000,) * 2)


def prompts(place: Workspace | Browser, search: str, order: str = "") -> list[str]:
    browser = Browser(place) if isinstance(place, Workspace) else place
    rows = browser.rows(browser.find(parse(f"{search} -deck:sco"), order))
    return [row.card.prompt.split()[0] for row in rows]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", ["Amur", "[…]", "Yenisei", "Almaty", "Which", "Which"]),
        ("caspian", ["Which"]),
        ("CASP ural", ["Which"]),
        ("toshkent", ["Which"]),
        ("samarkand", ["Which"]),
        ("100%_\\", ["Which"]),
        ("% _", ["Which"]),
        ("siberian", ["[…]", "Yenisei"]),
        ('"siberian rivers"', ["[…]", "Yenisei"]),
        ('"rivers siberian"', []),
        ("tag:NORTH", ["Amur", "Which"]),
        ("tag:nor", []),
        ("tag:city -1997", ["Which"]),
        ("deck:rivers kind:cloze", ["[…]", "Yenisei"]),
        ("deck:城市", ["Almaty", "Which"]),
        ("kind:basic", ["Amur"]),
        ("okhotsk dragon", []),
    ],
)
def test_cards_are_found_by_their_texts(
    workspace: Workspace, search: str, found: list[str]
) -> None:
    assert sorted(prompts(workspace, search)) == sorted(found)


def test_an_unknown_deck_or_tag_is_reported_with_the_nearest_name(
    workspace: Workspace,
) -> None:
    def told(search: str) -> list[str]:
        return [each.message for each in Browser(workspace).troubles(parse(search))]

    assert told("deck:rivrs") == ["no deck fits deck:rivrs; did you mean deck:rivers?"]
    assert told("tag:nroth") == ["no tag fits tag:nroth; did you mean tag:north?"]
    assert told("tag:north deck:rivers is:due") == []


def test_texts_in_memory_are_those_of_the_decks_as_they_are_now(
    workspace: Workspace, decks_folder: Path
) -> None:
    browser = Browser(workspace)
    while browser.prepare():
        pass
    assert prompts(browser, "caspian") == ["Which"]
    write(decks_folder / "rivers.yaml", RIVERS.replace("The Caspian", "The Aral"), day=1)
    workspace.refresh()
    assert prompts(browser, "caspian") == []
    assert prompts(browser, "aral") == ["Which"]
    while browser.prepare():
        pass
    assert prompts(browser, "caspian") == []
    assert prompts(browser, "aral") == ["Which"]
    (decks_folder / "rivers.yaml").unlink()
    workspace.refresh()
    assert prompts(browser, "aral") == []


@pytest.mark.parametrize("cards", [FEW, FEW + 1])
def test_common_and_rare_words_are_both_found(
    workspace: Workspace, decks_folder: Path, cards: int
) -> None:
    notes = "".join(f"  - {{front: bank {n}, back: the bank}}\n" for n in range(cards))
    write(decks_folder / "banks.yaml", f"deck: Banks\ncards:\n{notes}")
    workspace.refresh()
    browser = Browser(workspace)
    while browser.prepare():
        pass
    assert len(prompts(browser, "bank")) == cards
    assert prompts(browser, "bank 777") == ["bank"]


def test_as_a_word_is_typed_the_first_cards_are_those_of_a_search_for_all(
    workspace: Workspace, decks_folder: Path
) -> None:
    for name, cards in (("one", 25), ("two", 15)):
        notes = "".join(f"  - {{front: {name} {n}, back: e}}\n" for n in range(cards))
        write(decks_folder / f"{name}.yaml", f"deck: {name}\ncards:\n{notes}")
    workspace.refresh()
    typing, plainly = Browser(workspace), Browser(workspace)
    while typing.prepare():
        pass
    for typed in (
        "e",
        "1",
        "14",
        "4",
        "tw",
        "two",
        "two 1",
        "two",
        "on",
        "-one two",
        "e one is:new",
    ):
        search = parse(typed)
        for most in (5, 15, 16, 20, 40):
            assert typing.find(search, most=most) == plainly.find(search)[:most]


# Any search, against a filter in plain Python

WORDS = ("ural", "a", "SEA", "töshkent", "%", "zz", "lies in")
TERMS = st.one_of(
    st.sampled_from(WORDS).map(lambda word: Term("", searchable(word), False, 0, 0)),
    st.sampled_from(
        ["new", "due", "learning", "review", "leech", "suspended", "buried", "flagged"]
    ).map(lambda state: Term("is", state, False, 0, 0)),
    st.sampled_from(list(Kind)).map(lambda kind: Term("kind", str(kind), False, 0, 0)),
    st.sampled_from(["north", "long", "city", "none"]).map(
        lambda tag: Term("tag", tag, False, 0, 0)
    ),
    st.sampled_from(["rivers", "of", "sco", "x"]).map(lambda deck: Term("deck", deck, False, 0, 0)),
    st.integers(1, 40).map(lambda days: Term("rated", str(days), False, 0, 0)),
    st.integers(1, 40).map(lambda days: Term("added", str(days), False, 0, 0)),
    st.integers(0, 7).map(lambda flag: Term("flag", str(flag), False, 0, 0)),
)
SEARCHES = st.lists(
    st.tuples(TERMS, st.booleans()).map(lambda pair: pair[0]._replace(negated=pair[1])), max_size=4
).map(lambda terms: Search(tuple(terms)))
EVENTS = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.integers(0, 45),
        st.sampled_from(["again", "good", "easy", "suspend", "unsuspend", "bury", "flag", "reset"]),
    ),
    max_size=25,
)


def fits(row: ListedCard, term: Term, workspace: Workspace, rated: dict[str, list[int]]) -> bool:
    """Whether a card fits a term, from what its row says."""
    card, state, today = row.card, row.state, workspace.now().day
    awake = not state.suspended and state.buried_until <= today
    waits = state.state in (State.LEARNING, State.RELEARNING) and (
        state.due_at < (today + 1) * DAY_MS or state.last_day > today
    )
    tags = [searchable(tag) for tag in card.tags]
    lists = (*card.answers, *card.accept, *card.choices, *card.tags)
    texts = (plain(card.prompt), card.hint, card.explain, card.source, card.category, *lists)
    match term.name:
        case "":
            spellings = other_spellings(plain(card.prompt), *card.answers, *card.accept)
            found = any(term.value in each for each in [*map(searchable, texts), *spellings])
        case "is":
            found = {
                "new": state.state is State.NEW,
                "learning": state.state in (State.LEARNING, State.RELEARNING),
                "review": state.state is State.REVIEW,
                "due": awake
                and (waits or (state.state is State.REVIEW and state.due_day <= today)),
                "leech": state.lapses >= 8,
                "suspended": state.suspended,
                "buried": state.buried_until > today,
                "flagged": state.flag > 0,
            }[term.value]
        case "kind":
            found = card.kind == term.value
        case "tag":
            found = term.value in tags
        case "deck":
            found = term.value == card.deck or term.value in searchable(f"{card.deck} {row.title}")
        case "rated":
            found = any(day > today - int(term.value) for day in rated.get(card.key, []))
        case "added":
            found = row.added > today - int(term.value)
        case _:
            found = state.flag == int(term.value)
    return found != term.negated


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    EVENTS,
    st.lists(SEARCHES, min_size=5, max_size=12),
    st.sampled_from(list(COLUMNS)),
    st.booleans(),
)
def test_a_search_finds_the_same_cards_as_a_plain_filter(
    workspace: Workspace,
    clock: FakeClock,
    events: list[tuple[int, int, str]],
    searches: list[Search],
    order: str,
    descending: bool,
) -> None:
    browser = Browser(workspace)
    everything = browser.rows(browser.find(EVERYTHING))
    own = [row for row in everything if not row.card.deck.startswith("sco")]
    rated: dict[str, list[int]] = {}
    for number, days, what in sorted(events, key=lambda event: -event[1]):
        clock.at = NOW - days * DAY_MS
        card = own[number].card
        if what in ("again", "good", "easy"):
            state = workspace.progress.state(card.key)
            due = workspace.now().day + {"again": 0, "good": 3, "easy": 9}[what]
            after = state._replace(
                state=State.RELEARNING if what == "again" else State.REVIEW,
                due_day=0 if what == "again" else due,
                due_at=clock.at + 600_000 if what == "again" else 0,
            )
            rating = Rating[what.upper()]
            draft = log.review(workspace.now(), card, rating, state, after, session="s")
            workspace.progress.append(draft)
            rated.setdefault(card.key, []).append(workspace.now().day)
        elif what == "flag":
            browser.flag([card.key], number + 1)
        else:
            getattr(browser, what)([card.key])
    clock.at = NOW
    rows = browser.rows(browser.find(EVERYTHING))
    for number, search in enumerate(searches):
        if number == len(searches) // 2:  # the others with the texts in memory
            while browser.prepare():
                pass
        wanted = [
            row.card.key
            for row in rows
            if all(fits(row, term, workspace, rated) for term in search.terms)
        ]
        assert browser.find(search) == wanted
        assert browser.find(search, most=3) == wanted[:3]
        in_order = browser.find(search, order, descending=descending)
        assert sorted(in_order) == sorted(wanted)
    while undo(workspace) is not None:
        pass
    assert browser.find(parse("-is:new")) == []


def value(row: ListedCard, column: str, rows: Sequence[ListedCard], now: Moment) -> Any:
    """What a column says of a card; None if nothing."""
    state = row.state
    due = state.due_day * DAY_MS if state.due_day else None
    found = {
        "prompt": searchable(plain(row.card.prompt)),
        "deck": [each.card.deck for each in rows].index(row.card.deck),
        "kind": str(row.card.kind),
        "state": int(state.state),
        "due": due,
        "interval": row.interval or None,
        "stability": state.stability or None,
        "difficulty": state.difficulty or None,
        "recall": row.recall,
        "reviews": state.reps,
        "lapses": state.lapses,
        "last": state.last_day or None,
        "added": row.added,
        "flag": state.flag or None,
    }
    return found[column] if column in found else COLUMNS[column].value(row, now) or None


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("column", COLUMNS)
def test_cards_are_sorted_by_any_column_with_the_empty_last(
    workspace: Workspace, clock: FakeClock, column: str, descending: bool
) -> None:
    browser = Browser(workspace)
    everything = browser.rows(browser.find(EVERYTHING))
    for number, row in enumerate(everything[:9]):
        clock.at = NOW - (20 - number) * DAY_MS
        state = workspace.progress.state(row.card.key)
        due = workspace.now().day + 3 * number + 1
        after = state._replace(state=State.REVIEW, due_day=due)
        rating = list(Rating)[number % 4]
        workspace.progress.append(
            log.review(workspace.now(), row.card, rating, state, after, session="s")
        )
        browser.flag([row.card.key], number % 3)
    clock.at = NOW
    rows = browser.rows(browser.find(EVERYTHING, column, descending=descending))
    values = [value(row, column, everything, workspace.now()) for row in rows]
    some = [each for each in values if each is not None]
    assert len(some) > 5
    assert some == sorted(some, reverse=descending)
    assert values == some + [None] * (len(values) - len(some))


# When cards came


def test_the_day_a_card_was_added_is_the_day_its_file_changed(
    decks_folder: Path, clock: FakeClock
) -> None:
    path = decks_folder / "rivers.yaml"
    write(path, RIVERS)
    clock.at += 40 * DAY_MS
    real = path.stat().st_ctime_ns // 1_000_000  # the index cannot be told that this was earlier
    clock.at = max(clock.at, real + 40 * DAY_MS)
    with Workspace(clock=clock) as workspace:
        workspace.refresh()
        assert prompts(workspace, "added:30") == []
        path.write_text(RIVERS + "  - {front: Lena, back: Laptev Sea}\n", encoding="utf-8")
        os.utime(path, ns=(clock.at * 1_000_000,) * 2)
        workspace.refresh()
        assert prompts(workspace, "added:1") == ["Lena"]
        path.write_text("deck: Rivers of Asia\ncards: [{", encoding="utf-8")
        clock.at += 5 * DAY_MS
        workspace.refresh()
        assert prompts(workspace, "") == []
        path.write_text(RIVERS + "  - {front: Lena, back: Laptev Sea}\n", encoding="utf-8")
        os.utime(path, ns=(clock.at * 1_000_000,) * 2)
        workspace.refresh()
        assert prompts(workspace, "added:1") == []
        assert prompts(workspace, "added:6") == ["Lena"]


# Steps

STEPS: dict[str, tuple[Callable[[Workspace, list[str]], int], str]] = {
    "suspend": (lambda workspace, keys: Browser(workspace).suspend(keys), "is:suspended"),
    "bury": (lambda workspace, keys: Browser(workspace).bury(keys), "is:buried"),
    "flag": (lambda workspace, keys: Browser(workspace).flag(keys, 3), "flag:3"),
    "retag": (lambda workspace, keys: Browser(workspace).retag(keys, ["x y"], []), 'tag:"x y"'),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_step_over_many_cards_is_undone_as_a_whole(workspace: Workspace, step: str) -> None:
    take, search = STEPS[step]
    browser = Browser(workspace)
    keys = browser.find(parse("deck:rivers -kind:cloze"))
    before = len(list(workspace.progress.events()))
    browser.flag(keys[:1], 7)
    assert take(workspace, keys) == len(keys) == 2
    assert browser.find(parse(search)) == keys
    assert take(workspace, keys) == 0
    undone = undo(workspace)
    assert undone is not None
    assert undone.words.endswith("of 2 cards")
    assert browser.find(parse(search)) == []
    assert browser.find(parse("is:flagged")) == keys[:1]
    events = list(workspace.progress.events())
    assert len(events) == before + 1 + 2 * len(keys)
    assert undo(workspace) is not None
    assert undo(workspace) is None
    assert browser.find(parse("is:flagged")) == []


def test_two_steps_at_one_moment_are_two_steps(workspace: Workspace) -> None:
    browser = Browser(workspace)
    keys = browser.find(parse("deck:rivers"))
    browser.suspend(keys[:2])
    browser.suspend(keys)
    undo(workspace)
    assert browser.find(parse("is:suspended")) == keys[:2]
    undo(workspace)
    assert browser.find(parse("is:suspended")) == []


def test_suspended_cards_are_asked_again_and_reset_ones_are_new(workspace: Workspace) -> None:
    browser = Browser(workspace)
    (key,) = browser.find(parse("amur"))
    (row,) = browser.rows([key])
    after = row.state._replace(state=State.REVIEW, due_day=workspace.now().day + 5)
    workspace.progress.append(
        log.review(workspace.now(), row.card, Rating.GOOD, row.state, after, session="s")
    )
    browser.suspend([key])
    assert browser.unsuspend([key]) == 1
    assert browser.unsuspend([key]) == 0
    assert browser.reset([key]) == 1
    assert browser.find(parse("amur is:new")) == [key]
    details = browser.details(key)
    assert details is not None
    assert [each.what for each in details.past] == ["review", "reset"]
    undo(workspace)
    assert browser.find(parse("amur is:review")) == [key]


def test_tags_are_written_into_the_file_and_nothing_else_is(
    workspace: Workspace, decks_folder: Path
) -> None:
    browser = Browser(workspace)
    path = decks_folder / "rivers.yaml"
    assert browser.retag(browser.find(parse("deck:rivers")), ["water", "north"], ["Long"]) == 3
    changed = path.read_text(encoding="utf-8")
    assert changed == RIVERS.replace("[Long, north]", "[north, water]").replace(
        "      - north\n", "      - north\n      - water\n"
    ).replace('rivers."\n', 'rivers."\n    tags: [water, north]\n')
    undo(workspace)
    assert path.read_text(encoding="utf-8") == RIVERS


def test_tags_that_were_changed_since_are_not_taken_back(
    workspace: Workspace, decks_folder: Path
) -> None:
    browser = Browser(workspace)
    path = decks_folder / "rivers.yaml"
    browser.retag(browser.find(parse("deck:rivers")), ["water"], [])
    path.write_text(
        path.read_text(encoding="utf-8").replace("north, water", "water"), encoding="utf-8"
    )
    kept = path.read_text(encoding="utf-8")
    with pytest.raises(DeckError, match="was changed since"):
        undo(workspace)
    assert path.read_text(encoding="utf-8") == kept
    assert list(workspace.progress.events())[-1].kind == EventKind.RETAG


@pytest.mark.parametrize(
    ("search", "remove", "message"),
    [
        ("deck:sco-essentials", [], "came with the app"),
        ("", [], "came with the app"),
        ("tag:city", ["city"], "is set for all notes of the deck"),
    ],
)
def test_tags_that_cannot_be_changed_are_reported_and_nothing_is_written(
    workspace: Workspace, decks_folder: Path, search: str, remove: list[str], message: str
) -> None:
    keys = Browser(workspace).find(parse(search))
    with pytest.raises(DeckError, match=message):
        Browser(workspace).retag(keys, ["x"], remove)
    assert (decks_folder / "cities.yaml").read_text(encoding="utf-8") == CITIES
    assert list(workspace.progress.events()) == []


def test_details_show_the_history_under_every_key_that_the_card_had(
    workspace: Workspace, clock: FakeClock, decks_folder: Path
) -> None:
    browser = Browser(workspace)
    (key,) = browser.find(parse("ural caspian"))
    for days, rating in ((0, Rating.GOOD), (3, Rating.AGAIN), (4, Rating.HARD)):
        clock.at = NOW + days * DAY_MS
        (row,) = browser.rows([key])
        after = row.state._replace(state=State.REVIEW, due_day=workspace.now().day + 2)
        workspace.progress.append(
            log.review(
                workspace.now(), row.card, rating, row.state, after,
                session="s", answer="Aral", verdict="wrong", milliseconds=4000,
            )
        )  # fmt: skip
    path = decks_folder / "rivers.yaml"
    path.write_text(RIVERS.replace("Which sea does the Ural reach?", "Where does the Ural end?"))
    workspace.refresh()
    (new,) = browser.find(parse("ural caspian"))
    assert new != key
    details = browser.details(new)
    assert details is not None
    assert [(past.rating, past.given, past.interval) for past in details.past] == [
        (Rating.GOOD, ("Aral",), 2),
        (Rating.AGAIN, ("Aral",), 2),
        (Rating.HARD, ("Aral",), 2),
    ]
    assert details.past[-1].stability == details.row.state.stability
    assert browser.details(key) is None
