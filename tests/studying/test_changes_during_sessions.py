"""Sessions that are open follow what changes meanwhile: deck files, the log, other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sco_quiz.authoring.notes import Authoring
from sco_quiz.errors import DeckError
from sco_quiz.insight.activity import Activity
from sco_quiz.learning.card_queue import Pick
from sco_quiz.learning.cards import Rating, State
from sco_quiz.learning.quiz import QuizPhase
from sco_quiz.learning.study_day import DAY_MS
from sco_quiz.studying.quizzes import begin_quiz
from sco_quiz.studying.sessions import begin_study
from sco_quiz.studying.undo import undo
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sco_quiz.learning.session import StudySession
    from sco_quiz.progress import log
    from tests.conftest import FakeClock

CAPITALS = {
    "Capital of Tajikistan?": "Dushanbe",
    "Capital of Kyrgyzstan?": "Bishkek",
    "Capital of Georgia?": "Tbilisi",
}


def deck(**cards: str) -> str:
    return "deck: Geo\nid: geo\ncards:\n" + "".join(
        f'  - {{question: "{prompt}", answer: {answer}}}\n' for prompt, answer in cards.items()
    )


@pytest.fixture
def file(decks_folder: Path) -> Path:
    path = decks_folder / "geo.yaml"
    path.write_text(deck(**CAPITALS), "utf-8")
    return path


@pytest.fixture
def workspace(file: Path, clock: FakeClock) -> Iterator[Workspace]:
    assert file.exists()
    with Workspace(clock=clock) as opened:
        opened.refresh()
        yield opened


@pytest.fixture
def elsewhere(workspace: Workspace) -> Iterator[Workspace]:
    """The same home in another program."""
    with workspace.elsewhere() as other:
        yield other


def begin(workspace: Workspace, pick: Pick = Pick.DUE) -> StudySession:
    return begin_study(workspace, ["geo"], pick=pick)


def asked(session: StudySession) -> str:
    return session.question.card.prompt if session.question else ""


def give(session: StudySession, rating: Rating = Rating.EASY) -> None:
    assert session.question is not None
    assert session.answer(session.question.card.answers[0]) is not None
    assert session.rate(rating)


def reword(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def orphans(workspace: Workspace) -> list[str]:
    return [face.prompt for face in workspace.relinker.orphans()]


def learn_all(workspace: Workspace, clock: FakeClock) -> None:
    session = begin(workspace)
    while session.question is not None:
        give(session)
    clock.at += 60 * DAY_MS


@pytest.mark.parametrize("judged", [False, True], ids=["before the answer", "before the rating"])
def test_an_answer_given_while_the_card_is_reworded_counts_for_the_reworded_card(
    workspace: Workspace, elsewhere: Workspace, file: Path, clock: FakeClock, judged: bool
) -> None:
    learn_all(workspace, clock)
    session = begin(workspace)
    prompt = asked(session)
    if judged:
        session.answer("x")
    reword(file, prompt, f"Tell: {prompt}")
    assert elsewhere.refresh().kept == 1
    if judged:
        assert not session.rate(Rating.EASY)  # it was not on the screen in these words
        assert session.rate(Rating.EASY)
    else:
        assert session.answer("x") is None
        give(session)
    assert orphans(workspace) == []
    (row,) = workspace.progress.query(
        "SELECT s.reps FROM card_state s JOIN face f USING (key) WHERE f.prompt = ?",
        (f"Tell: {prompt}",),
    )
    assert row == (2,)


def test_the_question_shows_its_new_text_and_is_judged_by_it(
    workspace: Workspace, file: Path
) -> None:
    session = begin(workspace)
    prompt, answer = asked(session), CAPITALS[asked(session)]
    judgement = session.answer("Samarkand")
    assert judgement is not None
    assert judgement.verdict == "wrong"
    reword(file, f"answer: {answer}", "answer: Samarkand")
    workspace.refresh()
    assert session.follow()
    assert asked(session) == prompt
    assert session.judgement is not None
    assert session.judgement.verdict == "correct"


CHANGES = {
    "another answer": (
        "question: Capital of France?, answer: Paris",
        "question: Capital of France?, answer: Lutetia",
    ),
    "other words": (
        "question: Capital of France?, answer: Paris",
        "question: Which city is the capital of France?, answer: Paris",
    ),
    "exchanged ids": (
        "question: Capital of France?, answer: Paris",
        "question: Capital of Italy?, answer: Rome",
    ),
    "another back": ("front: France, back: Paris", "front: France, back: Lyon"),
    "another front": ("front: France, back: Paris", "front: Germany, back: Paris"),
    "other choices": (
        "question: Capital of France?, answer: Paris, choices: [Lyon, Nice]",
        "question: Capital of France?, answer: Paris, choices: [Lyon, Metz]",
    ),
    "another kind": (
        "question: Capital of France?, answer: Paris",
        "question: Capital of France?, answer: Paris, choices: [Lyon, Nice]",
    ),
    "another gap": (
        "text: '{{c1::Paris}} is in France.'",
        "text: 'Paris is in {{c1::France}}.'",
    ),
    "another truth": (
        "statement: Paris is in France., answer: true",
        "statement: Paris is in France., answer: false",
    ),
    "one item more": ("question: Name them, list: [a, b]", "question: Name them, list: [a, b, c]"),
    "another order": ("question: Sort, order: [a, b, c]", "question: Sort, order: [a, c, b]"),
    "another image": (
        "question: Where?, answer: Paris, image: one.png",
        "question: Where?, answer: Paris, image: two.png",
    ),
}
"""Notes, each before and after a change of what their cards ask or take for right."""


def note_with_id(note: str) -> str:
    return f"deck: Geo\nid: geo\ncards:\n  - {{id: a, {note}}}\n"


ASKS_THE_SAME = ("another answer", "another back", "another truth")
"""The changes that nobody sees before the answer is given."""
ASKS_ELSE = [change for change in CHANGES if change not in ASKS_THE_SAME]


@pytest.mark.parametrize("change", ASKS_ELSE)
def test_an_answer_counts_only_for_the_question_on_the_screen(
    workspace: Workspace, elsewhere: Workspace, file: Path, change: str
) -> None:
    before, after = CHANGES[change]
    file.write_text(note_with_id(before), "utf-8")
    workspace.refresh()
    session = begin(workspace)
    assert session.question is not None
    file.write_text(note_with_id(after), "utf-8")
    elsewhere.refresh()
    assert session.answer(session.question.card.answers[0]) is None
    assert session.take_notice() == "The card was changed meanwhile: look again."
    assert session.judgement is None
    give(session)


@pytest.mark.parametrize("step", ["suspend", "bury", "flag"])
def test_a_card_that_asks_something_else_by_now_is_neither_set_aside_nor_flagged(
    workspace: Workspace, elsewhere: Workspace, file: Path, step: str
) -> None:
    before, after = CHANGES["exchanged ids"]
    file.write_text(note_with_id(before), "utf-8")
    workspace.refresh()
    session = begin(workspace)
    file.write_text(note_with_id(after), "utf-8")
    elsewhere.refresh()
    assert not getattr(session, step)()
    assert session.take_notice() == "The card was changed meanwhile: look again."
    assert asked(session) == "Capital of Italy?"
    assert workspace.progress.query("SELECT * FROM card_state") == []
    assert getattr(session, step)()


def test_an_answer_is_not_accepted_for_a_card_that_asks_something_else_by_now(
    workspace: Workspace, file: Path
) -> None:
    before, after = CHANGES["exchanged ids"]
    file.write_text(note_with_id(before), "utf-8")
    workspace.refresh()
    session = begin(workspace)
    session.answer("Lutetia")
    assert session.question is not None
    file.write_text(note_with_id(after), "utf-8")
    with pytest.raises(DeckError, match="asks something else by now"):
        Authoring(workspace).accept(session.question.original, session.acceptable)
    assert file.read_text("utf-8") == note_with_id(after)


@pytest.mark.parametrize("change", ASKS_ELSE)
def test_an_answer_in_a_quiz_counts_only_for_the_question_on_the_screen(
    workspace: Workspace, elsewhere: Workspace, file: Path, change: str
) -> None:
    before, after = CHANGES[change]
    file.write_text(note_with_id(before), "utf-8")
    workspace.refresh()
    quiz = begin_quiz(workspace, ["geo"], seed=1)
    assert quiz.question is not None
    file.write_text(note_with_id(after), "utf-8")
    elsewhere.refresh()
    assert quiz.answer(quiz.question.card.answers[0]) is None
    assert quiz.take_notice() == "The card was changed meanwhile: look again."
    assert quiz.phase is QuizPhase.ASKED
    assert workspace.progress.query("SELECT * FROM answer") == []
    assert quiz.answer(quiz.question.card.answers[0]) is not None


def test_that_an_answer_in_a_quiz_was_known_counts_only_for_the_one_on_the_screen(
    workspace: Workspace, elsewhere: Workspace, file: Path
) -> None:
    back = "a city which is by far too long a text to be typed by anybody"
    file.write_text(note_with_id(f"front: Paris?, back: {back}"), "utf-8")
    workspace.refresh()
    quiz = begin_quiz(workspace, ["geo"], seed=1)
    quiz.answer()
    file.write_text(note_with_id(f"front: Paris?, back: not {back}"), "utf-8")
    elsewhere.refresh()
    assert not quiz.report(knew=True)
    assert quiz.take_notice() == "The card was changed meanwhile: look again."
    assert quiz.phase is QuizPhase.ASKED
    quiz.answer()
    assert quiz.report(knew=True)
    assert quiz.score.correct == 1


def test_that_an_answer_in_a_quiz_was_right_counts_only_for_the_question_it_was_given_to(
    workspace: Workspace, elsewhere: Workspace, file: Path
) -> None:
    before, after = CHANGES["exchanged ids"]
    file.write_text(note_with_id(before), "utf-8")
    workspace.refresh()
    quiz = begin_quiz(workspace, ["geo"], seed=1)
    quiz.answer("Lutetia")
    file.write_text(note_with_id(after), "utf-8")
    elsewhere.refresh()
    assert quiz.was_right() == "The card asks something else by now."
    assert quiz.score.correct == 0
    assert file.read_text("utf-8") == note_with_id(after)


@pytest.mark.parametrize("change", CHANGES)
def test_a_rating_counts_only_for_the_question_and_the_verdict_on_the_screen(
    workspace: Workspace, elsewhere: Workspace, file: Path, change: str
) -> None:
    before, after = CHANGES[change]
    file.write_text(note_with_id(before), "utf-8")
    workspace.refresh()
    session = begin(workspace)
    assert session.question is not None
    session.answer(session.question.card.answers[0])
    file.write_text(note_with_id(after), "utf-8")
    elsewhere.refresh()
    assert not session.rate(Rating.EASY)
    assert session.take_notice() == "The card was changed meanwhile: look again."
    assert session.judgement is not None
    shown = session.judgement
    assert workspace.progress.query("SELECT count(*) FROM review") == [(0,)]
    assert session.rate()
    ((event, rating),) = workspace.progress.query("SELECT verdict, rating FROM review")
    assert (event, rating) == (shown.verdict, shown.proposal)


def test_a_rating_counts_at_once_if_only_what_is_beside_the_answer_was_changed(
    workspace: Workspace, elsewhere: Workspace, file: Path
) -> None:
    note = "question: Capital of France?, answer: Paris"
    file.write_text(note_with_id(note), "utf-8")
    workspace.refresh()
    session = begin(workspace)
    session.answer("Paris")
    file.write_text(note_with_id(f"{note}, explain: Since 987., tags: [city]"), "utf-8")
    elsewhere.refresh()
    assert session.rate()
    assert session.take_notice() == ""


def test_a_later_card_is_asked_in_its_new_words(
    workspace: Workspace, file: Path, clock: FakeClock
) -> None:
    learn_all(workspace, clock)
    session = begin(workspace)
    waiting = next(prompt for prompt in CAPITALS if prompt != asked(session))
    reword(file, waiting, f"And the {waiting}")
    workspace.refresh()
    prompts = [asked(session)]
    give(session)
    while session.question is not None:
        prompts.append(asked(session))
        give(session)
    assert len(prompts) == 3
    assert f"And the {waiting}" in prompts
    assert orphans(workspace) == []
    assert session.take_notice() == ""


def test_a_removed_card_is_skipped_with_a_message(workspace: Workspace, file: Path) -> None:
    session = begin(workspace)
    rest = {prompt: answer for prompt, answer in CAPITALS.items() if prompt != asked(session)}
    file.write_text(deck(**rest), "utf-8")
    workspace.refresh()
    assert not session.follow()
    assert asked(session) in rest
    assert session.take_notice() == "1 card is in no deck any more."
    assert session.take_notice() == ""


@pytest.mark.parametrize(
    "mistake",
    ['  - {question: "half', "  - question: one\n    answer: [", "\tquestion: one\n"],
    ids=["a quote", "a bracket", "a tab"],
)
def test_a_deck_with_a_mistake_is_asked_as_last_read_until_it_is_mended(
    workspace: Workspace, file: Path, mistake: str
) -> None:
    session = begin(workspace)
    prompt, whole = asked(session), file.read_text("utf-8")
    file.write_text(whole + mistake, "utf-8")
    workspace.refresh()
    assert session.follow()
    assert session.question is not None
    assert asked(session) == prompt
    assert session.question.mistake.startswith("geo.yaml:")
    give(session)
    assert session.question is not None
    assert session.question.mistake
    file.write_text(whole, "utf-8")
    workspace.refresh()
    assert session.follow()
    assert session.question.mistake == ""
    give(session)
    give(session)
    assert session.question is None
    assert session.take_notice() == ""
    assert session.tally.answers == 3
    assert orphans(workspace) == []


def test_cards_of_a_deck_with_a_mistake_do_not_count_as_removed(
    workspace: Workspace, file: Path, decks_folder: Path, clock: FakeClock
) -> None:
    learn_all(workspace, clock)
    whole = file.read_text("utf-8")
    file.write_text(whole + "  - [", "utf-8")
    (decks_folder / "copy.yaml").write_text(whole.replace("id: geo", "id: copy"), "utf-8")
    assert workspace.refresh().kept == 0
    file.write_text(whole, "utf-8")
    workspace.refresh()
    reps = workspace.progress.query("SELECT reps FROM card_state")
    assert reps == [(1,)] * 3


def test_a_card_answered_elsewhere_is_neither_asked_again_nor_rated_from_the_old_state(
    workspace: Workspace, elsewhere: Workspace
) -> None:
    session, other = begin(workspace), begin(elsewhere)
    while other.question is not None:
        give(other)
    session.answer("x")
    assert session.question is None
    assert session.take_notice() == "3 cards were answered or set aside elsewhere."
    assert session.tally.answers == 0
    assert workspace.progress.query("SELECT reps FROM card_state") == [(1,)] * 3


def test_a_card_suspended_elsewhere_is_skipped(workspace: Workspace, elsewhere: Workspace) -> None:
    session = begin(workspace)
    begin(elsewhere).suspend()
    assert not session.follow()
    assert session.take_notice() == "1 card was answered or set aside elsewhere."


def test_an_answer_given_elsewhere_changes_the_promises_of_the_ratings(
    workspace: Workspace, elsewhere: Workspace, clock: FakeClock
) -> None:
    session, other = begin(workspace), begin(elsewhere)
    session.answer("x")
    give(other, Rating.AGAIN)  # it is to be asked again in a minute
    clock.at += 120_000
    before = dict(session.choices)
    assert not session.rate(Rating.GOOD)
    assert session.judgement is not None
    assert dict(session.choices) != before
    assert session.rate(Rating.GOOD)
    key = workspace.progress.query("SELECT key FROM card_state")[0][0]
    state = workspace.progress.state(key)
    assert (state.reps, state.state) == (2, State.LEARNING)


def test_an_answer_written_by_another_program_just_before_ours_is_noticed(
    workspace: Workspace, elsewhere: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, other = begin(workspace), begin(elsewhere)
    session.answer("x")
    append = type(workspace.progress).append

    def overtaken(progress: object, *drafts: log.EventDraft, version: int | None = None) -> object:
        monkeypatch.setattr(type(workspace.progress), "append", append)
        give(other)
        return append(workspace.progress, *drafts, version=version)

    monkeypatch.setattr(type(workspace.progress), "append", overtaken)
    assert not session.rate(Rating.EASY)
    assert workspace.progress.query("SELECT reps FROM card_state") == [(1,)]
    assert session.take_notice() == "1 card was answered or set aside elsewhere."


def test_two_sessions_ahead_of_time_ask_a_card_only_once(
    workspace: Workspace, elsewhere: Workspace, clock: FakeClock
) -> None:
    learn_all(workspace, clock)
    while (session := begin(workspace)).question is not None:
        give(session)
    clock.at += DAY_MS
    session, other = begin(workspace, Pick.AHEAD), begin(elsewhere, Pick.AHEAD)
    assert session.total == 3
    give(other)
    assert not session.follow()
    give(session)
    give(session)
    assert session.question is None
    assert Activity(workspace).daily().answers == 3


def test_a_quiz_asks_a_reworded_card_and_skips_a_removed_one(
    workspace: Workspace, elsewhere: Workspace, file: Path, clock: FakeClock
) -> None:
    learn_all(workspace, clock)
    quiz = begin_quiz(workspace, ["geo"], seed=1)
    assert quiz.question is not None
    prompt = quiz.question.original.prompt
    gone = next(each for each in CAPITALS if each != prompt)
    rest = {f"Tell: {each}" if each == prompt else each: answer
            for each, answer in CAPITALS.items() if each != gone}  # fmt: skip
    file.write_text(deck(**rest), "utf-8")
    elsewhere.refresh()
    assert quiz.follow()
    assert quiz.question.original.prompt == f"Tell: {prompt}"
    while quiz.phase is not QuizPhase.OVER:
        quiz.answer("x")
        if quiz.phase is QuizPhase.TOLD:
            quiz.go_on()
    assert quiz.finished
    assert quiz.score.of == 2
    assert quiz.take_notice() == "1 card is in no deck any more."
    cards = {key for (key,) in workspace.progress.query("SELECT card FROM answer")}
    in_use = {key for (key,) in workspace.progress.query("SELECT key FROM library.card")}
    assert cards <= in_use


def test_a_question_whose_card_was_removed_does_not_count_in_a_quiz(
    workspace: Workspace, file: Path
) -> None:
    quiz = begin_quiz(workspace, ["geo"], seed=1)
    assert quiz.question is not None
    prompt = quiz.question.original.prompt
    rest = {each: answer for each, answer in CAPITALS.items() if each != prompt}
    file.write_text(deck(**rest), "utf-8")
    workspace.refresh()
    assert quiz.answer("x") is None
    assert quiz.question.original.prompt in rest
    assert quiz.total == 2


def test_a_step_that_two_programs_take_back_at_once_is_taken_back_once(
    workspace: Workspace, elsewhere: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = begin_study(workspace)
    for _ in range(3):
        session.answer()
        session.rate(Rating.EASY)
    find = elsewhere.progress.last_undoable
    found = [find(), None]  # then the other program is faster

    assert undo(workspace) is not None
    monkeypatch.setattr(elsewhere.progress, "last_undoable", lambda: found.pop(0) or find())
    assert undo(elsewhere) is not None
    assert workspace.progress.query("SELECT count(*) FROM review") == [(1,)]
