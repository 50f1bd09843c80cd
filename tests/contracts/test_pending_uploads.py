"""Contract of the store of pending uploads."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from adapters.jobs.pending_uploads import PENDING_UPLOADS, SqlPendingUploads
from adapters.sql.row_security import tenant_transaction
from domain.ids import DEFAULT_TENANT, UserId

AT = datetime(2030, 1, 1, 7, 30, 0, 123456, tzinfo=UTC)


def prefixes(engine: sa.Engine) -> Sequence[str]:
    with tenant_transaction(engine, DEFAULT_TENANT, "The jobs") as connection:
        return connection.execute(sa.select(PENDING_UPLOADS.c.prefix)).scalars().all()


def test_an_upload_is_noted_until_its_job_is_stored(jobs_engine: sa.Engine) -> None:
    """R-TEN-12: and after a failure, so that its file is found."""
    uploads = SqlPendingUploads(jobs_engine)
    place = DEFAULT_TENANT, UserId("ada"), "import-1", AT
    with uploads.noted(*place), uploads.noted(*place):
        assert prefixes(jobs_engine) == ["import-1", "import-1"]
    assert prefixes(jobs_engine) == []
    with pytest.raises(ValueError, match="no job"), uploads.noted(*place):
        raise ValueError("no job")
    assert prefixes(jobs_engine) == ["import-1"]
