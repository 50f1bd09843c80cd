"""Exports that failed leave room for others."""

from dataclasses import replace

from application.platform import Platform
from bootstrap.settings import Settings
from domain.kernel import Origin
from tests.privacy.exported import at_once
from tests.privacy.person import settle


def test_archives_that_failed_do_not_count_among_those_of_the_day(
    platform: Platform, origin: Origin, settings: Settings
) -> None:
    """R-TEN-12: once the disk has room again, the user gets an archive at once."""
    person = settle(platform)
    exports = replace(platform.privacy().exports, later=at_once)
    (settings.home / "exports").write_text("no folder")
    for _ in range(settings.exports_per_day):
        exports.request(platform.new_id(), person.id, origin=origin)
    (settings.home / "exports").unlink()

    requested = exports.request(platform.new_id(), person.id, origin=origin)
    assert exports.get(requested.id, person.id, origin=origin).state == "ready"
