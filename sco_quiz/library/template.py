"""The file that a new deck starts as."""

from __future__ import annotations

from sco_quiz.library.emission import scalar

SCHEMA = "https://raw.githubusercontent.com/sco-quiz/sco-quiz/main/docs/deck.schema.json"
"""Where editors find the deck format."""

_TEMPLATE = """\
# yaml-language-server: $schema={schema}
# `sco-quiz check` finds mistakes in your decks, `sco-quiz study {id}` asks the cards of this one.
deck: {title}
id: {id}
# description: What the deck is about
# language: en
# sources:
#   atlas: {{title: A World Atlas, year: 2020}}
# defaults: {{tags: [geography]}}
cards:
  # Two notes to begin with; put yours in their place.

  - front: Astana
    back: The capital of Kazakhstan
    reverse: true

  - question: In which year did Uzbekistan become independent?
    answer: 1991
    hint: The year in which the Soviet Union ended
    explain: It declared its independence on 31 August; the first of September is the holiday.

  # The other kinds of notes. Take away the `#` and one space to use one.
  #
  # - text: "{{{{Dushanbe}}}} is the capital of {{{{Tajikistan}}}}."
  #
  # - question: Which of these is doubly landlocked?
  #   answer: Uzbekistan
  #   choices: [Kazakhstan, Kyrgyzstan, Turkmenistan]
  #
  # - question: Which of these border the Caspian Sea?
  #   answers: [Kazakhstan, Turkmenistan]
  #   choices: [Uzbekistan, Tajikistan]
  #
  # - statement: Bishkek lies in Uzbekistan.
  #   answer: false
  #
  # - question: Put them in order of area, largest first
  #   order: [Kazakhstan, Turkmenistan, Uzbekistan]
  #
  # - question: Name the five Central Asian republics
  #   list: [Kazakhstan, Kyrgyzstan, Tajikistan, Turkmenistan, Uzbekistan]
  #
  # And what any note may have besides:
  #
  # - question: What is Lake Issyk-Kul's name in English?
  #   answer: Warm lake
  #   accept: [hot lake]
  #   strict: false
  #   id: issyk-kul
  #   hint: It never freezes
  #   explain: It is salty and fed by hot springs.
  #   source: atlas p. 12
  #   as_of: 2024-10
  #   category: lake
  #   tags: [lakes, names]
"""


def template(title: str, name: str) -> str:
    """A deck with two notes, and every other kind as a comment.

    Args:
        title: The title of the deck, one line.
        name: Its id.
    """
    return _TEMPLATE.format(
        schema=SCHEMA, title=scalar(title, flow=False), id=scalar(name, flow=False)
    )
