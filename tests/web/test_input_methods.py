"""Forms while a text is composed with an input method, as for Chinese or Japanese."""

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.web.conftest import NewPage
from tests.web.server import PlatformServer

COMPOSITION = "にほん"

RECORD_KEYS = """() => {
  globalThis.keys = [];
  addEventListener("keydown", ({ key, isComposing }) => keys.push([key, isComposing]), true);
}"""


def compose(page: Page, text: str) -> CDPSession:
    """Compose a text in the focused field, as an input method does before it is confirmed."""
    devtools = page.context.new_cdp_session(page)
    devtools.send(
        "Input.imeSetComposition",
        {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
    )
    return devtools


@pytest.mark.parametrize(
    ("button", "label"),
    [("Rename", "Name of the recording"), ("Tags of", "Tags, separated by commas")],
)
def test_escape_of_an_input_method_leaves_a_form_open(
    server: PlatformServer, filmed_session: str, new_page: NewPage, button: str, label: str
) -> None:
    """R-UIX-07: the key ends the composition only, so that the text is not lost."""
    page = new_page(server.url)
    page.goto("/session_list.html?recorded=yes")
    row = page.locator(f"[data-session='{filmed_session}']")
    row.get_by_role("button", name=button).click()
    field = row.get_by_label(label)
    field.fill("Morning ")
    field.press("End")
    page.evaluate(RECORD_KEYS)
    devtools = compose(page, COMPOSITION)
    page.keyboard.press("Escape")
    expect(field).to_be_focused()
    assert page.evaluate("keys") == [["Escape", True]]
    devtools.send("Input.insertText", {"text": "日本"})
    expect(field).to_have_value("Morning 日本")
    page.keyboard.press("Escape")
    expect(row.get_by_role("button", name=button)).to_be_focused()
