"""Pages that ask before they are left."""

from playwright.sync_api import Dialog, Page


def reload_asks(page: Page) -> bool:
    """Reload the page; return whether the browser asked first."""
    dialogs: list[str] = []

    def accept(dialog: Dialog) -> None:
        dialogs.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)
    page.reload()
    page.remove_listener("dialog", accept)
    return dialogs == ["beforeunload"]
