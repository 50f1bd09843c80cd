"""A local S3 server starts completely, survives the loss of its gateway, and cleans up."""

from pathlib import Path

import pytest

from adapters.media.s3 import BucketMediaStore
from domain.ids import DEFAULT_TENANT
from tests.plugins.object_storage import make_bucket
from tools.local_services.ceph import LocalObjectStorage

pytestmark = pytest.mark.slow


def test_a_restarted_gateway_has_lost_nothing() -> None:
    with LocalObjectStorage() as storage:
        bucket = make_bucket(storage.access)
        digest = BucketMediaStore(bucket).put(DEFAULT_TENANT, b"squat")
        storage.gateway.kill()
        storage.gateway.start()
        assert BucketMediaStore(bucket).get(DEFAULT_TENANT, digest) == b"squat"
        folders = [storage.gateway.folder, storage.gateway.home]
        guards = [Path(f"/proc/{storage.gateway.guard_pid}")]
        assert all(path.exists() for path in folders + guards)
    assert not any(path.exists() for path in folders + guards)


def test_two_servers_can_run_side_by_side() -> None:
    with LocalObjectStorage() as one, LocalObjectStorage() as other:
        assert one.access.endpoint != other.access.endpoint
        assert one.access.secret != other.access.secret
        for storage in (one, other):
            make_bucket(storage.access)
