"""The whole path: deck files, what is due, answers in the log, the queue of another day."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from sco_quiz import own_process
from sco_quiz.errors import UsageError
from sco_quiz.insight.activity import Activity
from sco_quiz.insight.browsing import Browser
from sco_quiz.learning.card_queue import Counts, Pick
from sco_quiz.learning.cards import CardState, Rating, State
from sco_quiz.learning.memory import Memory, MemoryModel
from sco_quiz.learning.study_day import DAY_MS, MINUTE_MS
from sco_quiz.library import filling
from sco_quiz.progress import backup, backup_reach
from sco_quiz.studying.sessions import begin_study
from sco_quiz.workspace import safekeeping
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sco_quiz.learning.session import StudySession
    from sco_quiz.library.index import Index
    from tests.conftest import FakeClock


DECK = """\
deck: Capitals
id: capitals
cards:
  - {question: "Capital of Kazakhstan?", answer: Astana, category: city, tags: [big]}
  - {question: "Capital of Kyrgyzstan?", answer: Bishkek, category: city}
  - {question: "Capital of Tajikistan?", answer: Dushanbe, category: city}
  - {front: Uzbekistan, back: Tashkent, reverse: true}
"""


@pytest.fixture
def workspace(home: Path, clock: FakeClock) -> Iterator[Workspace]:
    write(home, "capitals.yaml", DECK)
    with Workspace(clock=clock) as opened:
        opened.refresh()
        yield opened


def write(home: Path, name: str, text: str) -> Path:
    path = home / "data" / "decks" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def configure(home: Path, text: str) -> None:
    (home / "config").mkdir(exist_ok=True)
    (home / "config" / "config.toml").write_text(text, encoding="utf-8")


def counts(workspace: Workspace, deck: str = "capitals") -> Counts:
    return next(each.counts for each in workspace.agenda.decks() if each.id == deck)


def answer(session: StudySession, rating: Rating, text: str = "") -> CardState:
    session.answer(text)
    promised = session.choices[rating]
    session.rate(rating)
    return promised


def finish(session: StudySession, clock: FakeClock, rating: Rating = Rating.GOOD) -> int:
    answered = 0
    while session.question is not None:
        answer(session, rating)
        clock.at += 5_000
        answered += 1
    session.end()
    return answered


def test_the_shipped_decks_are_there_before_the_learners_own(workspace: Workspace) -> None:
    decks = workspace.agenda.decks()
    assert [deck.id for deck in decks] == [
        "sco-essentials", "sco-today", "sco-organs", "sco-security", "sco-timeline", "sco-pakistan",
        "sco-economy-culture", "sco-beyond", "capitals",
    ]  # fmt: skip
    assert [deck.shipped for deck in decks] == [True] * 8 + [False]
    assert sum(deck.notes for deck in decks if deck.shipped) >= 120


def test_a_new_deck_waits_with_its_notes_one_card_of_each(workspace: Workspace) -> None:
    assert counts(workspace) == Counts(new=4, learning=0, review=0)


def test_over_ten_days_each_card_comes_back_on_the_day_its_button_promised(
    workspace: Workspace, clock: FakeClock
) -> None:
    promised: dict[str, int] = {}
    asked_again = 0
    for _ in range(10):
        today = clock().day
        session = begin_study(workspace, ["capitals"])
        seen: set[str] = set()
        while session.question is not None:
            key = session.question.card.key
            if session.question.before.state is State.REVIEW and key not in seen:
                assert promised.pop(key) == today
                asked_again += 1
            seen.add(key)
            after = answer(session, Rating.GOOD)
            if after.state is State.REVIEW:
                promised[key] = after.due_day
            clock.at += 5_000
        assert all(day > today for day in promised.values())
        session.end()
        clock.at += DAY_MS
    assert asked_again >= 5


def test_tomorrow_siblings_of_the_finished_cards_are_asked(
    workspace: Workspace, clock: FakeClock
) -> None:
    finish(begin_study(workspace, ["capitals"]), clock)
    assert counts(workspace) == Counts()
    clock.at += DAY_MS
    assert counts(workspace) == Counts(new=1)  # the other side of Uzbekistan


def test_an_unfinished_session_goes_on_after_a_restart(
    home: Path, workspace: Workspace, clock: FakeClock
) -> None:
    session = begin_study(workspace, ["capitals"])
    first = session.question.card.key if session.question else ""
    answer(session, Rating.EASY)
    answer(session, Rating.AGAIN)
    workspace.close()
    with Workspace(clock=clock) as again:
        again.refresh()
        assert counts(again) == Counts(new=2, learning=1)
        left = begin_study(again, ["capitals"])
        keys = set()
        while left.question is not None:
            keys.add(left.question.card.key)
            answer(left, Rating.EASY)
        assert len(keys) == 3
        assert first not in keys


def test_the_promised_state_of_a_rating_is_the_state_in_the_log(
    workspace: Workspace, clock: FakeClock
) -> None:
    session = begin_study(workspace, ["capitals"])
    for rating in (*Rating, *Rating):
        if session.question is None:
            break
        key = session.question.card.key
        promised = answer(session, rating)
        assert workspace.progress.state(key) == promised
        clock.at += 11 * MINUTE_MS


def test_the_daily_limit_of_new_cards_is_not_refilled_by_a_second_session(
    home: Path, clock: FakeClock
) -> None:
    configure(home, "new_per_day = 2\n")
    write(home, "capitals.yaml", DECK)
    with Workspace(clock=clock) as workspace:
        workspace.refresh()
        assert counts(workspace).new == 2
        assert finish(begin_study(workspace, ["capitals"]), clock, Rating.EASY) == 2
        assert counts(workspace).new == 0
        clock.at += DAY_MS
        assert counts(workspace).new == 2


def test_a_deck_may_set_its_own_limits_and_retention(home: Path, clock: FakeClock) -> None:
    write(home, "a.yaml", DECK.replace("cards:", "new_per_day: 1\nretention: 0.95\ncards:"))
    write(home, "b.yaml", DECK.replace("id: capitals", "id: others"))
    with Workspace(clock=clock) as workspace:
        workspace.refresh()
        assert counts(workspace).new == 1
        assert counts(workspace, "others").new == 4
        strict, usual = (begin_study(workspace, [deck]) for deck in ("capitals", "others"))
        assert answer(strict, Rating.EASY).due_day < answer(usual, Rating.EASY).due_day


def test_a_setting_chosen_for_a_deck_wins_over_its_header_and_the_setting_for_all(
    home: Path, workspace: Workspace
) -> None:
    def easy() -> int:
        session = begin_study(workspace, ["capitals"])
        session.answer()
        return session.choices[Rating.EASY].due_day

    settings = home / "config" / "config.toml"
    settings.parent.mkdir()
    usual = easy()
    write(home, "capitals.yaml", f"retention: 0.8\nnew_per_day: 3\n{DECK}")
    workspace.refresh()
    header = easy()
    settings.write_text("[deck.capitals]\nretention = 0.97\nnew_per_day = 1\n")
    workspace.reread_settings()
    assert easy() < usual < header
    assert len(workspace.agenda.today(["capitals"]).new) == 1
    assert workspace.agenda.desired_retention(["capitals"]) == 0.97
    (header_of,) = (each for each in workspace.catalogue.headers() if each.deck == "capitals")
    assert header_of.says == {"retention": 0.8, "new_per_day": 3}


def test_only_notes_with_the_tag_are_asked(workspace: Workspace) -> None:
    assert len(workspace.agenda.today(tag="big").new) == 1
    assert not any(workspace.agenda.today(tag="bi"))


def test_reviews_ahead_of_time_come_soonest_first_and_never_twice_a_day(
    workspace: Workspace, clock: FakeClock
) -> None:
    finish(begin_study(workspace, ["capitals"]), clock)
    assert not workspace.agenda.today(["capitals"], pick=Pick.AHEAD).reviews
    clock.at += DAY_MS
    ahead = workspace.agenda.today(["capitals"], pick=Pick.AHEAD).reviews
    days = [workspace.progress.state(card.key).due_day for card in ahead]
    assert days == sorted(days)
    assert len(days) == 4
    finish(begin_study(workspace, ["capitals"], pick=Pick.AHEAD), clock)
    assert not workspace.agenda.today(["capitals"], pick=Pick.AHEAD).reviews


def test_study_by_time_asks_cards_at_risk_first_and_new_cards_last(
    workspace: Workspace, clock: FakeClock
) -> None:
    finish(begin_study(workspace, ["capitals"], most_new=3), clock)
    clock.at += 90 * DAY_MS
    today = workspace.agenda.today(["capitals"], pick=Pick.AT_RISK)
    states = [workspace.progress.state(card.key) for card in today.reviews]
    risks = [(clock().day - state.last_day) / state.stability for state in states]
    assert len(risks) == 3
    assert risks == sorted(risks, reverse=True)
    session = begin_study(workspace, ["capitals"], minutes=10)
    order = []
    while session.question is not None:
        order.append(session.question.before.state)
        session.answer()
        session.rate(Rating.EASY)
    assert order == [State.REVIEW] * 3 + [State.NEW] * (len(order) - 3)
    assert State.NEW in order


def test_the_minutes_of_the_last_study_by_time_are_remembered(
    workspace: Workspace, clock: FakeClock
) -> None:
    assert Activity(workspace).minutes_before() is None
    for minutes in (5, 7.5, None):
        clock.at += MINUTE_MS
        answer(begin_study(workspace, ["capitals"], minutes=minutes), Rating.AGAIN)
    assert Activity(workspace).minutes_before() == 7.5


def test_the_hardest_cards_come_first_due_or_not_and_never_twice_a_day(
    workspace: Workspace, clock: FakeClock
) -> None:
    session = begin_study(workspace, ["capitals"], most_new=9)
    ratings = iter((Rating.EASY, Rating.GOOD, Rating.AGAIN, Rating.HARD))
    while session.question is not None:
        answer(session, next(ratings, Rating.EASY))
    assert workspace.agenda.offers(["capitals"]).hardest == 0
    clock.at += DAY_MS
    cards = workspace.agenda.today(["capitals"], pick=Pick.HARDEST).reviews
    difficulties = [workspace.progress.state(card.key).difficulty for card in cards]
    assert difficulties == sorted(difficulties, reverse=True)
    assert len(difficulties) == workspace.agenda.offers(["capitals"]).hardest == 4
    two = begin_study(workspace, ["capitals"], pick=Pick.HARDEST, most=2)
    answer(two, Rating.EASY)
    answer(two, Rating.EASY)
    assert two.question is None
    assert workspace.agenda.today(["capitals"], pick=Pick.HARDEST).reviews == cards[2:]


def test_study_ahead_ignores_the_limits_of_the_day(home: Path, clock: FakeClock) -> None:
    write(home, "a.yaml", DECK.replace("cards:", "reviews_per_day: 1\ncards:"))
    with Workspace(clock=clock) as workspace:
        workspace.refresh()
        finish(begin_study(workspace, ["capitals"], most_new=9), clock)
        clock.at += 99 * DAY_MS
        answer(begin_study(workspace, ["capitals"], most_new=0), Rating.GOOD)
        assert not workspace.agenda.today(["capitals"], most_new=0).reviews
        assert len(workspace.agenda.today(["capitals"], pick=Pick.HARDEST).reviews) == 1


@pytest.mark.parametrize(("step", "words"), [("suspend", "the suspension"), ("bury", "the delay")])
def test_undoing_a_suspension_or_delay_does_not_ask_a_card_that_is_not_due(
    workspace: Workspace, clock: FakeClock, step: str, words: str
) -> None:
    session = begin_study(workspace, ["capitals"])
    question = session.question
    assert question is not None
    known = question.card.key
    answer(session, Rating.EASY)
    assert getattr(Browser(workspace), step)([known]) == 1
    clock.at += DAY_MS
    session = begin_study(workspace, ["capitals"])
    at_hand = session.question
    undone = session.undo()
    assert undone is not None
    assert (undone.card, undone.words) == (known, words)
    assert session.question == at_hand

    session = begin_study(workspace, ["capitals"], pick=Pick.AHEAD)
    assert session.question is not None
    assert session.question.card.key == known
    getattr(session, step)()
    undone = session.undo()
    assert undone is not None
    assert undone.words == ""
    assert session.question.card.key == known


def test_an_early_review_is_scheduled_for_the_days_that_really_passed(
    workspace: Workspace, clock: FakeClock
) -> None:
    finish(begin_study(workspace, ["capitals"], most_new=9), clock)
    clock.at += DAY_MS
    session = begin_study(workspace, ["capitals"], pick=Pick.AHEAD)
    assert session.question is not None
    key, before = session.question.card.key, session.question.before
    assert before.due_day > clock().day
    session.answer()
    memory = MemoryModel().next(Memory(before.stability, before.difficulty), 1, Rating.GOOD)
    session.rate(Rating.GOOD)
    after = workspace.progress.state(key)
    assert (after.stability, after.difficulty) == pytest.approx(memory)
    assert after.stability > before.stability
    assert after.due_day > before.due_day


def test_undo_takes_back_an_answer_of_an_earlier_run(
    home: Path, workspace: Workspace, clock: FakeClock
) -> None:
    session = begin_study(workspace, ["capitals"])
    key = session.question.card.key if session.question else ""
    answer(session, Rating.EASY)
    workspace.close()
    with Workspace(clock=clock) as again:
        again.refresh()
        session = begin_study(again, ["capitals"])
        assert session.undo()
        assert session.question is not None
        assert session.question.card.key == key
        assert again.progress.state(key) == CardState()


def test_an_answer_close_to_another_of_its_category_is_not_a_typing_error(
    home: Path, clock: FakeClock
) -> None:
    write(
        home,
        "rivers.yaml",
        "deck: Rivers\ncards:\n"
        "  - {question: Which river flows by Baku Lane?, answer: Tigrisa, category: river}\n"
        "  - {question: Which river flows by Mosul?, answer: Tigrise, category: river}\n",
    )
    with Workspace(clock=clock) as workspace:
        workspace.refresh()
        session = begin_study(workspace, ["rivers"])
        judgement = session.answer("Tigrise")
        assert judgement is not None
        assert judgement.verdict == "wrong"


def test_a_broken_deck_never_keeps_the_others_from_being_studied(
    home: Path, clock: FakeClock
) -> None:
    write(home, "capitals.yaml", DECK)
    broken = write(home, "broken.yaml", "deck: Broken\ncards:\n  - front: [\n")
    with Workspace(clock=clock) as workspace:
        workspace.refresh()
        assert counts(workspace).new == 4
        (problem,) = [each for each in workspace.catalogue.problems() if each.severity == "error"]
        assert problem.path == str(broken)
        assert problem.line >= 3
        with pytest.raises(UsageError, match=r"broken\.yaml:\d"):
            workspace.catalogue.find_decks([str(broken)])


def test_the_first_of_two_decks_with_one_id_is_used_and_the_other_named(
    home: Path, clock: FakeClock
) -> None:
    write(home, "a.yaml", DECK)
    second = write(home, "b.yaml", DECK.replace("Capitals", "Zapitals"))
    with Workspace(clock=clock) as workspace:
        workspace.refresh()
        assert workspace.catalogue.title("capitals") == "Capitals"
        assert [each.path for each in workspace.catalogue.problems()] == [str(second)]


def test_of_equal_decks_with_one_id_the_one_with_the_plain_file_name_is_used(
    home: Path, clock: FakeClock
) -> None:
    write(home, "capitals-2.yaml", DECK)
    original = write(home, "capitals.yaml", DECK)
    write(home, "capitals copy.yaml", DECK)
    with Workspace(clock=clock) as workspace:
        workspace.refresh()
        assert workspace.catalogue.owner_of("capitals") == original
        assert {each.code for each in workspace.catalogue.problems()} == {"E310"}


@pytest.mark.parametrize(
    "name",
    [
        "capitals (Ann's conflicted copy 2026-11-28).yaml",
        "capitals.sync-conflict-20261128-101010-ABCDEFG.yaml",
        "capitals (1).yaml",
    ],
)
def test_a_conflict_copy_is_set_aside_and_named_and_never_takes_the_place_of_its_original(
    home: Path, clock: FakeClock, name: str
) -> None:
    original = write(home, "capitals.yaml", DECK)
    copy = write(
        home, name, DECK.replace("Capitals", "A title that sorts before").replace("4", "5")
    )
    with Workspace(clock=clock) as workspace:
        workspace.refresh()
        assert workspace.catalogue.owner_of("capitals") == original
        (problem,) = workspace.catalogue.problems()
        assert problem[:5] == (str(copy), 1, 1, "warning", "W411")
        assert problem.message.endswith(str(original))
        assert problem.help
        with pytest.raises(UsageError, match="conflict copy"):
            workspace.catalogue.find_decks([str(copy)])
        original.write_text("deck: [", encoding="utf-8")
        workspace.refresh()
        assert workspace.catalogue.owner_of("capitals") is None
        original.unlink()
        workspace.refresh()
        assert workspace.catalogue.owner_of("capitals") == copy
        assert workspace.catalogue.problems() == []


@pytest.mark.skipif(sys.platform == "win32", reason="links of POSIX")
def test_a_deck_in_a_linked_folder_is_in_use_and_can_be_named_by_its_own_path(
    home: Path, tmp_path: Path, clock: FakeClock
) -> None:
    own = tmp_path / "cloud" / "capitals.YAML"
    own.parent.mkdir()
    own.write_text(DECK, encoding="utf-8")
    decks = home / "data" / "decks"
    decks.mkdir(parents=True)
    (decks / "cloud").symlink_to(own.parent)
    (decks / "gone").symlink_to(tmp_path / "unplugged")
    for extra in ((), (own,)):
        with Workspace(clock=clock, extra=extra) as workspace:
            workspace.refresh()
            assert workspace.catalogue.owner_of("capitals") == decks / "cloud/capitals.YAML"
            assert workspace.catalogue.find_decks([str(own)]) == ["capitals"]
            assert workspace.catalogue.problems() == []
            (warning,) = workspace.warnings
            assert "gone: cannot be searched (a link that leads nowhere)" in warning


def test_a_deck_is_found_by_id_by_the_beginning_of_one_and_by_path(
    home: Path, workspace: Workspace
) -> None:
    path = str(home / "data" / "decks" / "capitals.yaml")
    assert workspace.catalogue.find_decks(["sco-timeline", "cap", path]) == [
        "sco-timeline",
        "capitals",
    ]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("sco-timelime", "sco-timeline"),
        ("sco", "sco-essentials"),
        ("", "no deck"),
        ("x", "no deck"),
    ],
)
def test_an_unknown_or_ambiguous_deck_is_refused_with_suggestions(
    workspace: Workspace, name: str, says: str
) -> None:
    with pytest.raises(UsageError) as refused:
        workspace.catalogue.find_decks([name])
    assert says in f"{refused.value.message} {refused.value.help}"


def test_only_changed_files_are_read_again(home: Path, workspace: Workspace) -> None:
    assert not workspace.refresh().changed
    write(home, "capitals.yaml", DECK + "  - {question: Capital of Iran?, answer: Tehran}\n")
    assert workspace.refresh().changed
    assert counts(workspace).new == 5
    (home / "data" / "decks" / "capitals.yaml").unlink()
    workspace.refresh()
    assert "capitals" not in [deck.id for deck in workspace.agenda.decks()]


def test_a_damaged_or_unwritable_index_is_rebuilt_elsewhere(
    empty_home: Path, clock: FakeClock
) -> None:
    (empty_home / "cache").mkdir()
    (empty_home / "cache" / "index.db").write_bytes(b"not a database, at all" * 100)
    with Workspace(clock=clock) as workspace:
        workspace.refresh()
        assert len(workspace.agenda.decks()) == 8
    shutil.rmtree(empty_home / "cache")
    (empty_home / "cache").write_text("a file where a folder should be")
    with Workspace(clock=clock) as workspace:
        workspace.refresh()
        assert len(workspace.agenda.decks()) == 8


def test_settings_out_of_range_keep_their_default_and_are_named(
    home: Path, clock: FakeClock
) -> None:
    configure(home, 'new_per_day = -1\nretension = 0.8\nrollover = "x"\nretention = 0.8\n')
    with Workspace(clock=clock) as workspace:
        assert workspace.config.new_per_day == 10
        assert workspace.config.retention == 0.8
        told = "\n".join(workspace.warnings)
        assert "new_per_day" in told
        assert "did you mean 'retention'" in told
        assert "rollover" in told


def test_the_time_of_the_next_card_is_given_in_words(
    workspace: Workspace, clock: FakeClock
) -> None:
    session = begin_study(workspace, ["capitals"])
    for _ in range(3):
        assert "still wait" in workspace.agenda.next_in_words(["capitals"])
        answer(session, Rating.EASY)
    assert workspace.agenda.next_in_words(["capitals"]) == "1 card still waits today."
    answer(session, Rating.GOOD)
    assert workspace.agenda.next_in_words(["capitals"]) == "The next card comes in 10 minutes."
    finish(session, clock)
    assert workspace.agenda.next_in_words(["capitals"]) == "The next cards come tomorrow."
    clock.at += DAY_MS
    finish(begin_study(workspace, ["capitals"]), clock, Rating.EASY)
    assert "The next card" in workspace.agenda.next_in_words(["capitals"])


def test_answers_are_counted_by_study_day(workspace: Workspace, clock: FakeClock) -> None:
    finish(begin_study(workspace, ["capitals"]), clock, Rating.EASY)
    assert Activity(workspace).answers_by_day(7) == {clock().day: 4}
    assert Activity(workspace).usual_milliseconds() >= 0


@pytest.mark.parametrize("much", [0, safekeeping.MUCH])
def test_the_backup_of_a_large_progress_file_is_made_by_another_process(
    much: int, workspace: Workspace, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish(begin_study(workspace, ["capitals"]), clock, Rating.EASY)
    path = workspace.paths.progress_file
    monkeypatch.setattr(safekeeping, "MUCH", much)
    processes: list[object] = []

    def start_process(*given: Any, **options: Any) -> subprocess.Popen[bytes]:
        processes.append(given)
        return subprocess.Popen(*given, **options)

    monkeypatch.setattr(own_process, "Popen", start_process)
    workspace.back_up_if_due(clock().day, beside=True)
    assert len(processes) == (0 if much else 1)
    (copy,) = backup_reach.backups_of(path).values()
    assert backup.contents_of(copy) == backup.contents_of(path)


def test_study_continues_while_another_program_reads_the_deck_again(
    home: Path, workspace: Workspace, clock: FakeClock
) -> None:
    session = begin_study(workspace, ["capitals"])
    write(home, "capitals.yaml", DECK.replace("answer: Bishkek", "answer: Bishkek City"))
    with Workspace(clock=clock) as other:
        other.refresh()
    asked: list[str] = []
    while session.question is not None:
        asked += session.question.card.answers
        answer(session, Rating.EASY)
    assert asked == ["Astana", "Bishkek City", "Dushanbe", "Tashkent"]


def test_cards_read_by_another_program_are_shown(
    home: Path, workspace: Workspace, clock: FakeClock
) -> None:
    write(home, "capitals.yaml", DECK + "  - {question: Capital of Iran?, answer: Tehran}\n")
    with Workspace(clock=clock) as other:
        other.refresh()
    assert workspace.refresh(in_thread=True).changed
    workspace.see_changes()
    assert counts(workspace).new == 5
    assert not workspace.refresh(in_thread=True).changed


def test_no_card_counts_as_removed_while_another_program_reads_its_deck(
    home: Path, workspace: Workspace, clock: FakeClock
) -> None:
    finish(begin_study(workspace, ["capitals"]), clock)
    assert workspace.relinker.orphans() == []
    write(home, "capitals.yaml", DECK + "  - {question: Capital of Iran?, answer: Tehran}\n")
    with Workspace(clock=clock) as other:
        other.refresh()
    assert workspace.relinker.orphans() == []
    (home / "data" / "decks" / "capitals.yaml").unlink()
    workspace.refresh()
    assert len(workspace.relinker.orphans()) == 4


def test_a_deck_read_by_two_programs_at_once_is_kept_as_the_first_has_it(
    home: Path, clock: FakeClock
) -> None:
    write(home, "capitals.yaml", DECK)
    with Workspace(clock=clock) as first, Workspace(clock=clock) as second:
        put = filling.put

        def late(index: Index, *read: Any) -> None:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(filling, "put", put)
                second.refresh()
            put(index, *read)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(filling, "put", late)
            first.refresh()
        assert counts(first).new == counts(second).new == 4
