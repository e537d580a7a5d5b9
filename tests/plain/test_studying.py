"""Line mode: what it asks, what it takes for an answer, what it says."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from sco_quiz.authoring.notes import Authoring
from sco_quiz.authoring.steps import delete_notes
from sco_quiz.errors import ProgressError
from sco_quiz.learning.card_queue import Counts
from sco_quiz.learning.kinds import Kind
from sco_quiz.learning.question import options_of
from sco_quiz.learning.study_day import DAY_MS, MINUTE_MS
from sco_quiz.plain import studying
from sco_quiz.plain.lines import TYPED
from sco_quiz.studying.sessions import StudyLogJournal, begin_study
from sco_quiz.workspace.cards import cards_of_deck
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sco_quiz.learning.journal import Answer
    from tests.conftest import FakeClock

    Talk = Callable[..., str]


@pytest.fixture
def workspace(home: Path, kinds: Path, clock: FakeClock) -> Iterator[Workspace]:
    with Workspace(clock=clock) as workspace:
        workspace.refresh()
        yield workspace


@pytest.fixture
def talk(workspace: Workspace) -> Talk:
    """Study cards with a tag, giving lines; what was said, one line each."""

    def study(*lines: str, tag: str | None = None, deck: str = "kinds") -> str:
        session = begin_study(workspace, [deck], tag=tag)
        target = io.StringIO()
        source = io.StringIO("".join(f"{line}\n" for line in lines))
        studying.study(session, workspace, [deck], source=source, target=target)
        return target.getvalue()

    return study


def number(workspace: Workspace, tag: str, *options: str) -> list[str]:
    """The numbers of options in the question about a note."""
    question = begin_study(workspace, ["kinds"], tag=tag).question
    assert question is not None
    shown = options_of(question.card, 0)
    return [str(shown.index(option) + 1) for option in options]


def test_a_card_is_asked_judged_explained_and_rated_in_this_form(talk: Talk) -> None:
    said = talk("Tashkend", "", ":q", tag="typed")
    assert said.startswith(
        """\
:? lists what can be typed besides answers.
[1 of 1] All kinds
Which city is the capital of Uzbekistan?
(Type the answer; an empty line shows it.)
answer>\x20
close: Tashkent
The name means stone city.
source: A World Atlas, p. 14, as of 2024-10
1 Again 1 min  2 Hard 6 min  3 Good 10 min  4 Easy """
    )
    assert "rating [2]> \n\n" in said


@pytest.mark.parametrize(
    ("tag", "answer", "verdict"),
    [
        ("typed", "tashkent", "correct"),
        ("typed", "Toshkent", "correct"),
        ("typed", "Samarkand", "wrong: Tashkent"),
        ("cloze", "Dushanbe, Tajikistan", "correct\n2 of 2"),
        ("cloze", "Dushanbe", "wrong: Dushanbe, Tajikistan\n1 of 2"),
        ("choice", "uzbekistan", "correct"),
        ("choice", "Kazakhstan", "wrong: Uzbekistan"),
        ("multi", "kazakhstan, Turkmenistan", "correct\n2 of 2"),
        ("multi", "Kazakhstan", "wrong: Kazakhstan, Turkmenistan\n1 of 2"),
        ("true-false", "false", "correct"),
        ("true-false", "n", "correct"),
        ("true-false", "2", "correct"),
        ("true-false", "1", "wrong: false"),
        ("order", "Kazakhstan, Turkmenistan, Uzbekistan", "correct\n3 of 3"),
        ("list", "Iran, Pakistan, India", "correct\n3 of 3"),
        ("list", "Iran, Belarus", "wrong: India, Pakistan, Iran\n1 of 3"),
        ("year", "1977", "correct"),
        ("year", "1978", "wrong: 1977"),
    ],
)
def test_every_kind_is_answered_by_text(talk: Talk, tag: str, answer: str, verdict: str) -> None:
    assert f"answer> \n{verdict}\n" in talk(answer, ":q", tag=tag)


def test_choices_are_answered_by_number(talk: Talk, workspace: Workspace) -> None:
    (right,) = number(workspace, "choice", "Uzbekistan")
    assert "answer> \ncorrect\n" in talk(right, ":q", tag="choice")


@pytest.mark.parametrize("between", [" ", ",", ", "])
def test_several_choices_are_answered_by_numbers(
    talk: Talk, workspace: Workspace, between: str
) -> None:
    numbers = number(workspace, "multi", "Turkmenistan", "Kazakhstan")
    assert "answer> \ncorrect\n" in talk(between.join(numbers), ":q", tag="multi")


def test_an_order_is_answered_by_numbers(talk: Talk, workspace: Workspace) -> None:
    numbers = number(workspace, "order", "Kazakhstan", "Turkmenistan", "Uzbekistan")
    assert "answer> \ncorrect\n3 of 3\n" in talk(" ".join(numbers), ":q", tag="order")


@pytest.mark.parametrize(
    "tag", ["typed", "cloze", "choice", "multi", "true-false", "order", "list"]
)
def test_an_empty_line_shows_the_answer_and_proposes_the_rating_again(talk: Talk, tag: str) -> None:
    said = talk("", ":q", tag=tag)
    assert "answer> \nanswer: " in said
    assert "rating [1]> " in said


def test_a_card_to_think_about_is_revealed_and_proposes_good(talk: Talk) -> None:
    said = talk("", ":q", tag="basic")
    assert "answer> \nanswer: Being the capital of Kazakhstan\n" in said
    assert "rating [3]> " in said


@pytest.mark.parametrize(
    ("tag", "line", "help_"),
    [
        ("choice", "0", "Answer with a number from 1 to 4, or the text of a choice."),
        ("choice", "5", "Answer with a number from 1 to 4, or the text of a choice."),
        ("choice", "²", "Answer with a number from 1 to 4, or the text of a choice."),
        ("choice", "9" * 5_000, "Answer with a number from 1 to 4, or the text of a choice."),
        ("choice", "Usbekistan", "Answer with a number from 1 to 4, or the text of a choice."),
        ("multi", "1, nonsense", "Answer with a number from 1 to 4, or the text of a choice."),
        ("true-false", "3", "Answer with a number from 1 to 2, or the text of a choice."),
        ("true-false", "flase", "Answer with a number from 1 to 2, or the text of a choice."),
        ("order", "1 2", "Give all 3 numbers in the right order, each once."),
        ("order", "1 2 2", "Give all 3 numbers in the right order, each once."),
        ("order", "1 2 3 4", "Answer with a number from 1 to 3, or the text of a choice."),
        ("typed", ":x", "There is no command :x; :? lists them. As an answer type ::x"),
    ],
)
def test_an_unclear_answer_is_asked_for_again_without_a_penalty(
    talk: Talk, tag: str, line: str, help_: str
) -> None:
    said = talk(line, ":q", tag=tag)
    assert help_ in said
    assert said.count("answer> ") == 2
    assert "0 answered" in said


@pytest.mark.parametrize("line", ["0", "5", "good", "1 2"])
def test_an_unclear_rating_is_asked_for_again(talk: Talk, line: str) -> None:
    said = talk("", line, "4", tag="basic")
    assert "A rating is 1, 2, 3 or 4" in said
    assert said.count("rating [3]> ") == 2
    assert "1 answered, 1 recalled." in said


def test_an_empty_line_takes_the_proposed_rating(talk: Talk, workspace: Workspace) -> None:
    talk("Samarkand", "", ":q", tag="typed")
    assert workspace.agenda.today(["kinds"]).counts()["kinds"] == Counts(9, 1, 0)


def test_a_hint_lowers_the_proposed_rating(talk: Talk) -> None:
    said = talk(":h", "Tashkent", ":q", tag="typed")
    assert "hint: It has the first metro of Central Asia.\n" in said
    assert "rating [2]> " in said


def test_asking_for_a_missing_hint_says_there_is_none(talk: Talk) -> None:
    assert "There is no hint." in talk(":h", ":q", tag="basic")


def test_undo_takes_the_last_answer_back_and_asks_it_again(
    talk: Talk, workspace: Workspace
) -> None:
    said = talk("", "4", ":u", ":q")
    assert said.count("What is Astana known for?") == 2
    assert "Taken back.\n" in said
    assert "0 answered" in said
    assert workspace.agenda.today(["kinds"]).counts()["kinds"].new == 10


def test_undo_takes_back_changes_to_decks_in_their_order(
    talk: Talk, workspace: Workspace, kinds: Path
) -> None:
    before = kinds.read_bytes()
    talk("", "4", ":q")
    Authoring(workspace).add("kinds", Kind.BASIC, {"front": "Lena", "back": "Laptev Sea"})
    delete_notes(workspace, cards_of_deck(workspace.progress.connection, "kinds")[:1])
    said = talk(":u", ":u", ":u", ":q", tag="typed")
    told = [line for line in said.splitlines() if line.startswith("Taken back")]
    assert told == [
        "Taken back: the deletion of “What is Astana known for?”.",
        "Taken back: the new card “Lena”.",
        "Taken back.",
    ]
    assert kinds.read_bytes() == before
    assert workspace.progress.query("SELECT count(*) FROM review") == [(0,)]


def test_undo_before_the_rating_goes_back_to_the_previous_card(talk: Talk) -> None:
    said = talk("", "4", "Tashkent", ":u", ":q")
    assert said.count("What is Astana known for?") == 2


def test_undo_without_a_step_says_there_is_nothing_to_undo(talk: Talk) -> None:
    said = talk(":u", ":q", tag="basic")
    assert "There is nothing to undo." in said
    assert said.count("answer> ") == 2


@pytest.mark.parametrize(
    ("command", "told"),
    [(":s", "Suspended; :u takes it back."), (":b", "Put off until tomorrow; :u takes it back.")],
)
@pytest.mark.parametrize("before", [[], [""]], ids=["before the answer", "before the rating"])
def test_a_card_set_aside_is_told_and_not_asked_until_undone(
    talk: Talk, workspace: Workspace, command: str, told: str, before: list[str]
) -> None:
    said = talk(*before, command, ":q")
    assert f"{told}\n" in said
    assert "Which city is the capital of Uzbekistan?" in said
    assert workspace.agenda.today(["kinds"]).counts()["kinds"].new == 9
    assert "What is Astana known for?" in talk(":u", ":q")
    assert workspace.agenda.today(["kinds"]).counts()["kinds"].new == 10


@pytest.mark.parametrize("before", [[], [""]], ids=["before the answer", "before the rating"])
def test_a_flag_is_given_taken_away_and_undone_while_the_question_stays(
    talk: Talk, workspace: Workspace, before: list[str]
) -> None:
    said = talk(*before, ":f", ":f", ":f", ":u", ":u", ":q", tag="basic")
    undo = "; :u takes it back."
    flagged, unflagged = f"Flagged{undo}", f"The flag is taken away{undo}"
    told = [flagged, unflagged, flagged, *["Taken back: a flag."] * 2]
    assert [line for line in said.splitlines() if "lag" in line and line[0] != "["] == told
    assert workspace.progress.query("SELECT flag FROM card_state") == [(1,)]
    said = talk(":q", tag="basic")
    assert said.startswith(f"{TYPED}\n[1 of 1] All kinds, flagged\n")


def test_undoing_an_accepted_answer_restores_its_verdict(talk: Talk, kinds: Path) -> None:
    before = kinds.read_bytes()
    said = talk("Chirchik", ":+", ":u", "", ":q", tag="typed")
    assert said.count("wrong: Tashkent\n") == 2
    assert said.index("Taken back.\n") < said.rindex("wrong: Tashkent\n")
    assert "1 answered, 0 recalled." in said
    assert kinds.read_bytes() == before


@pytest.mark.parametrize("before", [[], [""]], ids=["before the answer", "before the rating"])
def test_the_help_of_line_mode_lists_every_command(talk: Talk, before: list[str]) -> None:
    said = talk(*before, ":?", ":q", tag="basic")
    for command in (":h", ":u", ":s", ":b", ":f", ":q", ":?"):
        assert command in said
    assert "0 answered" in said


@pytest.mark.parametrize("lines", [[], [""], ["", "4"], ["", "4", "Tashkent"]])
def test_the_end_of_input_keeps_every_rated_answer(
    talk: Talk, workspace: Workspace, lines: list[str]
) -> None:
    said = talk(*lines)
    rated = lines.count("4")
    assert f"{rated} answered, {rated} recalled." in said
    assert workspace.agenda.today(["kinds"]).counts()["kinds"].new == 10 - rated


def test_with_nothing_due_study_says_when_the_next_card_comes(
    talk: Talk, workspace: Workspace, decks_folder: Path
) -> None:
    (decks_folder / "one.yaml").write_text("deck: One\ncards: [{front: a, back: b}]\n")
    workspace.refresh()
    said = talk("", "4", deck="one")
    assert "1 answered, 1 recalled.\n" in said
    assert "1 card seen for the first time; 1 of 1 card known for a day or longer." in said
    assert "They come back: 1 in " in said
    assert ".\nNothing is due. The next card comes" in said
    assert talk(deck="one").startswith("Nothing is due. The next card comes")


def test_with_nothing_due_study_says_what_else_can_be_done(
    decks_folder: Path, talk: Talk, workspace: Workspace, clock: FakeClock
) -> None:
    (decks_folder / "one.yaml").write_text("deck: One\ncards: [{front: a, back: b}]\n")
    workspace.refresh()
    said = talk("", "4", deck="one")
    assert "`sco-quiz quiz one`" in said
    assert "--ahead" not in said  # its only card was answered today
    clock.at += DAY_MS
    said = talk(deck="one")
    assert "`sco-quiz study one --ahead`" in said
    assert "`sco-quiz study one --hardest`" in said


def test_study_by_time_shows_the_time_left_and_ends_after_a_card(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = workspace.now()
    workspace.now = lambda: now
    source, target = io.StringIO("\n4\n\n4\n"), io.StringIO()
    readline = source.readline

    def read_for_a_minute(_: int) -> str:
        nonlocal now
        now = now._replace(at=now.at + MINUTE_MS)
        return readline()

    monkeypatch.setattr(source, "readline", read_for_a_minute)
    session = begin_study(workspace, ["kinds"], minutes=2)
    studying.study(session, workspace, ["kinds"], source=source, target=target)
    said = target.getvalue()
    assert said.startswith(f"{TYPED}\n[2 min left] All kinds\n")
    assert "[1 of" not in said
    assert "Time is up: 2 minutes.\n1 answered, 1 recalled.\n" in said


EXCHANGE = """\
deck: Exchange
id: exchange
cards:
  - {id: a, question: Capital of France?, answer: Paris}
  - {id: b, question: Capital of Italy?, answer: Rome}
"""
EXCHANGED = EXCHANGE.replace("id: a", "id: x").replace("id: b", "id: a").replace("id: x", "id: b")


@pytest.fixture
def talk_meanwhile(
    workspace: Workspace, decks_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Talk:
    """Study a deck; what begins with `file:` is not given, but written to its file."""
    path = decks_folder / "exchange.yaml"
    path.write_text(EXCHANGE, "utf-8")
    workspace.refresh()

    def study(*lines: str) -> str:
        left, source, target = list(lines), io.StringIO(), io.StringIO()

        def readline(_: int) -> str:
            while left and left[0].startswith("file:"):
                text = left.pop(0).removeprefix("file:")
                if text:
                    path.write_text(text, "utf-8")
                else:
                    path.unlink()
            return f"{left.pop(0)}\n" if left else ""

        monkeypatch.setattr(source, "readline", readline)
        session = begin_study(workspace, ["exchange"], most=1)
        studying.study(session, workspace, ["exchange"], source=source, target=target)
        return target.getvalue()

    return study


def reviews(workspace: Workspace) -> list[tuple[str, int]]:
    """The verdicts and ratings in the log."""
    return workspace.progress.query("SELECT verdict, rating FROM review")


def test_a_card_changed_before_its_rating_is_shown_again_with_its_new_verdict(
    talk_meanwhile: Talk, workspace: Workspace
) -> None:
    said = talk_meanwhile("Paris", f"file:{EXCHANGED}", "", "", ":q")
    assert said.count("rating [3]> \nThe card was changed meanwhile: look again.\n") == 1
    after = said.partition("look again.\n")[2]
    assert after.startswith("[1 of 1] Exchange\nCapital of Italy?\nwrong: Rome\n")
    assert after.count("rating [1]> ") == 1
    assert reviews(workspace) == [("wrong", 1)]


GONE = {
    "removed": "",
    "broken": "deck: [",
    "emptied": "deck: Exchange\nid: exchange\ncards: []\n",
    "another id": EXCHANGE.replace("id: exchange", "id: another"),
    "with a mistake": EXCHANGE + "  - {",
}
"""Texts of a deck that is not there any more, or not to be read."""


@pytest.mark.parametrize("before", [[], ["Paris"]], ids=["before the answer", "before the rating"])
@pytest.mark.parametrize("way", GONE)
def test_a_session_whose_deck_disappears_ends_in_order(
    talk_meanwhile: Talk, workspace: Workspace, before: list[str], way: str
) -> None:
    said = talk_meanwhile(*before, f"file:{GONE[way]}", *["Paris"] * (not before), "", ":q")
    if way in ("broken", "with a mistake"):  # the cards that were read last are still asked
        assert "1 answered, 1 recalled." in said
        assert reviews(workspace) == [("correct", 3)]
    else:
        assert "1 card is in no deck any more.\n0 answered, 0 recalled.\n" in said
        assert reviews(workspace) == []


def test_the_image_of_a_card_whose_deck_has_a_mistake_is_said_not_to_be_found(
    talk_meanwhile: Talk,
) -> None:
    shown = EXCHANGE.replace("answer: Paris", "answer: Paris, image: map.png")
    said = talk_meanwhile(f"file:{shown}", "x", f"file:{shown}  - {{", ":i", ":q")
    assert "map.png is not found while its deck cannot be read; mend the deck's file\n" in said


def test_a_question_changed_before_the_answer_is_asked_again_in_its_new_words(
    talk_meanwhile: Talk, workspace: Workspace
) -> None:
    said = talk_meanwhile(f"file:{EXCHANGED}", "Paris", "Rome", "", ":q")
    after = said.partition("answer> \nThe card was changed meanwhile: look again.\n")[2]
    assert after.startswith("[1 of 1] Exchange\nCapital of Italy?\n")
    assert "answer> \ncorrect\n" in after
    assert reviews(workspace) == [("correct", 3)]


@pytest.mark.parametrize("line", [":?", "nonsense", ":f", ":i"])
def test_a_verdict_that_changes_between_two_lines_is_told_before_the_next(
    talk_meanwhile: Talk, workspace: Workspace, line: str
) -> None:
    other = EXCHANGE.replace("Paris", "Lutetia")
    said = talk_meanwhile("Paris", f"file:{other}", line, ":q")
    assert said.index("correct\n") < said.index("wrong: Lutetia\n") < said.index("rating [1]> ")
    assert reviews(workspace) == []


def test_markup_is_not_printed(talk: Talk) -> None:
    said = talk("", ":q", tag="basic") + talk("", ":q", tag="river")
    assert "What is Astana known for?" in said
    assert "Which river did the Greeks call Oxus?" in said


def test_an_answer_of_a_megabyte_is_just_wrong(talk: Talk) -> None:
    assert "answer> \nwrong: Tashkent\n" in talk("x" * 1_000_000, ":q", tag="typed")


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A disk on which there is no room for as many answers as the list has entries."""
    tries = [""] * 2
    record = StudyLogJournal.record

    def full(journal: StudyLogJournal, answer: Answer) -> bool:
        if tries:
            tries.pop()
            raise ProgressError("the disk is full", "free some space")
        return record(journal, answer)

    monkeypatch.setattr(StudyLogJournal, "record", full)
    return tries


def test_a_failed_write_is_reported_and_the_card_can_be_rated_again(
    talk: Talk, workspace: Workspace, full: list[str]
) -> None:
    said = talk("", "4", "", "3", "Tashkent", "4")
    assert said.count("error: the disk is full\nfree some space\nrating [3]> ") == 2
    assert "2 answered, 2 recalled." in said
    assert workspace.agenda.today(["kinds"]).counts()["kinds"].new == 8


def test_a_session_whose_last_answer_cannot_be_written_ends_with_the_error(
    talk: Talk, workspace: Workspace, full: list[str]
) -> None:
    full.pop()
    with pytest.raises(ProgressError, match="the disk is full"):
        talk("", "4", "more")
    assert workspace.agenda.today(["kinds"]).counts()["kinds"].new == 10


def test_a_progress_file_overwritten_during_study_is_reported_and_loses_no_answer(
    talk: Talk, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, record = workspace.progress.path, StudyLogJournal.record
    older = path.read_bytes()
    given = iter(range(9))

    def overwritten(journal: StudyLogJournal, answer: Answer) -> bool:
        if next(given) == 2:
            path.write_bytes(older)
        return record(journal, answer)

    monkeypatch.setattr(StudyLogJournal, "record", overwritten)
    with pytest.raises(ProgressError, match="was moved or replaced") as caught:
        talk("", "4", "Tashkent", "4", "", "4", "")
    assert "start sco-quiz again" in caught.value.help
    with Workspace() as again:
        assert len(again.progress.query("SELECT * FROM review")) == 2


OVERWRITTEN: dict[str, Callable[[bytes], bytes]] = {
    "emptied": lambda _: b"",
    "overwritten by other bytes": lambda data: b"conflict" * (len(data) // 8),
    "cut in half": lambda data: data[: len(data) // 2],
    "without its first page": lambda data: bytes(4096) + data[4096:],
}


@pytest.mark.parametrize("way", OVERWRITTEN)
def test_answers_shown_as_saved_are_kept_when_the_progress_file_is_spoilt_during_study(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    path, left, target = workspace.progress.path, ["", "4", "Tashkent", "4"], io.StringIO()

    def readline(_: int) -> str:
        if not left:
            path.write_bytes(OVERWRITTEN[way](path.read_bytes()))
            left.extend(["", "4", "", "4"])
            monkeypatch.setattr(source, "readline", lambda _: f"{left.pop(0)}\n" if left else "")
        return f"{left.pop(0)}\n"

    source = io.StringIO()
    monkeypatch.setattr(source, "readline", readline)
    session = begin_study(workspace, ["kinds"])
    with pytest.raises(ProgressError, match="moved or replaced"):
        studying.study(session, workspace, ["kinds"], source=source, target=target)
    assert target.getvalue().count("was overwritten or removed while in use") == 1
    workspace.close()
    with Workspace() as again:
        assert len(again.progress.query("SELECT * FROM review")) == 2


@pytest.mark.parametrize(("typed", "times"), [("", 1), (":q\n", 1), ("\n", 2), ("\n\n:q\n\n", 3)])
def test_a_session_that_cannot_go_on_says_so_once_for_each_line_and_ends(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, typed: str, times: int
) -> None:
    def broken(*_: object) -> None:
        raise ProgressError("the disk reports an error", "see that it is connected")

    session, target = begin_study(workspace, ["kinds"]), io.StringIO()
    monkeypatch.setattr(StudyLogJournal, "look", broken)
    with pytest.raises(ProgressError, match="the disk reports an error"):
        studying.study(session, workspace, source=io.StringIO(typed), target=target)
    assert target.getvalue().count("error: the disk reports an error") == times


def test_every_shipped_card_can_be_asked_revealed_and_rated(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StudyLogJournal, "record", lambda *_: True)
    session = begin_study(workspace, most_new=10_000)
    count = session.total
    target = io.StringIO()
    studying.study(session, workspace, source=io.StringIO("\n4\n" * count), target=target)
    assert count > 120
    assert f"{count} answered, {count} recalled." in target.getvalue()


NUMBERS = """\
deck: Numbers
id: numbers
cards:
  - {question: How many chambers?, answer: 4, choices: [1, 2, 3], tags: [one]}
  - {question: Which are even?, answers: [2, "1,000"], choices: [3, 5], tags: [several]}
  - {question: Put them in order., order: [1, 2, 3, 4], tags: [order]}
  - {question: "Name them.", list: ["Washington, D.C.", Paris, Rome], tags: [list]}
  - {question: "Which are capitals?", answers: ["Washington, D.C.", Paris], choices: [Basel],
     tags: [multi]}
"""


@pytest.mark.parametrize(
    ("tag", "line", "said"),
    [
        ("one", "4", "correct"),
        ("one", "1", "wrong: 4"),
        ("several", "2; 1,000", "correct"),
        ("several", "1000 2", "correct"),
        ("several", "2, 1,000", "correct"),
        ("order", "1 2 3 4", "correct"),
        ("order", "1, 2, 4, 3", "wrong: 1, 2, 3, 4"),
        ("list", "Washington, D.C., Paris, Rome", "correct"),
        ("list", "rome, washington, dc, paris", "correct"),
        ("list", "D.C., Paris, Rome", "wrong: Washington, D.C.; Paris; Rome"),
        ("multi", "Paris, Washington, D.C.", "correct"),
    ],
)
def test_numbers_as_choices_and_items_with_commas_are_read_as_typed(
    workspace: Workspace, decks_folder: Path, talk: Talk, tag: str, line: str, said: str
) -> None:
    (decks_folder / "numbers.yaml").write_text(NUMBERS, encoding="utf-8")
    workspace.refresh()
    assert said in talk(line, tag=tag, deck="numbers").splitlines()


def test_choices_that_are_numbers_are_listed_without_numbering(
    workspace: Workspace, decks_folder: Path, talk: Talk
) -> None:
    (decks_folder / "numbers.yaml").write_text(NUMBERS, encoding="utf-8")
    workspace.refresh()
    said = talk("7", tag="one", deck="numbers")
    assert "  - 4" in said.splitlines()
    assert "Answer with one of these: " in said


def test_a_beginner_reads_five_times_how_to_continue(talk: Talk) -> None:
    said = talk(*["", "4"] * 7)
    assert said.count(":?") == 1
    assert said.count("(An empty line goes on; 1 to 4 say how well you knew it") == 5


def test_cards_to_repeat_are_counted_once_all_were_asked(talk: Talk) -> None:
    said = talk("", "1", "", "1", ":q", tag="typed")
    assert "[1 of 1] All kinds" in said
    assert "[1 of 1, 1 to repeat] All kinds" in said
