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
