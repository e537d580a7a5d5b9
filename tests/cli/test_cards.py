"""`cards`: what is listed and shown, and what is changed and taken back."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Call = Callable[..., tuple[int, str, str]]

DOCUMENT = Path(__file__).parents[2] / "docs" / "searching.md"


def keys(call: Call, *query: str) -> list[str]:
    code, out, err = call("cards", "--json", *query)
    assert (code, err) == (0, "")
    return [card["card"] for card in json.loads(out)]


def documented(heading: str) -> set[str]:
    section = DOCUMENT.read_text("utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    return set(re.findall(r"^\| `(\w+)`", section, re.MULTILINE))


def test_the_json_of_cards_is_as_documented(call: Call, kinds: Path) -> None:
    call("study", "--plain", "kinds", lines="\n1\n" * 3)
    (card, *_) = json.loads(call("cards", "rated:1", "--show", "--json")[1])
    assert set(card) - {"history"} == documented("`cards --json`")
    assert set(card["history"][0]) == documented("`cards --show --json`")
    (plain, *_) = json.loads(call("cards", "rated:1", "--json")[1])
    assert plain == {key: value for key, value in card.items() if key != "history"}


def test_a_search_may_be_one_argument_or_many(call: Call, kinds: Path) -> None:
    one = keys(call, "deck:kinds -kind:cloze tash")
    assert one
    assert keys(call, "deck:kinds", "-kind:cloze", "tash") == one
    assert keys(call, "deck:kinds", "the capital of") == keys(call, 'deck:kinds "the capital of"')
    assert keys(call, "-deck:kinds", "--limit", "3", "--sort", "prompt", "--reverse")


def test_the_list_and_the_details_are_text_without_markup(call: Call, kinds: Path) -> None:
    call("study", "--plain", "kinds", lines="\n1\n")
    code, out, err = call("cards", "rated:1")
    assert code == 0
    assert err == "1 card\n"
    key = keys(call, "rated:1")[0]
    assert out.splitlines()[1].startswith(key[:8] + "  learning")
    shown = call("cards", "--show", f"card:{key[:8]}")[1]
    for part in ("difficulty", "stability", f"card        {key}", "History", "✗ Again  minutes"):
        assert part in shown
    assert call("cards", "zzzz")[1] == "No card fits.\n"


@pytest.mark.parametrize(
    ("option", "query", "told"),
    [
        (["--suspend"], "is:suspended", "suspended"),
        (["--bury"], "is:buried", "put off until tomorrow"),
        (["--flag", "2"], "flag:2", "flagged 2"),
        (["--tag", "fresh water"], 'tag:"fresh water"', "with changed tags"),
    ],
)
def test_undo_takes_back_a_change_to_all_cards_of_a_search(
    call: Call, kinds: Path, option: list[str], query: str, told: str
) -> None:
    before = kinds.read_text("utf-8")
    code, out, _ = call("cards", "deck:kinds", "-kind:cloze", *option)
    assert code == 0
    assert re.fullmatch(rf"\d+ (cards|notes) {told}; `--undo` takes it back\.\n", out)
    assert keys(call, "deck:kinds", query) == keys(call, "deck:kinds", "-kind:cloze")
    assert call("cards", "--undo")[1].startswith("Taken back: ")
    assert not keys(call, "deck:kinds", "is:suspended")
    assert kinds.read_text("utf-8") == before
    assert call("cards", "--undo")[1] == "There is nothing to undo.\n"


def test_suspended_cards_can_be_unsuspended_and_a_second_time_says_nothing_to_do(
    call: Call, kinds: Path
) -> None:
    call("cards", "deck:kinds", "--suspend")
    assert call("cards", "is:suspended", "--unsuspend")[1].endswith("takes it back.\n")
    told = call("cards", "deck:kinds", "--unsuspend")[1]
    assert re.fullmatch(r"Nothing to do: \d+ cards found, none to change\.\n", told)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["is:deu"], "there is no is:deu; did you mean is:due?"),
        (["is:new is:due"], "no card is both is:new and is:due"),
        (["deck:sco-essentails"], "no deck fits deck:sco-essentails; did you mean"),
        (["x" * 10_000], "a search has up to 1,000 characters"),
        (["--suspend"], "no card is named"),
        (["x", "--suspend", "--flag", "1"], "--suspend and --flag exclude each other"),
    ],
)
def test_a_wrong_call_is_reported_and_changes_nothing(
    call: Call, arguments: list[str], message: str
) -> None:
    code, out, err = call("cards", *arguments)
    assert (code, out) == (2, "")
    assert message in err


def test_tagging_a_shipped_deck_is_refused_with_the_command_that_copies_it(call: Call) -> None:
    code, out, err = call("cards", "deck:sco-essentials", "--tag", "x")
    assert (code, out) == (1, "")
    assert "`sco-quiz edit --copy sco-essentials`" in err


def test_a_hostile_deck_sends_nothing_to_the_terminal(call: Call, hostile: Path) -> None:
    call("study", "--plain", "hostile", lines="\n1\n\n1\n")
    for arguments in ([], ["--show", "rated:1"], ["--json"], ["\x1b[31m"], ["tag:\x1b]0;x\x07"]):
        _, out, err = call("cards", *arguments)
        assert re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", out + err) is None


def test_the_list_shows_the_column_that_sorts_it(call: Call, kinds: Path) -> None:
    call("study", "--plain", "kinds", lines="\n1\n")
    heads = call("cards", "rated:1", "--sort", "difficulty")[1].splitlines()[0].split()
    assert heads == ["card", "state", "due", "deck", "difficulty", "prompt"]
    heads = call("cards", "rated:1", "--sort", "due")[1].splitlines()[0].split()
    assert heads == ["card", "state", "due", "deck", "prompt"]
