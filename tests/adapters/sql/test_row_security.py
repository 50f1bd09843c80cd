"""Transactions of one tenant."""

from pathlib import Path
from threading import Event, Thread

import sqlalchemy as sa

from adapters.sql.engines import open_engine
from adapters.sql.row_security import tenant_transaction
from domain.ids import TenantId

COUNTER = sa.Table("counter", sa.MetaData(), sa.Column("value", sa.Integer, primary_key=True))
TENANT = TenantId("default")


def test_a_transaction_that_has_read_can_write_while_others_write(tmp_path: Path) -> None:
    """With SQLite, another commit in between would end it as "database is locked"."""
    engine = open_engine(sa.URL.create("sqlite", database=str(tmp_path / "a.db")), schema="tables")
    with engine.begin() as connection:
        COUNTER.create(connection)
        connection.execute(sa.insert(COUNTER).values(value=0))
    begins = Event()

    def increment() -> None:
        begins.set()
        with tenant_transaction(engine, TENANT, "The counter") as connection:
            connection.execute(sa.update(COUNTER).values(value=COUNTER.c.value + 1))

    other = Thread(target=increment)
    with tenant_transaction(engine, TENANT, "The counter") as connection:
        value = connection.execute(sa.select(COUNTER.c.value)).scalar_one()
        other.start()
        begins.wait()
        other.join(0.3)  # it must wait for this transaction
        connection.execute(sa.update(COUNTER).values(value=value + 1))
    other.join()
    with engine.begin() as connection:
        assert connection.execute(sa.select(COUNTER.c.value)).scalar_one() == 2
    engine.dispose()
