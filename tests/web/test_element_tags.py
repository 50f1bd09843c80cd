"""Scripts get elements by ID in the type of a tag; TypeScript cannot compare it with the pages."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

WEB: Final = Path(__file__).parents[2] / "web"
WANTED: Final = re.compile(r'byId<"([\w-]+)">\("([\w-]+)"\)')
CREATED: Final = re.compile(r'\bh\("([\w-]+)", \{[^}]*?\bid: "([\w-]+)"')


class Tags(HTMLParser):
    """Tags and IDs of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[tuple[str, str]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        identifier = dict(attrs).get("id")
        if identifier:
            self.found.add((tag, identifier))


def test_each_element_is_got_in_the_type_of_its_tag() -> None:
    pages = Tags()
    for page in WEB.glob("*.html"):
        pages.feed(page.read_text(encoding="utf-8"))
    scripts = {each: each.read_text(encoding="utf-8") for each in (WEB / "src").rglob("*.ts")}
    created = {pair for script in scripts.values() for pair in CREATED.findall(script)}
    wanted = {
        (each.name, pair) for each, script in scripts.items() for pair in WANTED.findall(script)
    }
    assert len(wanted) > 200
    assert {each for each in wanted if each[1] not in pages.found | created} == set()
