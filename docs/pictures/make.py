"""Make the pictures of the README: `python docs/pictures/make.py`.

A year of study is simulated in a passing home, then the app is driven as a learner would and
each screen saved as SVG. The same run gives the same pictures.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sco_quiz.learning.cards import Rating
from sco_quiz.learning.kinds import Kind
from sco_quiz.learning.quiz import Quiz, QuizPhase
from sco_quiz.learning.results import Feedback, QuizOptions
from sco_quiz.learning.study_day import DAY_MS, Moment, study_day
from sco_quiz.paths import HOME_VARIABLE, Paths
from sco_quiz.studying.quizzes import begin_quiz
from sco_quiz.studying.sessions import begin_study
from sco_quiz.tui.app import SCOQuizApp
from sco_quiz.tui.screens.result import QuizResult
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from sco_quiz.learning.posing import QuizQuestion

HERE = Path(__file__).parent
TODAY = int(datetime(2026, 11, 23, 18, 30, tzinfo=UTC).timestamp() * 1000)
WEEKS = 52
QUIZZED = ("sco-essentials", "sco-timeline", "sco-security", "sco-pakistan")
SLIPS = {"city": "Shanghai", "country": "India", "year": "2002"}
"""What is said for something else of its category."""
NAMES = {" ": "space", "?": "question_mark"}

OWN_DECK = """\
deck: Capitals of Asia
cards:
  - {question: Capital of Kazakhstan?, answer: Astana, category: city}
  - {question: Capital of Kyrgyzstan?, answer: Bishkek, category: city}
  - {question: Capital of Mongolia?, answer: Ulaanbaatar, category: city}
"""


class Clock:
    """A clock that the simulation sets."""

    def __init__(self) -> None:
        self.at = TODAY - WEEKS * 7 * DAY_MS

    def __call__(self) -> Moment:
        """The present."""
        return Moment(self.at, 0, study_day(self.at, 0, 4))


def simulate(workspace: Workspace, clock: Clock) -> None:
    """Study on most days, less of late, and a little today."""
    dice = random.Random(7)  # noqa: S311 -- the pictures are to be the same each time
    for days_ago in range(WEEKS * 7, -1, -1):
        clock.at = TODAY - days_ago * DAY_MS
        if days_ago > 9 and dice.random() < 0.12:
            continue
        most = dice.randint(6, 34) if days_ago > 9 else 5
        session = begin_study(workspace, most=9 if days_ago == 0 else most, most_new=2)
        while session.question is not None:
            session.answer("")
            recalled = dice.random() < 0.84
            session.rate(Rating.GOOD if recalled else Rating.AGAIN)
            clock.at += dice.randint(4_000, 21_000)
        session.end()
        if days_ago % 9 == 4:
            clock.at += 60_000
            known = 0.9 - days_ago / (WEEKS * 7) * 0.5
            take(workspace, clock, dice, dice.choice(QUIZZED), known)
    clock.at = TODAY


def take(workspace: Workspace, clock: Clock, dice: random.Random, deck: str, known: float) -> Quiz:
    """Take a quiz of ten, of which a share is known; what is not is taken for something else."""
    options = QuizOptions(10, feedback=Feedback.END)
    quiz = begin_quiz(workspace, [deck], options, seed=dice.getrandbits(30))
    while quiz.question is not None:
        clock.at += dice.randint(4_000, 14_000)
        if quiz.phase is QuizPhase.REVEALED:
            quiz.report(knew=dice.random() < known)
        else:
            quiz.answer(said(quiz.question, known=dice.random() < known))
    return quiz


def said(question: QuizQuestion, *, known: bool) -> str | tuple[str, ...]:
    """The right answer, or a wrong one that somebody might give."""
    card = question.card
    if known:
        return card.answers if len(card.answers) > 1 else card.answers[0]
    if card.kind in (Kind.MULTI, Kind.ORDER):
        return question.options[:2]
    wrong = [option for option in question.options if option not in card.answers]
    return wrong[0] if wrong else SLIPS.get(card.category, "")


async def save(
    app: SCOQuizApp, name: str, *keys: str, quiz: Quiz | None = None, rows: int = 30
) -> None:
    """Drive an app and save what it shows. A key that begins with "=" is typed letter by letter.

    Args:
        app: To drive.
        name: Of the picture.
        keys: To press.
        quiz: Whose result to show.
        rows: Of the terminal.
    """
    async with app.run_test(size=(100, rows)) as pilot:
        await pilot.pause()
        if quiz is not None:
            app.push_screen(QuizResult(quiz))
        for key in keys:
            typed = [NAMES.get(letter, letter) for letter in key[1:]]
            await pilot.press(*(typed if key.startswith("=") else [key]))
            await app.workers.wait_for_complete()
            await pilot.pause()
        await pilot.pause(0.3)
        picture = app.export_screenshot(title="sco-quiz")
    # Nothing is fetched: the reader's own monospaced font will do.
    picture = re.sub(r"@font-face \{.*?\}", "", picture, flags=re.DOTALL)
    picture = re.sub(r"terminal-\d+", "terminal", picture)
    (HERE / f"{name}.svg").write_text(picture, encoding="utf-8")
    print(name)


def asking(workspace: Workspace, deck: str, words: str) -> SCOQuizApp:
    """The app in a session that asks the card with these words in its prompt."""
    session = begin_study(workspace, [deck], most_new=99)
    while session.question is not None and words not in session.question.card.prompt:
        session.bury()
    return SCOQuizApp(workspace, session)


async def make(root: Path) -> None:
    """Make every picture."""
    paths = Paths(root / "config", root / "data", root / "cache")
    paths.decks_folder.mkdir(parents=True)
    (paths.decks_folder / "capitals.yaml").write_text(OWN_DECK, encoding="utf-8")
    clock = Clock()
    with Workspace(paths=paths, clock=clock) as workspace:
        workspace.refresh()
        simulate(workspace, clock)
        await save(SCOQuizApp(workspace), "home")
        await save(SCOQuizApp(workspace), "history", "h", "right", "left", rows=36)
        await save(SCOQuizApp(workspace), "statistics", "h", "tab", rows=46)
        quiz = take(workspace, clock, random.Random(3), "sco-pakistan", 0.8)  # noqa: S311
        await save(SCOQuizApp(workspace), "result", quiz=quiz)
        form = ("end", "a", "=Capital of Uzbekistan?", "tab", "=Tashkent", "tab", "=Toshkent")
        await save(SCOQuizApp(workspace), "form", *form)
        app = SCOQuizApp(workspace)
        app.preferences.show_theme("paper")
        await save(app, "home-paper")
    paths = Paths(root / "config", root / "fresh", root / "cache")
    with Workspace(paths=paths, clock=clock) as workspace:
        workspace.refresh()
        city = "In which city is RATS based?"
        await save(asking(workspace, "sco-security", city), "study", "=Tashkend", "enter")
        await save(
            asking(workspace, "sco-essentials", "members of the SCO today"),
            "choice",
            "1",
            "3",
            "down",
        )


def main() -> None:
    """Work in a passing home."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ[HOME_VARIABLE] = folder
        os.environ["COLORTERM"] = "truecolor"
        asyncio.run(make(Path(folder)))


if __name__ == "__main__":
    main()
