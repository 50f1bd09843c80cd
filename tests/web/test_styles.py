"""Style sheets of the pages."""

import re
from pathlib import Path

import pytest

STYLES = Path(__file__).parents[2] / "web" / "styles"


@pytest.mark.parametrize("name", sorted(path.name for path in STYLES.glob("*.css")))
def test_only_tokens_have_colors(name: str) -> None:
    """A color that is written elsewhere stays the same in themes that change it."""
    colors = re.findall(r"#[0-9a-fA-F]{3,8}\b", (STYLES / name).read_text("utf-8"))
    assert bool(colors) == (name == "tokens.css"), colors


ON_VOLT = re.compile(r"([^{};]+) \{[^{}]*(?<![\w-])color: var\(--on-volt\)")
"""A rule for a text on the main color."""

KEPT = re.compile(r"([^{};]+) \{ forced-color-adjust: none; \}")
"""A rule for what keeps its colors."""


def test_texts_on_the_main_color_keep_it_in_forced_colors() -> None:
    """R-UIX-07: the browser would give the background the color of the page, as of the text."""
    styles = "\n".join(path.read_text("utf-8") for path in STYLES.glob("*.css"))
    kept = {each for rule in KEPT.findall(styles) for each in rule.strip().split(", ")}
    texts = [rule.strip().rpartition("\n")[2] for rule in ON_VOLT.findall(styles)]
    assert len(texts) > 5
    assert [each for each in texts if not any(each.startswith(base) for base in kept)] == []
