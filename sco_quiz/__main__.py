"""`python -m sco_quiz` and the command `sco-quiz`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line."""
    from sco_quiz.cli.main import run

    sys.exit(run())


if __name__ == "__main__":
    main()
