"""Form fields have the constraints of the schema of the request that they fill."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page

from bootstrap import constraint_files
from bootstrap.pages import SOURCES as WEB
from tests.web.server import opened
from tests.web.waiting import until

OPENAPI: Final[Any] = json.loads((WEB.parent / "api" / "openapi.json").read_text("utf-8"))
CONSTRAINTS: Final = constraint_files.constraints(OPENAPI)
PAGES: Final = {path.name: path.read_text(encoding="utf-8") for path in sorted(WEB.glob("*.html"))}

TYPED: Final = frozenset({"text", "email", "password", "number"})
"""Types of the inputs that users type into."""

OWN: Final = ("required", "minlength", "maxlength", "min", "max", "pattern")

MADE: Final = re.compile(r'(?:h\("(?:input|textarea)", |decimalField\()\{([^}]*)')
"""Matches a call in a script that creates such an input; its group has the first attributes."""

WITHOUT_REQUEST: Final = {
    "amount-field.ts": "the sum of several requests",
    "assigned-workouts.ts": "a day, which the schema does not limit",
    "caption-draft.ts": "texts of cues, which are sent as one file",
    "coupon-form.ts": "in whole units, limited by CreateCoupon, and a day",
    "day-panel.ts": "the day that is shown, in a request without a body",
    "decimal-field.ts": "with the attributes that its callers give",
    "exercise-brief.ts": "in the units of the user, limited by BeginNextSet.loadKg",
    "file-import.ts": "a file, limited by the server",
    "goals-panel.ts": "in the units of the user, limited by the metric",
    "load-field.ts": "in the units of the user, limited by PrescribedExercise.loadKg",
    "pay-forms.ts": "hidden fields that a gateway has named",
    "price-rows.ts": "in whole units, limited by PriceInput.amountMinor and taxBasisPoints",
    "refund-form.ts": "in whole units, limited by RefundPayment.amountMinor",
    "segment-form.ts": "moments in minutes and seconds; targets limited by AddLessonSegment",
    "share-links.ts": "read-only",
    "tag-editor.ts": "several tags, limited by Tags.tags",
}
"""Inputs in scripts that hold no field of one request, and why."""


class Fields(HTMLParser):
    """Collects the attributes of form fields, and the values of their options."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.options: dict[str, list[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag in {"input", "select", "textarea"}:
            self.found.append({"tag": tag, **named})
        elif tag == "option" and "data-schema" in self.found[-1]:
            field = str(self.found[-1]["data-schema"])
            self.options.setdefault(field, []).append(str(named["value"]))


def fields_of(page: str) -> Fields:
    parser = Fields()
    parser.feed(PAGES[page])
    return parser


@pytest.mark.parametrize("page", PAGES)
def test_every_typed_field_of_a_page_names_its_schema(page: str) -> None:
    """C-11: and repeats none of its constraints."""
    for field in fields_of(page).found:
        is_typed = field["tag"] == "textarea" or field.get("type") in TYPED
        if is_typed and "readonly" not in field and "hidden" not in field:
            assert field.get("data-schema") in CONSTRAINTS, field
        if "data-schema" in field:
            assert [name for name in OWN if name in field] == [], field


@pytest.mark.parametrize("page", PAGES)
def test_choices_of_a_page_are_those_of_the_schema(page: str) -> None:
    """C-11: each choice is accepted, and each value of an enumeration can be chosen."""
    for field, options in fields_of(page).options.items():
        constraints = CONSTRAINTS[field]
        if "options" in constraints:
            assert sorted(options) == sorted(constraints["options"]), field
        else:
            numbers = [int(option) for option in options]
            assert constraints["min"] <= min(numbers) <= max(numbers) <= constraints["max"]


def test_every_typed_field_of_a_script_names_its_schema() -> None:
    """C-11: and sets no constraints of its own."""
    unnamed = {
        path.name
        for path in (WEB / "src").rglob("*.ts")
        for made in MADE.findall(path.read_text("utf-8"))
        if "fieldAttributes(" not in made and not re.search(r'type: "(checkbox|radio)"', made)
    }
    assert unnamed == set(WITHOUT_REQUEST)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home: Path = tmp_path_factory.mktemp("platform")
    with opened(home, home / "none.mp4") as server:
        yield server.url


WITH_FIELDS: Final = [page for page in PAGES if 'data-schema="' in PAGES[page]]

ATTRIBUTES: Final = """
(names) => [...document.querySelectorAll("input[data-schema]")].map((each) => [
  each.dataset.schema,
  Object.fromEntries(names.filter((name) => each.hasAttribute(name))
    .map((name) => [name, each.getAttribute(name)])),
])
"""


def shown(page: Page, address: str) -> list[tuple[str, dict[str, str]]]:
    """Open a page, and return the constraints of its fields once they are set."""
    if not address.endswith("/sign_in.html"):
        page.route("**/sign_in.html*", lambda route: route.fulfill(status=204))  # stay on the page
    page.goto(address, wait_until="commit")  # a redirect before the page is loaded stops loading
    until(page, "Boolean(document.querySelector('site-header')?.firstChild)")
    return [(field, found) for field, found in page.evaluate(ATTRIBUTES, list(OWN))]


def expected(constraints: dict[str, Any]) -> dict[str, str]:
    texts = {name: str(value) for name, value in constraints.items() if name in OWN}
    return {**texts, **({"required": ""} if "required" in constraints else {})}


@pytest.mark.parametrize("name", WITH_FIELDS)
def test_fields_in_the_browser_have_the_constraints_of_the_schema(
    browser: Browser, url: str, name: str
) -> None:
    """C-11: the browser validates what the server does."""
    with browser.new_context() as context:
        for field, found in shown(context.new_page(), f"{url}/{name}"):
            conditional = {"required"} if name == "verify.html" else set[str]()
            wanted = expected(CONSTRAINTS[field])
            assert {each: value for each, value in found.items() if each not in conditional} == {
                each: value for each, value in wanted.items() if each not in conditional
            }
