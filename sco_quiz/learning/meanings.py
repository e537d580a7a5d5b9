"""The meaning of each figure, in the words that both front ends show beside it."""

from __future__ import annotations

from typing import NamedTuple

from sco_quiz.learning.review_statistics import MATURE


class Meaning(NamedTuple):
    """A figure in words.

    Attributes:
        title: Its heading.
        says: Its meaning.
        needs: The data it needs, told while there is nothing to show.
    """

    title: str
    says: str
    needs: str


CALENDAR = Meaning("Calendar", "Answers each day.", "Your first answer colours its day.")
ANSWERS = Meaning(
    "Answers a day", "Every answer in a study session counts.", "Study, and each day gets a bar."
)
MINUTES = Meaning(
    "Minutes a day",
    "From question to answer; an answer counts for a minute at most.",
    "Study, and each day gets a bar.",
)
FORECAST = Meaning(
    "Due in the next 30 days",
    "Cards that come back, by the day they are due; what is overdue is due today.",
    "Nothing is scheduled: answer a new card until it is put off for days.",
)
RETENTION = Meaning(
    "True retention",
    f"The share of reviews recalled at their first try of a day; from an interval of {MATURE} days"
    " on, a card is mature.",
    "Needs a card that comes back after a day or more.",
)
HOURS = Meaning(
    "Answers by hour", "By your local time; and the share of them that was right.", "Needs answers."
)
INTERVALS = Meaning(
    "Intervals", "Days that cards in review are put off for.", "Needs a card in review."
)
STABILITY = Meaning(
    "Stability", "Days until the chance of recall falls to 90 %.", "Needs an answered card."
)
DIFFICULTY = Meaning(
    "Difficulty", "How hard cards are for you, from 1 to 10.", "Needs an answered card."
)
RETRIEVABILITY = Meaning(
    "Retrievability",
    "The chance that you would recall a card now; their sum is what you know.",
    "Needs an answered card.",
)
CALIBRATION = Meaning(
    "Calibration",
    "Of the reviews to which FSRS gave some chance of recall, the share that you recalled.",
    "Needs a card that comes back after a day or more.",
)
LEECHES = Meaning(
    "Leeches", "Cards you keep forgetting: better reworded or suspended.", "You have none. Good."
)
HARDEST = Meaning("Hardest cards", "Those of the greatest difficulty.", "Needs an answered card.")
CONFUSIONS = Meaning(
    "Confusions",
    "Answers that you take for one another.",
    "None: no answer of yours was the right one of another card.",
)
WORKLOAD = Meaning(
    "Workload and retention",
    "What a year of study at each desired retention would cost and bring, simulated on your cards"
    " and your way of answering; › is yours.",
    "There are no cards to study.",
)
