"""Files of exports: removed, replaced and made again when something fails in between (C-24)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, BinaryIO

import pytest

from application.kernel.ports import StorageUnavailable, StoredMedia
from application.platform import Platform
from application.privacy.data_archive import Archive
from application.privacy.data_exports import DataExportService, prefix_of
from application.privacy.personal_exports import ExportNotReady, PersonalExport
from domain.ids import TenantId, UserId
from domain.kernel import Origin
from tests.privacy.exported import at_once
from tests.privacy.person import Person, settle


@dataclass
class Media:
    """The media store of a platform, with other methods in places."""

    real: Any

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)


class Full(Media):
    """A store that takes nothing."""

    def put_stream(self, *_: Any, **__: Any) -> str:
        raise StorageUnavailable


class Stuck(Media):
    """A store that deletes nothing."""

    def clear(self, *_: Any) -> int:
        raise StorageUnavailable


@pytest.fixture
def person(platform: Platform) -> Person:
    return settle(platform)


@pytest.fixture
def exports(platform: Platform) -> DataExportService:
    return replace(platform.privacy().exports, later=at_once)


def stored(exports: DataExportService, export: PersonalExport) -> Sequence[StoredMedia]:
    return exports.media.list_media(export.tenant_id, prefix_of(export.id))


def test_a_file_that_cannot_be_deleted_now_is_deleted_later(
    platform: Platform, exports: DataExportService, person: Person, origin: Origin
) -> None:
    """R-PRG-05: the export is known as long as its file is."""
    export = exports.request(platform.new_id(), person.id, origin=origin)
    assert stored(exports, export)
    with pytest.raises(StorageUnavailable):
        replace(exports, media=Stuck(platform.media)).remove(export)
    expired = exports.store.expired(origin.tenant_id, export.expires_at)
    assert [each.id for each in expired] == [export.id]
    exports.remove(export)
    assert not stored(exports, export)
    assert exports.store.get(origin.tenant_id, export.id) is None


def test_a_process_that_lost_an_export_does_not_delete_its_file(
    platform: Platform, exports: DataExportService, person: Person, origin: Origin
) -> None:
    """R-EVT-18: another one has made it meanwhile."""
    waiting = replace(exports, later=lambda _: None)
    export = waiting.request(platform.new_id(), person.id, origin=origin)
    another = replace(waiting, clock=lambda: exports.clock() + timedelta(minutes=2))

    class Suspended:
        """Writes for longer than its lease."""

        def write_into(self, tenant_id: TenantId, user_id: UserId, output: BinaryIO) -> Archive:
            made = exports.writer.write_into(tenant_id, user_id, output)
            assert another.make(export.id, origin)
            return made

    writer: Any = Suspended()
    slow = replace(waiting, writer=writer, media=Full(platform.media), renew_s=1000.0)
    assert not slow.make(export.id, origin), "the other process has it"
    assert slow.make(export.id, origin), "it is finished"
    _, file = exports.file(export.id, person.id, origin=origin)
    assert [file] == stored(exports, export)


def test_an_export_whose_file_was_lost_is_made_again(
    platform: Platform, exports: DataExportService, person: Person, origin: Origin
) -> None:
    export = exports.request(platform.new_id(), person.id, origin=origin)
    platform.media.clear(origin.tenant_id, prefix_of(export.id))
    later = replace(exports, clock=lambda: platform.clock() + timedelta(minutes=2))
    with pytest.raises(ExportNotReady):
        later.file(export.id, person.id, origin=origin)
    later.get(export.id, person.id, origin=origin)
    again, _ = later.file(export.id, person.id, origin=origin)
    assert again.state == "ready"


def test_an_archive_leaves_out_media_that_are_deleted_while_it_is_written(
    platform: Platform, exports: DataExportService, person: Person, origin: Origin
) -> None:
    class Deleted(Media):
        """The athlete deletes a recording after its media were listed."""

        def list_media(self, tenant_id: TenantId, prefix: str, **page: Any) -> Any:
            found = self.real.list_media(tenant_id, prefix, **page)
            if found:
                self.real.clear(tenant_id, prefix)
            return found

    writer = replace(exports.writer, media=Deleted(platform.media))
    hurried = replace(exports, writer=writer)
    export = hurried.request(platform.new_id(), person.id, origin=origin)
    assert hurried.get(export.id, person.id, origin=origin).state == "ready"
