"""Scripts get elements by ID in the type of a tag; TypeScript cannot compare it with the pages."""

import re
from collections import defaultdict
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

WEB: Final = Path(__file__).parents[2] / "web"
WANTED: Final = re.compile(r'byId<"([\w-]+)">\("([\w-]+)"\)')
CREATED: Final = re.compile(r'\bh\("([\w-]+)", \{[^}]*?\bid: "([\w-]+)"')
SCRIPT: Final = re.compile(r'src="/?src/([\w-]+)/')

Tag = tuple[str, str]
"""A tag and the ID of an element."""


class Tags(HTMLParser):
    """Tags and IDs of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[Tag] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        identifier = dict(attrs).get("id")
        if identifier:
            self.found.add((tag, identifier))


def tags_of(page: Path) -> set[Tag]:
    tags = Tags()
    tags.feed(page.read_text(encoding="utf-8"))
    return tags.found


def test_each_element_is_got_in_the_type_of_its_tag() -> None:
    """Of the pages that have a script in the same folder, else of any page."""
    by_folder: defaultdict[str, set[Tag]] = defaultdict(set)
    everywhere: set[Tag] = set()
    for page in WEB.glob("*.html"):
        found = tags_of(page)
        everywhere |= found
        for folder in SCRIPT.findall(page.read_text(encoding="utf-8")):
            by_folder[folder] |= found
    scripts = {each: each.read_text(encoding="utf-8") for each in (WEB / "src").rglob("*.ts")}
    created = {tag for script in scripts.values() for tag in CREATED.findall(script)}
    wrong: set[tuple[str, Tag]] = set()
    count = 0
    for path, script in scripts.items():
        own = by_folder[path.parent.name]
        ids = {identifier for _, identifier in own}
        for tag, identifier in WANTED.findall(script):
            count += 1
            allowed = (own if identifier in ids else everywhere) | created
            if (tag, identifier) not in allowed:
                wrong.add((path.name, (tag, identifier)))
    assert count > 200
    assert wrong == set()
