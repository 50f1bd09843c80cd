"""Build hook of Hatchling: adds the built pages to a wheel (docs/adr/0036)."""

import sys
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PagesHook(BuildHookInterface[Any]):
    """Fails if the pages are not built, or a source has changed since."""

    PLUGIN_NAME = "pages"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the folder of the built pages, except to an editable install."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from bootstrap import pages  # noqa: PLC0415  from the folder that is built

        folder = pages.ROOT / "build" / "pages"
        if not pages.is_current(folder, pages.sources_hash()):
            sys.exit("kinelog: The web pages are not built. Run `make wheel`.")
        if self.target_name == "wheel":
            for path in pages.own_files(folder):
                build_data["force_include"][str(folder / path)] = f"bootstrap/web/{path}"
