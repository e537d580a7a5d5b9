"""`python -m benchmarks [NAME…] [--output PATH]`: print the table, write it beside its JSON."""

from __future__ import annotations

import argparse
import sys
import time
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import comparisons, report
from benchmarks.material import Material
from benchmarks.measuring import NeverShownError


def main() -> int:
    """Run the comparisons.

    Returns:
        1 when a figure is not reached, else 0.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="; ".join(comparisons.names()))
    parser.add_argument("--output", type=Path, help="where to write the reports")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(comparisons.names())
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}: {', '.join(comparisons.names())}")
    command = " ".join(["python -m benchmarks", *arguments.names])
    sections = []
    with TemporaryDirectory(prefix="sco-quiz-benchmarks-") as folder:
        material = Material(Path(folder))
        for name in arguments.names or comparisons.names():
            comparison = comparisons.load(name)
            title = (comparison.__doc__ or name).splitlines()[0].rstrip(".")
            print(f"{name}…", file=sys.stderr)
            began = time.monotonic()
            found: list[report.Figure | str] = []
            try:
                found.extend(comparison.compare(material))
            except NeverShownError as error:  # the others are worth having all the same
                print(error, file=sys.stderr)
                found.append(f"`{name}` broke off: {str(error).splitlines()[0]}")
            figures = tuple(each for each in found if isinstance(each, report.Figure))
            notes = tuple(each for each in found if isinstance(each, str))
            sections.append(report.Section(title, figures, notes))
            print(f"  {time.monotonic() - began:.0f} s", file=sys.stderr)
    print(report.markdown(sections, command), end="")
    stamp = f"{datetime.now().astimezone():%Y-%m-%d-%H%M%S}"
    report.write(sections, command, arguments.output or Path(__file__).parent / "reports" / stamp)
    return any(figure.reached is False for each in sections for figure in each.figures)


if __name__ == "__main__":
    sys.exit(main())
