"""`history` and `stats`: their JSON as documented, their text, and what they say to mistakes."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.simulate import simulate
from sco_quiz.cli.stats import as_dict, stats
from sco_quiz.insight.figures import Figures
from sco_quiz.insight.history import SessionHistory
from sco_quiz.learning.study_day import Moment, study_day
from sco_quiz.paths import HOME_VARIABLE, Paths
from sco_quiz.reports.lines import NARROWEST, text_of
from sco_quiz.reports.words import cells
from sco_quiz.text import clean
from sco_quiz.workspace.cards import cards_of_deck
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Call = Callable[..., tuple[int, str, str]]

DOCUMENT = Path(__file__).parents[2] / "docs" / "statistics.md"


@pytest.fixture(scope="module")
def learner(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of somebody who studied for 60 days, until today."""
    home = tmp_path_factory.mktemp("learner")
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text("leech_lapses = 4\n")
    with Workspace(paths=Paths(home / "config", home / "data", home / "cache")) as workspace:
        workspace.refresh()
        decks = (
            cards_of_deck(workspace.progress.connection, deck.id)
            for deck in workspace.agenda.decks()
        )
        cards = [card for deck in decks for card in deck]
        simulate(workspace.progress, cards, workspace.now().day, days=60, new=8)
    return home


@pytest.fixture
def studied(call: Call, learner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands are that learner's."""
    monkeypatch.setenv(HOME_VARIABLE, str(learner))


def documented(heading: str) -> set[str]:
    """The keys in the table below a heading of the document."""
    section = DOCUMENT.read_text("utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    return {key for row in rows for key in re.findall("`([^`]+)`", row.split("|")[1])}


def keys_of(value: object, path: str = "") -> Iterator[str]:
    """The paths of all keys: `a.b` for a key within a key, `a[]` for a list of objects."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        for each in value:
            yield from keys_of(each, f"{path}[]")
        return
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from keys_of(inner, f"{path}.{key}" if path else key)


# stats


@pytest.mark.usefixtures("studied")
def test_every_key_of_stats_is_documented_and_every_documented_key_is_there(call: Call) -> None:
    code, out, err = call("stats", "--json")
    assert (code, err) == (0, "")
    found = set(keys_of(json.loads(out)))
    same = re.compile(r"^retention\.(weeks|months)\[\]\.(young|mature|all)(\..*)?$")
    found = {key for key in found if not same.match(key)}
    containers = {"totals", "retention", "calibration"}
    assert found - containers == documented("`stats --json`")


@pytest.mark.usefixtures("studied")
def test_every_key_of_the_workload_is_documented(call: Call) -> None:
    code, out, err = call("stats", "--workload", "--json")
    assert (code, err) == (0, "")
    assert set(keys_of(json.loads(out)[0])) == documented("`stats --workload --json`")


@pytest.mark.usefixtures("studied")
def test_retention_by_week_and_month_has_the_same_keys_as_in_total(call: Call) -> None:
    retention: dict[str, Any] = json.loads(call("stats", "--json")[1])["retention"]
    keys = set(keys_of(retention["ever"]))
    for period in retention["weeks"] + retention["months"]:
        assert set(keys_of(period)) == {*keys, "start"}


def test_stats_without_answers_have_every_figure(call: Call) -> None:
    found: dict[str, Any] = json.loads(call("stats", "--json")[1])
    assert found["totals"] == {
        "answers": 0, "correct": 0, "new": 0, "days": 0, "minutes": 0, "first_day": None,
        "streak": 0, "longest_streak": 0,
    }  # fmt: skip
    assert found["retention"]["ever"]["all"] == {"recalled": 0, "recalls": 0, "share": None}
    assert found["intervals"] == {"cards": 0, "mean": None, "median": None, "bins": []}
    assert found["calibration"] == {"error": None, "bins": []}
    assert (len(found["hours"]), len(found["forecast"])) == (24, 30)
    assert found["days"] == found["leeches"] == found["hardest"] == found["confusions"] == []


def test_stats_without_answers_say_what_is_needed(call: Call) -> None:
    code, out, err = call("stats")
    assert (code, err) == (0, "")
    assert "No answers yet." in out
    assert "Needs a card that comes back after a day or more." in out
    assert "You have none. Good." in out


def test_stats_after_one_answer_reads_well(call: Call, kinds: Path) -> None:
    assert call("study", "--plain", "kinds", lines="\n\n:q\n")[0] == 0
    code, out, err = call("stats")
    assert (code, err) == (0, "")
    assert " 1 day with answers\n" in out
    assert " 1 answer\n" in out
    assert "1 card begun\n" in out


@pytest.mark.usefixtures("studied")
def test_stats_fit_a_narrow_terminal_and_need_no_colour(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    code, out, err = call("stats")
    assert (code, err) == (0, "")
    assert max(map(len, out.splitlines())) <= 80
    assert "\x1b" not in out
    for title in ("Calendar", "True retention", "Stability", "Calibration", "Confusions"):
        assert re.search(rf"^{title}(\n|  )", out, re.MULTILINE)


@pytest.mark.usefixtures("studied")
@pytest.mark.parametrize("width", [20, 56, 60, 80, 96, 116, 117, 156, 250])
def test_no_line_of_the_figures_is_wider_than_there_is_room(width: int) -> None:
    with Workspace(read_only=True) as workspace:
        workspace.refresh()
        for decks in ((), ("sco-timeline",), ("sco-timeline", "sco-essentials")):
            found = stats(Figures(workspace, decks), SessionHistory(workspace).titles, width)
            lines = list(map(text_of, found))
            assert max(map(cells, lines[1:])) <= max(width, NARROWEST)


@pytest.mark.usefixtures("studied")
@pytest.mark.parametrize(("width", "weeks"), [(56, 13), (96, 26), (156, 53)])
def test_the_calendar_has_as_many_weeks_as_there_is_room_for(width: int, weeks: int) -> None:
    with Workspace(read_only=True) as workspace:
        workspace.refresh()
        lines = list(map(text_of, stats(Figures(workspace), {}, width)))
    (monday,) = [line for line in lines if line.startswith("Mon ")]
    assert len(re.findall("[·░▒▓█] ", monday + " ")) == weeks


@pytest.mark.usefixtures("studied")
def test_stats_of_a_deck_are_of_its_cards_only(call: Call) -> None:
    whole = json.loads(call("stats", "--json")[1])
    part = json.loads(call("stats", "--json", "--deck", "sco-time")[1])
    assert part["decks"] == ["sco-timeline"]
    assert 0 < part["totals"]["answers"] < whole["totals"]["answers"]
    assert {card["deck"] for card in part["hardest"]} == {"sco-timeline"}


@pytest.mark.usefixtures("studied")
@pytest.mark.parametrize("year", [1971, 2001, 2300])
def test_figures_are_still_figures_when_the_clock_is_wrong_by_years(year: int) -> None:
    at = int(datetime(year, 5, 1, 12, tzinfo=UTC).timestamp() * 1000)
    now = Moment(at, 0, study_day(at, 0, 4))
    with Workspace(clock=lambda: now, read_only=True) as workspace:
        workspace.refresh()
        found = as_dict(Figures(workspace))
        assert list(stats(Figures(workspace), {}, 100))
    assert found["totals"]["streak"] == 0
    assert found["totals"]["longest_streak"] > 1
    assert 0 < found["retrievability"]["remembered"] <= found["retrievability"]["cards"]
    due = sum(due["cards"] for due in found["forecast"])
    suspended = 2
    assert due == (0 if year < 2020 else found["retrievability"]["cards"] - suspended)


def test_an_unknown_deck_is_reported_by_stats_and_history(call: Call) -> None:
    for command in ("stats", "history"):
        code, out, err = call(command, "--deck", "sco-timelime")
        assert (code, out) == (2, "")
        assert "did you mean 'sco-timeline'?" in err


# history


@pytest.mark.usefixtures("studied")
def test_history_as_json_has_exactly_the_documented_keys(call: Call) -> None:
    code, out, err = call("history", "--json")
    assert (code, err) == (0, "")
    sessions = json.loads(out)
    for session in sessions:
        assert session.keys() == documented("`history --json`")
    starts = [session["started"] for session in sessions]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", s) for s in starts)
    assert {session["kind"] for session in sessions} == {"study", "quiz"}


@pytest.mark.usefixtures("studied")
def test_the_answers_of_a_session_have_the_documented_keys(call: Call) -> None:
    sessions = json.loads(call("history", "--json")[1])
    for session in (sessions[0], next(each for each in sessions if each["kind"] == "quiz")):
        code, out, err = call("history", session["session"], "--json")
        assert (code, err) == (0, "")
        answers = json.loads(out)
        assert len(answers) == session["asked"]
        assert sum(answer["correct"] for answer in answers) == session["correct"]
        assert sum(answer["seconds"] for answer in answers) == pytest.approx(session["seconds"])
        for answer in answers:
            assert answer.keys() == documented("`history SESSION --json`")


@pytest.mark.usefixtures("studied")
@pytest.mark.parametrize("order", ["score", "asked", "seconds", "started"])
def test_history_is_sorted_by_the_chosen_column(call: Call, order: str) -> None:
    found = [
        session[order] for session in json.loads(call("history", "--json", "--sort", order)[1])
    ]
    if order != "started":
        assert found == sorted(found, reverse=True)
    assert len(found) > 50


@pytest.mark.usefixtures("studied")
def test_history_as_csv_is_the_json_as_a_table(call: Call) -> None:
    rows = list(csv.DictReader(io.StringIO(call("history", "--csv")[1])))
    sessions = json.loads(call("history", "--json")[1])
    assert [row["session"] for row in rows] == [each["session"] for each in sessions]
    assert rows[0].keys() == sessions[0].keys()
    assert rows[0]["decks"] == "; ".join(sessions[0]["decks"])


def test_history_without_sessions_is_empty_in_every_form(call: Call) -> None:
    assert call("history", "--json") == (0, "[]\n", "")
    assert call("history", "--csv") == (0, "", "")
    assert call("history")[1] == "No session yet. `sco-quiz study` begins one.\n"


def test_a_session_is_listed_with_its_deck_and_opened_by_its_id(call: Call, kinds: Path) -> None:
    call("study", "--plain", "kinds", lines="\n1\n:q\n")
    out = call("history")[1]
    assert "All kinds" in out
    assert "0/1" in out
    (session,) = json.loads(call("history", "--json")[1])
    assert session["decks"] == ["kinds"]
    out = call("history", session["session"][:6])[1]
    assert out.startswith("study of All kinds, ")
    assert "0 of 1 right, 0 %" in out
    assert "\n✗ " in out


def test_an_unknown_session_and_two_formats_at_once_are_refused(call: Call) -> None:
    code, out, err = call("history", "nonsense")
    assert (code, out) == (2, "")
    assert "there is no session 'nonsense'" in err
    assert call("history", "--json", "--csv")[0] == 2


def test_a_hostile_deck_sends_nothing_to_the_terminal(call: Call, hostile: Path) -> None:
    call("study", "--plain", "hostile", lines="\n1\n\n1\n\n1\n:q\n")
    (session,) = json.loads(call("history", "--json")[1])
    for command in (["stats"], ["history"], ["history", session["session"]]):
        code, out, _ = call(*command)
        assert code == 0
        assert clean(out) == out
    for command in (["history", "--csv"], ["history", session["session"], "--csv"]):
        out = call(*command)[1]
        assert clean(out) == out


def quiz(call: Call, *options: str, lines: str = "") -> str:
    """What a quiz in line mode says."""
    code, out, err = call("quiz", "--plain", *options, lines=lines)
    assert (code, err) == (0, ""), err
    return out


def test_line_mode_retries_missed_cards_and_brings_them_into_todays_study(
    call: Call, kinds: Path
) -> None:
    assert kinds.exists()
    said = quiz(call, "kinds", "--tag", "typed", lines="Samarkand\n")
    assert "\n1 missed. `sco-quiz quiz --retry` asks it again;\n" in said
    assert call("quiz", "--bring")[1].startswith("1 card is in today's study; ")
    said = call("study", "--plain", "kinds", lines=":u\n:q\n")[1]
    assert "Taken back: what you brought into today's study.\n" in said
    assert quiz(call, "--retry", lines="Tashkent\n").endswith("score 1/1\n")
    code, out, err = call("quiz", "--retry")
    assert (code, out) == (2, "")
    assert "nothing was missed" in err


def test_stats_name_a_command_that_asks_a_confused_pair(call: Call, kinds: Path) -> None:
    kinds.write_text(
        "deck: Cities\nid: kinds\ncards:\n"
        "  - {question: Capital of Uzbekistan?, answer: Tashkent}\n"
        "  - {question: Where is the Registan?, answer: Samarkand}\n"
    )
    quiz(call, "kinds", lines="Samarkand\nSamarkand\n")
    out = call("stats")[1]
    assert "`sco-quiz quiz --pair Samarkand Tashkent`" in " ".join(out.split())
    said = quiz(call, "--pair", "samarkand", "tashkent", lines="1\n1\n1\n1\n")
    assert said.count("  1. Samarkand\n  2. Tashkent\n") == 4
    assert said.endswith("score 2/4\n")
    assert call("quiz", "--pair", "samarkand", "nowhere")[0] == 2
    assert call("quiz", "--pair", "samarkand", "tashkent", "--retry")[0] == 2
