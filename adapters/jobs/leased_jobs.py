"""Leased jobs on SQL, beside the jobs of analyses."""

from dataclasses import fields
from typing import Generic, TypeVar
from uuid import UUID

import sqlalchemy as sa

from adapters.jobs.leased_rows import LeasedRows
from adapters.jobs.sql import SCHEMA
from adapters.sql.engines import make_once
from adapters.sql.errors import storage_errors
from adapters.sql.inserts import add_once
from application.kernel.leased_jobs import LeasedJob

Job = TypeVar("Job", bound=LeasedJob)


class SqlLeasedJobs(Generic[Job]):
    """Jobs of one kind in a table, which is created if it does not exist.

    Its columns have the names of the kind's fields; `user` is that of the user who takes turns.
    For PostgreSQL, `engine` comes from `open_engine` with the schema `jobs`. Every method raises
    StorageUnavailable.
    """

    def __init__(
        self, engine: sa.Engine, table: sa.Table, kind: type[Job], user: str, named: str
    ) -> None:
        names = tuple(field.name for field in fields(kind))
        self._leases = LeasedRows(engine, table, user, names, named)
        with storage_errors(named):
            make = table.metadata.create_all
            make_once(engine, schema=SCHEMA, marker_table=table.name, make=make)

    def add(self, job: Job) -> None:
        """Store a new job; change nothing if its id exists."""
        with self._leases.transaction(job.tenant_id) as connection:
            add_once(connection, self._leases.table, vars(job))

    def keep(self, owner: UUID, job: Job, lease_s: float) -> bool:
        """Extend the lease; False if the owner has lost it."""
        return self._leases.change(owner, (job.tenant_id, job.id), lease_s, {})

    def save(self, owner: UUID, job: Job, lease_s: float) -> bool:
        """Store a claimed job and extend its lease; False if the owner has lost it."""
        return self._leases.change(owner, (job.tenant_id, job.id), lease_s, vars(job))
