"""Errors of databases that are those of the storage."""

import pytest
import sqlalchemy as sa

from adapters.sql.engines import open_engine
from adapters.sql.errors import storage_errors
from application.kernel.ports import StorageUnavailable
from tests.plugins.services import Service

ASSUME = sa.text("SELECT set_config('role', 'kinelog_nobody', true)")
SET_ZONE = sa.text("SELECT set_config('timezone', 'nowhere', true)")


def test_a_role_that_was_not_made_is_a_fault_of_the_storage(postgres: Service) -> None:
    """R-EVT-15: such a database was not upgraded; another wrong value is an error of the code."""
    engine = open_engine(postgres.address, schema="public", connections=1)
    with (
        pytest.raises(StorageUnavailable, match='role "kinelog_nobody" does not exist'),
        storage_errors("The accounts"),
        engine.begin() as connection,
    ):
        connection.execute(ASSUME)
    with (
        pytest.raises(sa.exc.DataError),
        storage_errors("The accounts"),
        engine.begin() as connection,
    ):
        connection.execute(SET_ZONE)
    engine.dispose()
