"""Stylesheets select ids that pages have."""

import re
from functools import cache
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "web"
STYLES = sorted((WEB / "styles").glob("*.css"))
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SELECTOR = re.compile(r"([^{};]*)\{")
ID = re.compile(r"#([a-zA-Z][\w-]*)")


def selected_ids(css: str) -> set[str]:
    """Return the ids in the selectors of a stylesheet; colors are in declarations."""
    return {each for part in SELECTOR.findall(COMMENT.sub("", css)) for each in ID.findall(part)}


@cache
def ids_of_pages() -> frozenset[str]:
    """Return the ids in pages, and each quoted name in their scripts, which may set it as an id."""
    pages = [path.read_text() for path in WEB.glob("*.html")]
    scripts = [path.read_text() for path in (WEB / "src").rglob("*.ts")]
    named = {each for text in [*pages, *scripts] for each in re.findall(r'\bid="([^"]+)"', text)}
    quoted = {each for text in scripts for each in re.findall(r"[\"'`]([\w-]+)[\"'`]", text)}
    return frozenset(named | quoted)


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_each_selected_id_is_of_an_element(path: Path) -> None:
    """A rule for an element that was renamed or removed has no effect."""
    assert selected_ids(path.read_text()) - ids_of_pages() == set()


def test_ids_in_selectors_are_found_and_colors_are_not() -> None:
    css = "/* #old */ #main a, .b:is(#c) { color: #fff; }\n@media (x) { #d { border: 1px #abc } }"
    assert selected_ids(css) == {"main", "c", "d"}
