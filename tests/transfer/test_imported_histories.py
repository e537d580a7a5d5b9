"""What was studied elsewhere counts here: once, when it happened, until it is taken back."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from sco_quiz.interchange.material import (
    ForeignDeck,
    ForeignHistory,
    ForeignNote,
    ForeignReview,
    Material,
)
from sco_quiz.learning.cards import CardState, Rating, State
from sco_quiz.learning.study_day import DAY_MS, EPOCH_DAY
from sco_quiz.progress import log
from sco_quiz.progress.backup import write_copy
from sco_quiz.progress.doctor import examine
from sco_quiz.progress.renewing import mend
from sco_quiz.progress.store import Progress
from sco_quiz.studying.sessions import begin_study
from sco_quiz.studying.undo import undo
from sco_quiz.studying.wrong_clock import find_wrong_times
from sco_quiz.transfer import importing
from sco_quiz.transfer.importing import ImportReport, TableOptions, import_files
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

NOW = int(time.time() * 1000)
TODAY = EPOCH_DAY + NOW // DAY_MS
LEARNED = (
    ForeignReview(NOW - 40 * DAY_MS, Rating.GOOD, 4_000, 0),
    ForeignReview(NOW - 40 * DAY_MS + 600_000, Rating.GOOD, 3_000, 3),
    ForeignReview(NOW - 37 * DAY_MS, Rating.AGAIN, 9_000, 0),
    ForeignReview(NOW - 37 * DAY_MS + 600_000, Rating.GOOD, 2_000, 2),
    ForeignReview(NOW - 35 * DAY_MS, Rating.EASY, 1_000, 20),
)


@pytest.fixture
def workspace(decks_folder: Path) -> Iterator[Workspace]:
    with Workspace() as opened:
        opened.refresh()
        yield opened


@pytest.fixture
def bring(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., ImportReport]:
    def imported(
        *notes: ForeignNote, title: str = "Words", into: str = "", dry_run: bool = False
    ) -> ImportReport:
        material = Material([ForeignDeck(title, [*notes])])
        monkeypatch.setattr(importing, "read", lambda *_: material)
        file = tmp_path / "words.apkg"
        report = import_files(workspace, [file], into=into, options=TableOptions(), dry_run=dry_run)
        workspace.refresh()
        return report

    return imported


def note(
    *cards: ForeignHistory, front: str = "kala", key: str = "k1", **fields: str
) -> ForeignNote:
    return ForeignNote({"front": front, "back": "fish", **fields}, key, "note 1", cards)


def key_of(workspace: Workspace, deck: str = "words") -> str:
    ((key,),) = workspace.progress.connection.execute(
        "SELECT c.key FROM library.card c JOIN temp.deck d ON d.file = c.file WHERE d.id = ?",
        (deck,),
    ).fetchall()
    return str(key)


def state(workspace: Workspace, deck: str = "words") -> CardState:
    return workspace.progress.state(key_of(workspace, deck))


def test_a_history_comes_with_its_deck(
    workspace: Workspace, bring: Callable[..., ImportReport]
) -> None:
    report = bring(note(ForeignHistory(LEARNED, TODAY + 9, suspended=True, flag=3)))
    assert report.decks[0].in_words() == (
        "1 note read: 1 new (1 card), 5 reviews, 1 card suspended or flagged"
    )
    found = state(workspace)
    assert (found.state, found.due_day, found.due_at) == (State.REVIEW, TODAY + 9, 0)
    assert (found.reps, found.lapses, found.suspended, found.flag) == (5, 1, True, 3)
    rows = workspace.progress.query(
        "SELECT at, rating, was, milliseconds, session, verdict FROM review ORDER BY at"
    )
    assert [row[:2] for row in rows] == [(review.at, review.rating) for review in LEARNED]
    assert [row[2] for row in rows] == [0, 1, 2, 3, 2]
    assert [row[3:] for row in rows] == [(review.milliseconds, None, None) for review in LEARNED]
    days = [event.day for event in workspace.progress.events(key_of(workspace))]
    assert days == sorted(days)
    assert examine(workspace.progress.path) == (8, [], [], None)


def test_a_card_in_learning_continues_at_its_step(
    workspace: Workspace, bring: Callable[..., ImportReport]
) -> None:
    bring(note(ForeignHistory(LEARNED[:1])), note(ForeignHistory(LEARNED[:3]), front="b", key="k2"))
    states = workspace.progress.query("SELECT state, step, due_at FROM card_state ORDER BY reps")
    assert states == [
        (State.LEARNING, 1, LEARNED[0].at + 600_000),
        (State.RELEARNING, 0, LEARNED[2].at + 600_000),
    ]


def test_importing_again_doubles_nothing_and_adds_what_is_new(
    workspace: Workspace, bring: Callable[..., ImportReport]
) -> None:
    bring(note(ForeignHistory(LEARNED[:3])))
    events = len(list(workspace.progress.events()))
    again = bring(note(ForeignHistory(LEARNED[:3])))
    assert again.decks[0].in_words() == "1 note read: 1 unchanged"
    assert not again.changes
    assert len(list(workspace.progress.events())) == events
    newer = bring(note(ForeignHistory((*LEARNED, LEARNED[4]))))
    assert newer.decks[0].in_words() == "1 note read: 1 unchanged, 2 reviews"
    assert newer.changes
    assert state(workspace).reps == 5


def test_own_and_foreign_answers_count_in_the_order_of_time(
    workspace: Workspace, bring: Callable[..., ImportReport]
) -> None:
    bring(note(ForeignHistory(LEARNED[:2])))
    session = begin_study(workspace, ["words"])
    session.answer()
    session.rate(Rating.GOOD)
    mine = state(workspace)
    bring(note(ForeignHistory(LEARNED, TODAY - 15)))
    found = state(workspace)
    assert (found.reps, found.lapses) == (6, 1)
    assert (found.due_day, found.last_day) == (mine.due_day, mine.last_day)
    assert undo(workspace) is not None  # the import, which was the last step
    assert state(workspace) == mine
    assert undo(workspace) is not None
    assert state(workspace).reps == 2


def test_suspension_and_flag_set_by_the_learner_stay_until_the_source_changes(
    workspace: Workspace, bring: Callable[..., ImportReport]
) -> None:
    bring(note(ForeignHistory(suspended=True, flag=2)))
    key = key_of(workspace)
    now = workspace.now()
    workspace.progress.append(
        log.EventDraft(log.EventKind.UNSUSPEND, now, key),
        log.EventDraft(log.EventKind.FLAG, now, key, data={"flag": 5}),
    )
    assert not bring(note(ForeignHistory(suspended=True, flag=2))).changes
    assert (state(workspace).suspended, state(workspace).flag) == (False, 5)
    bring(note(ForeignHistory(suspended=False, flag=4)))
    assert (state(workspace).suspended, state(workspace).flag) == (False, 5)
    bring(note(ForeignHistory(suspended=True, flag=4)))
    assert (state(workspace).suspended, state(workspace).flag) == (True, 5)
    assert bring(note(ForeignHistory())).decks[0].marked == 1
    assert (state(workspace).suspended, state(workspace).flag) == (False, 5)


def test_answers_in_the_future_are_skipped_and_reported(
    workspace: Workspace, bring: Callable[..., ImportReport]
) -> None:
    later = ForeignReview(NOW + DAY_MS, Rating.GOOD, 0, 50)
    deck = bring(note(ForeignHistory((*LEARNED, later), TODAY + 51))).decks[0]
    assert deck.reviews == 5
    assert [tuple(remark) for remark in deck.lossy] == [
        ("1 of kala", "answers that lie in the future, or before 1970")
    ]
    found = state(workspace)
    assert found.due_day == found.last_day + LEARNED[-1].interval


def test_a_dry_run_counts_the_reviews_and_writes_none(
    workspace: Workspace, bring: Callable[..., ImportReport]
) -> None:
    assert bring(note(ForeignHistory(LEARNED)), dry_run=True).decks[0].reviews == 5
    assert list(workspace.progress.events()) == []


def test_each_card_of_a_note_keeps_its_own_history(
    workspace: Workspace, bring: Callable[..., ImportReport]
) -> None:
    cloze = ForeignNote(
        {"text": "{{c2::Osh}} lies in {{c1::Kyrgyzstan}}."}, "k2", "note 2",
        (ForeignHistory(LEARNED[:1]), ForeignHistory(LEARNED[:2]), ForeignHistory(LEARNED[:3])),
    )  # fmt: skip
    both = note(ForeignHistory(LEARNED[:4]), ForeignHistory(LEARNED), reverse="true")
    report = bring(cloze, both).decks[0]
    rows = workspace.progress.query(
        "SELECT f.prompt, s.reps FROM card_state s JOIN face f USING (key) ORDER BY s.reps"
    )
    assert rows == [
        ("[…] lies in Kyrgyzstan.", 1), ("Osh lies in […].", 2), ("kala", 4), ("fish", 5),
    ]  # fmt: skip
    assert [remark.where for remark in report.lossy] == ["note 2"]


def test_a_note_that_was_there_already_gets_the_history(
    workspace: Workspace, bring: Callable[..., ImportReport], decks_folder: Path
) -> None:
    deck = decks_folder / "mine.yaml"
    deck.write_text("deck: My own\ncards:\n- {front: Kala, back: fish}\n")
    workspace.refresh()
    twice = [note(ForeignHistory(LEARNED[:2])), note(ForeignHistory(LEARNED[1:]), key="k2")]
    report = bring(*twice, into="My own").decks[0]
    assert report.in_words() == "2 notes read: 2 merged, 5 reviews"
    assert state(workspace, "mine").reps == 5
    assert not bring(*twice, into="My own").changes


def test_an_imported_history_survives_edits_and_is_not_imported_twice(
    workspace: Workspace, bring: Callable[..., ImportReport], decks_folder: Path
) -> None:
    bring(note(ForeignHistory(LEARNED[:4])))
    deck = decks_folder / "words.yaml"
    deck.write_text(deck.read_text().replace("  - id: kala\n    front", "  - front"))
    assert workspace.refresh().kept == 1
    assert state(workspace).reps == 4
    assert (
        bring(note(ForeignHistory(LEARNED))).decks[0].in_words()
        == "1 note read: 1 merged, 1 review"
    )
    assert state(workspace).reps == 5


def test_an_import_is_undone_and_redone_by_one_event_each(
    workspace: Workspace, bring: Callable[..., ImportReport], tmp_path: Path
) -> None:
    bring(note(ForeignHistory(LEARNED, flag=1)))
    key, before = key_of(workspace), state(workspace)
    undone = undo(workspace)
    assert undone is not None
    progress = workspace.progress
    assert progress.states([key]) == {}
    assert progress.query("SELECT * FROM review") == []
    assert undo(workspace) is None
    *_, last = progress.events()
    assert (last.kind, len(list(progress.events()))) == ("undo", 8)
    assert examine(progress.path) == (8, [], [], None)
    with Progress.open(tmp_path / "other.db") as other:
        events = list(progress.events())
        assert other.merge(reversed(events)) == 8
        assert other.states([key]) == {}
        progress.undo(last, workspace.now())
        other.merge(progress.events())
        assert other.state(key) == progress.state(key) == before
    assert examine(progress.path) == (9, [], [], None)


def test_an_imported_history_is_proved_copied_and_saved_like_any_other(
    workspace: Workspace, bring: Callable[..., ImportReport], tmp_path: Path
) -> None:
    bring(note(ForeignHistory(LEARNED)))
    path, damaged = workspace.progress.path, tmp_path / "home" / "progress.db"
    damaged.parent.mkdir()
    write_copy(path, damaged)
    assert examine(damaged) == (6, [], [], None)
    data = damaged.read_bytes()
    place = data.index(b'"ms":9000')
    damaged.write_bytes(data[:place] + b'"ms":9001' + data[place + 9 :])
    assert "not as it was written" in " ".join(examine(damaged).damage)
    mended = mend(damaged)
    assert mended is not None
    assert (mended.saved, mended.lost) == (5, 1)
    with Progress.open(damaged) as saved:
        assert saved.state(key_of(workspace)).reps == 4
        assert saved.merge(workspace.progress.events()) == 1
        assert saved.state(key_of(workspace)) == state(workspace)


def test_an_import_that_fails_half_way_brings_no_history(
    workspace: Workspace,
    bring: Callable[..., ImportReport],
    monkeypatch: pytest.MonkeyPatch,
    decks_folder: Path,
) -> None:
    def broken(*_: object) -> Sequence[object]:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("sco_quiz.progress.outcomes.fold", broken)
        with pytest.raises(Exception, match="No space left"):
            bring(note(ForeignHistory(LEARNED)))
    assert list(workspace.progress.events()) == []
    assert list(decks_folder.iterdir()) == []


def test_the_days_are_those_of_the_learners_zone_at_that_time(
    workspace: Workspace, bring: Callable[..., ImportReport], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        summer, winter = 1_719_799_200_000, 1_704_078_000_000  # 04:00 and 04:00 local, in UTC ms
        reviews = [
            ForeignReview(at, Rating.GOOD, 0, 1) for at in (winter - 1, winter, summer - 1, summer)
        ]
        bring(note(ForeignHistory(tuple(reviews))))
    finally:
        monkeypatch.undo()
        time.tzset()
    rows = workspace.progress.query("SELECT tz, day FROM review ORDER BY at")
    first, second = 738_885, 739_067  # 2023-12-31 and 2024-06-30, as `date.toordinal`
    assert [tz for tz, _ in rows] == [60, 60, 120, 120]
    assert [day for _, day in rows] == [first, first + 1, second, second + 1]


def test_a_note_that_moved_in_its_source_stays_where_it_is(
    workspace: Workspace, bring: Callable[..., ImportReport], decks_folder: Path
) -> None:
    bring(note(ForeignHistory(LEARNED[:4])), note(front="vesi", key="k2"))
    both = [note(front="vesi", key="k2", hint="wet"), note(ForeignHistory(LEARNED))]
    reports = bring(*both, title="Other words").decks
    assert [each.in_words() for each in reports] == [
        "2 notes read: 1 updated, 1 unchanged, 1 review"
    ]
    assert [path.name for path in decks_folder.iterdir()] == ["words.yaml"]
    assert not bring(*both, title="Other words").changes


def test_a_note_that_the_learner_moved_is_updated_there(
    workspace: Workspace, bring: Callable[..., ImportReport], decks_folder: Path
) -> None:
    bring(note(ForeignHistory(LEARNED[:4])), note(front="vesi", key="k2"))
    words = decks_folder / "words.yaml"
    head, first, second = words.read_text().split("  - id:")
    words.write_text(f"{head}  - id:{second}")
    (decks_folder / "mine.yaml").write_text(f"deck: Mine\ncards:\n  - id:{first}")
    assert workspace.refresh().kept == 1
    both = [note(ForeignHistory(LEARNED), hint="swims"), note(front="vesi", key="k2")]
    for words_told in ("1 updated, 1 review", "1 unchanged"):
        reports = {each.path.stem: each.in_words() for each in bring(*both).decks}
        assert reports == {
            "words": "1 note read: 1 unchanged", "mine": f"1 note read: {words_told}",
        }  # fmt: skip
    assert state(workspace, "mine").reps == 5
    assert "hint: swims" in (decks_folder / "mine.yaml").read_text()


def test_another_question_under_the_same_name_is_another_note(
    workspace: Workspace, bring: Callable[..., ImportReport], decks_folder: Path
) -> None:
    bring(note(front="kala", key="1"))
    assert bring(note(front="vesi", key="1"), title="Other words").decks[0].new == 1
    assert len(list(decks_folder.iterdir())) == 2


@pytest.mark.parametrize("days", [-1000, 400])
def test_wrongly_dated_answers_are_not_imported_again_under_either_date(
    workspace: Workspace,
    bring: Callable[..., ImportReport],
    monkeypatch: pytest.MonkeyPatch,
    days: int,
) -> None:
    real = time.time_ns

    def study(days_off: int) -> None:
        monkeypatch.setattr(time, "time_ns", lambda: real() + days_off * DAY_MS * 1_000_000)
        session = begin_study(workspace, ["words"])
        session.answer()
        session.rate(Rating.EASY)
        monkeypatch.setattr(time, "time_ns", real)

    def histories() -> list[ForeignNote]:
        """The notes as another app would have them that got them from here now."""
        rows = workspace.progress.query("SELECT card, at FROM review ORDER BY at")
        found: dict[str, list[ForeignReview]] = {key: [] for key in (first, second)}
        for card, at in rows:
            found[card].append(ForeignReview(at, Rating.EASY, 1_000, 4))
        return [
            note(ForeignHistory(tuple(found[first]))),
            note(ForeignHistory(tuple(found[second])), key="k2", front="kissa"),
        ]

    bring(note())
    first = key_of(workspace)
    study(-9)
    bring(note(), note(key="k2", front="kissa"))
    cards = workspace.progress.query(
        "SELECT c.key FROM library.card c JOIN temp.deck d USING (file) WHERE d.id = 'words'"
    )
    (second,) = {key for (key,) in cards} - {first}
    study(days)
    before = histories()
    wrong = find_wrong_times(workspace, everywhere=True)
    assert wrong is not None
    wrong.put_right(workspace, wrong.offers[0].way)
    after = histories()
    assert before != after
    for exported in (before, after):
        assert not bring(*exported).changes
        assert histories() == after
    assert undo(workspace) is not None
    for exported in (before, after):
        assert not bring(*exported).changes
        assert histories() == before
