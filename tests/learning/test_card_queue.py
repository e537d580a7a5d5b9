"""What is asked today, and in which order."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from sco_quiz.learning.card_queue import (
    LEARN_AHEAD_MS,
    Candidate,
    Counts,
    DailyLimits,
    Queue,
    Today,
    count_today,
    select_today,
    spread,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from random import Random


class Allowance(NamedTuple):
    """How many cards of a deck may be asked."""

    new: int
    reviews: int


MUCH = Allowance(99, 99)


def rooms(
    allowances: Mapping[str, Allowance], in_all: int | None = None
) -> tuple[DailyLimits, DailyLimits]:
    """What decks allow by themselves, and how many new cards all together."""
    total = {} if in_all is None else {"": in_all}
    paths = {deck: (deck, "") for deck in allowances}
    new, reviews = (
        {deck: allowed[part] for deck, allowed in allowances.items()} for part in range(2)
    )
    return DailyLimits(paths, new | total), DailyLimits(paths, reviews)


def choose(
    learning: Iterable[Candidate],
    reviews: Iterable[Candidate],
    new: Mapping[str, list[Candidate]],
    *,
    allowances: Mapping[str, Allowance],
    in_all: int | None = None,
    answered_notes: Iterable[str] = (),
    brought: Iterable[Candidate] = (),
) -> Today:
    room_for_new, room_for_reviews = rooms(allowances, in_all)
    return select_today(
        learning, reviews, lambda deck: new.get(deck, []),
        room_for_new=room_for_new, room_for_reviews=room_for_reviews,
        answered_notes=answered_notes, brought=brought,
    )  # fmt: skip


def cards(prefix: str, count: int, deck: str = "d", note: str = "") -> list[Candidate]:
    return [Candidate(f"{prefix}{i}", note or f"{prefix}{i}n", deck) for i in range(count)]


def test_each_deck_has_its_own_limits() -> None:
    reviews = [
        card for pair in zip(cards("a", 5, "a"), cards("b", 5, "b"), strict=True) for card in pair
    ]
    new = {"a": cards("x", 5, "a"), "b": cards("y", 5, "b")}
    today = choose([], reviews, new, allowances={"a": Allowance(1, 2), "b": Allowance(3, 4)})
    assert today.counts() == {"a": Counts(1, 0, 2), "b": Counts(3, 0, 4)}


def test_learning_cards_do_not_count_against_any_limit() -> None:
    today = choose(cards("l", 3), [], {}, allowances={"d": Allowance(0, 0)})
    assert today.counts() == {"d": Counts(0, 3, 0)}


def test_only_one_card_of_a_note_is_asked_a_day() -> None:
    siblings = cards("s", 3, note="n")
    today = choose([], siblings[:2], {"d": siblings[2:]}, allowances={"d": MUCH})
    assert [card.key for card in (*today.reviews, *today.new)] == ["s0"]


def test_the_sibling_of_a_card_in_learning_waits() -> None:
    today = choose(cards("l", 1, note="n"), cards("r", 1, note="n"), {}, allowances={"d": MUCH})
    assert not today.reviews


def test_siblings_of_a_card_answered_today_wait() -> None:
    new = {"d": cards("x", 2, note="n")}
    today = choose([], [], new, allowances={"d": MUCH}, answered_notes={"n"})
    assert not today.new


def test_a_new_card_waits_for_a_sibling_that_the_limit_holds_back() -> None:
    reviews = [*cards("r", 1), *cards("s", 1, note="n")]
    today = choose([], reviews, {"d": cards("x", 1, note="n")}, allowances={"d": Allowance(9, 1)})
    assert [card.key for card in (*today.reviews, *today.new)] == ["r0"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["learning", "reviews", "new"]),
            st.sampled_from(["a", "b", "c"]),
            st.sampled_from(["", "1", "2", "3"]),
            st.booleans(),
        )
    ),
    st.fixed_dictionaries(dict.fromkeys("abc", st.builds(Allowance, *[st.integers(0, 3)] * 2))),
    st.integers(0, 9),
    st.sets(st.sampled_from(["a1", "b2", "c3"])),
    st.randoms(),
)
def test_counts_agree_with_the_chosen_cards_in_any_order(
    found: list[tuple[str, str, str, bool]],
    allowances: dict[str, Allowance],
    in_all: int,
    answered: set[str],
    dice: Random,
) -> None:
    parts: dict[str, list[Candidate]] = {"learning": [], "reviews": [], "new": []}
    brought = []
    for number, (part, deck, note, wished) in enumerate(found):
        key = str(number)
        parts[part].append(Candidate(key, deck + note if note else key, deck))
        brought += parts[part][-1:] * wished
    new: dict[str, list[Candidate]] = {deck: [] for deck in allowances}
    for card in parts["new"]:
        new[card.deck].append(card)
    today = choose(
        parts["learning"], parts["reviews"], new,
        allowances=allowances, in_all=in_all, answered_notes=answered, brought=brought,
    )  # fmt: skip
    for cards_of_deck in new.values():
        dice.shuffle(cards_of_deck)
    reviews = Counter(
        (card.deck, card.note if card.note != card.key else "")
        for card in parts["reviews"]
        if card not in brought
    )
    room_for_new, room_for_reviews = rooms(allowances, in_all)
    counted = count_today(
        parts["learning"], [(*place, count) for place, count in reviews.items()], new.__getitem__,
        room_for_new=room_for_new, room_for_reviews=room_for_reviews,
        answered_notes=answered, brought=brought,
    )  # fmt: skip
    unlimited = choose(
        parts["learning"], parts["reviews"], new,
        allowances=allowances, answered_notes=answered, brought=brought,
    )  # fmt: skip
    held = {deck: counts.held for deck, counts in counted.items() if counts.held}
    assert held == Counter(card.deck for card in unlimited.new) - Counter(
        card.deck for card in today.new
    )
    counted = {deck: counts._replace(held=0) for deck, counts in counted.items()}
    counted = {deck: counts for deck, counts in counted.items() if counts.total}
    assert counted == today.counts()
    assert len(today.new) <= in_all
    assert len(today.new) == min(in_all, len(unlimited.new))


def test_a_limit_on_the_session_takes_learning_first_then_reviews_then_new() -> None:
    today = choose(cards("l", 2), cards("r", 2), {"d": cards("x", 5)}, allowances={"d": MUCH}).of(
        {"d"}, most=5
    )
    assert [len(part) for part in today] == [2, 2, 1, 0]


def test_a_limit_for_all_decks_holds_above_their_own_and_goes_to_the_first_ones_first() -> None:
    new = {deck: cards(deck, 5, deck) for deck in "abc"}
    own = {"b": Allowance(3, 9), "c": Allowance(9, 9), "a": Allowance(9, 9)}
    today = choose([], cards("r", 2, "a"), new, allowances=own, in_all=6)
    assert today.counts() == {"b": Counts(3), "c": Counts(3), "a": Counts(review=2)}
    assert [card.deck for card in today.new] == ["b"] * 3 + ["c"] * 3


def test_decks_that_were_not_asked_for_get_nothing() -> None:
    today = choose(
        cards("l", 1, "other"), cards("r", 1, "other"), {"other": cards("x", 1, "other")},
        allowances={"d": MUCH},
    )  # fmt: skip
    assert today == Today((), (), ())


@given(st.integers(0, 40), st.integers(0, 40))
def test_new_cards_are_spread_evenly_among_reviews(reviews: int, new: int) -> None:
    order = [card.key[0] for card in spread(cards("r", reviews), cards("n", new))]
    assert sorted(order) == ["n"] * new + ["r"] * reviews
    for cut in range(len(order)):
        expected = new * cut / len(order)
        assert abs(order[:cut].count("n") - expected) <= 1


def queue(learning: list[tuple[str, int]], waiting: list[str]) -> Queue:
    return Queue(
        Today(
            tuple(Candidate(key, key, "d", due) for key, due in learning),
            tuple(Candidate(key, key, "d") for key in waiting),
            (),
        )
    )


def test_a_learning_card_whose_time_has_come_goes_first() -> None:
    assert queue([("l", 100)], ["r"]).take(100) == "l"
    assert queue([("l", 100)], ["r"]).take(99) == "r"


def test_the_last_learning_card_is_asked_a_little_early() -> None:
    assert queue([("l", LEARN_AHEAD_MS)], []).take(0) == "l"
    assert queue([("l", LEARN_AHEAD_MS + 1)], []).take(0) is None


def test_a_card_put_first_is_asked_once_and_next() -> None:
    line = queue([("l", 5)], ["a", "b", "c"])
    line.first("b")
    line.first("c")
    assert [line.take(0) for _ in range(4)] == ["c", "b", "a", "l"]
    assert len(line) == 0


def test_a_removed_card_is_gone_from_learning_and_waiting() -> None:
    line = queue([("l", 5)], ["a"])
    line.remove("l")
    line.remove("a")
    assert line.take(10) is None
    assert line.next_due_at() is None


def test_cards_brought_in_come_first_beyond_limits_and_siblings() -> None:
    brought = cards("b", 3, note="n")
    today = choose(
        [*cards("l", 1), brought[0]], [brought[1], *cards("r", 2)], {"d": [brought[2]]},
        allowances={"d": Allowance(0, 1)}, answered_notes=["n"], brought=brought,
    )  # fmt: skip
    assert today.counts() == {"d": Counts(new=0, learning=1, review=4)}
    queue = Queue(today)
    assert [queue.take(0) for _ in range(6)] == ["b0", "b1", "b2", "l0", "r0", None]


def test_cards_brought_in_another_deck_are_not_asked_here() -> None:
    assert not any(choose([], [], {}, allowances={}, brought=cards("b", 2)))


PARENTS = {"a": ("p",), "b": ("p", "q"), "c": ("q",), "d": (), "p": ()}
"""The parents of decks, the nearest first; `p` is a deck too."""
NAMES = ["a", "b", "c", "d", "p", "q", ""]


@given(
    st.dictionaries(st.sampled_from(NAMES), st.integers(-2, 6)),
    st.dictionaries(st.sampled_from(NAMES), st.integers(-2, 6)),
    st.fixed_dictionaries({deck: st.tuples(*[st.integers(0, 7)] * 2) for deck in PARENTS}),
    st.randoms(),
)
def test_limits_for_all_decks_for_parents_and_for_decks_hold_together(
    new_left: dict[str, int],
    reviews_left: dict[str, int],
    waiting: dict[str, tuple[int, int]],
    dice: Random,
) -> None:
    paths = {deck: (deck, *above, "") for deck, above in PARENTS.items()}
    paths["b"] = ("b", "p", "q", "")  # a parent within a parent
    paths["a"] = ("a", "p", "q", "")
    paths["p"] = ("p", "q", "")
    new = {deck: cards(f"{deck}n", count, deck) for deck, (count, _) in waiting.items()}
    reviews = [card for deck, (_, n) in waiting.items() for card in cards(f"{deck}r", n, deck)]
    dice.shuffle(reviews)
    today = select_today(
        [],
        reviews,
        new.__getitem__,
        room_for_new=DailyLimits(paths, new_left),
        room_for_reviews=DailyLimits(paths, reviews_left),
    )
    counted = count_today(
        [],
        [(deck, "", n) for deck, (_, n) in waiting.items()],
        new.__getitem__,
        room_for_new=DailyLimits(paths, new_left),
        room_for_reviews=DailyLimits(paths, reviews_left),
    )
    for asked, left, part in ((today.new, new_left, 0), (today.reviews, reviews_left, 1)):
        given_to = Counter(card.deck for card in asked)
        of_limit = {
            name: sum(given_to[deck] for deck in paths if name in paths[deck]) for name in left
        }
        assert all(of_limit[name] <= max(0, left[name]) for name in left)
        for deck, path in paths.items():
            is_all = given_to[deck] == waiting[deck][part]
            assert is_all or any(of_limit[name] >= left[name] for name in path if name in left)
    assert sum(each.new for each in counted.values()) == len(today.new)
    assert sum(each.review for each in counted.values()) == len(today.reviews)
    for deck, counts in counted.items():
        own = max(0, new_left.get(deck, 99))
        assert counts.new + counts.held == min(own, waiting[deck][0])
    assert Counter(card.deck for card in today.new) == Counter(
        {deck: counts.new for deck, counts in counted.items() if counts.new}
    )
