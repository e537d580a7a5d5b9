"""Links between the documents lead to what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
DECISIONS = [path.relative_to(ROOT).as_posix() for path in (ROOT / "docs/decisions").glob("*.md")]
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def anchors_of(document: Path) -> set[str]:
    """What the headings of a document are called in links."""
    headings = re.findall(r"^#+ (.+)$", document.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_to_an_existing_file_and_heading(document: Path) -> None:
    for name, heading in LINK.findall(CODE.sub("", document.read_text("utf-8"))):
        target = (document.parent / name) if name else document
        assert target.exists(), name
        assert not heading or heading in anchors_of(target), heading


@pytest.mark.parametrize(
    "document",
    [
        "docs/safety.md",
        "SECURITY.md",
        "docs/architecture.md",
        "CONTRIBUTING.md",
        *sorted(DECISIONS),
    ],
)
def test_every_test_that_a_document_names_exists(document: str) -> None:
    named = re.findall(r"tests/[\w/]+\.py", (ROOT / document).read_text("utf-8"))
    assert named or document in DECISIONS
    assert [name for name in named if not (ROOT / name).exists()] == []
