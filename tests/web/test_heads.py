"""Head elements of every page, and rules for all styles and scripts."""

import re
from collections import Counter
from collections.abc import Callable
from typing import Final

import pytest

from bootstrap.pages import SOURCES as WEB

PAGES: Final = {path.name: path.read_text(encoding="utf-8") for path in sorted(WEB.glob("*.html"))}

SAID: Final = {
    "its language": '<html lang="en">',
    "an icon": '<link rel="icon" href="/icon.svg" type="image/svg+xml">',
    "the theme before anything is painted": (
        '<script src="/src/ui/first-paint.ts" vite-ignore></script>\n'
        '  <link rel="stylesheet" href="/styles/tokens.css">'
    ),
    "a way past the head": '<a class="skip" href="#main"',
    "where problems will be told": '<div id="banner" role="alert"></div>',
    "where news will be told": 'class="visually-hidden" role="status"></p>',
    "what is left without scripts": "<noscript>",
}


@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_its_head(page: str) -> None:
    """R-UIX-07: also for new pages."""
    assert [what for what, markup in SAID.items() if markup not in PAGES[page]] == []


def _title(text: str) -> str:
    found = re.search(r"<title[^>]*>(.+) · Kinelog</title>", text)
    return found[1] if found else ""


def _description(text: str) -> str:
    found = re.search(r'<meta name="description" content="([^"]+)"', text)
    return found[1] if found else ""


def _heading(text: str) -> str:
    found = re.search(r'<h1 id="title"[^>]*>([^<]+)</h1>', text)
    return found[1] if found else ""


@pytest.mark.parametrize("part", [_title, _description, _heading])
def test_titles_and_descriptions_of_pages_are_unique(part: Callable[[str], str]) -> None:
    """R-UIX-07: so that tabs and the history are distinguishable (WCAG 2.2, 2.4.2)."""
    said = [part(text) for text in PAGES.values()]
    assert all(said)
    assert len(set(said)) == len(said)


def test_dates_follow_the_readers_format() -> None:
    """R-UIX-03: the browser's format ignores the account's time zone and date order."""
    own = re.compile(r"toLocale(?:Date|Time)?String\(\)")
    scripts = (WEB / "src").rglob("*.ts")
    assert [path.name for path in scripts if own.search(path.read_text(encoding="utf-8"))] == []


def test_pages_reflow_for_large_text_as_for_narrow_windows() -> None:
    """R-UIX-07: media queries use `em`, which grows with the font size (WCAG 2.2, 1.4.4)."""
    fixed = re.compile(r"\((?:min|max)-width: \d+px\)")
    written = [*(WEB / "styles").glob("*.css"), *(WEB / "src").rglob("*.ts")]
    assert [path.name for path in written if fixed.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("page", PAGES)
def test_a_css_class_has_one_meaning_on_a_page(page: str) -> None:
    """R-UIX-07: a style of the camera drawing once also applied to the name of a set."""
    styled: Counter[str] = Counter()
    for sheet in re.findall(r"/(styles/[\w-]+\.css)", PAGES[page]):
        text = (WEB / sheet).read_text(encoding="utf-8")
        styled.update(set(re.findall(r"^(\.[\w-]+) \{", text, re.MULTILINE)))
    assert [name for name, sheets in styled.items() if sheets > 1] == []
