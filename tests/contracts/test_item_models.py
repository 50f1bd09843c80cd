"""Contract of the store of item models."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters.jobs.item_models import SqlItemModels
from adapters.jobs.sql import SCHEMA, SqlJobStore
from adapters.sql.engines import open_engine
from application.guidance.training import TrainedModel
from domain.guidance.item_model import ItemModel, ModelTrial
from domain.ids import TenantId

TENANT, CLUB = TenantId("gym"), TenantId("club")
AT = datetime(2030, 1, 7, 12, tzinfo=UTC)
TRAINED = TrainedModel(
    ItemModel("abc", 30, {"exercise/squat": (("exercise/lunge", 0.5),)}),
    ModelTrial(20, 0.5, 0.25),
    AT,
    sessions=90,
    until=AT,
)


@pytest.fixture(params=["sqlite", "postgresql"])
def models(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlItemModels]:
    url = f"sqlite:///{tmp_path / 'tables.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_database")
    engine: sa.Engine = open_engine(url, schema=SCHEMA)
    SqlJobStore(engine)  # they share a schema
    yield SqlItemModels(engine)
    engine.dispose()


def test_a_tenant_has_the_model_that_was_stored_last(models: SqlItemModels) -> None:
    """R-REC-10, R-TEN-03"""
    assert models.serving(TENANT) is None
    models.put(TENANT, TRAINED)
    newer = replace(TRAINED, sessions=91)
    models.put(TENANT, newer)
    assert models.serving(TENANT) == newer
    assert models.serving(CLUB) is None
    models.remove(TENANT)
    models.remove(TENANT)
    assert models.serving(TENANT) is None


def test_the_time_of_the_last_training_stays(models: SqlItemModels) -> None:
    """R-REC-10: also while no model serves."""
    assert models.tried_at(TENANT) is None
    models.note_tried(TENANT, AT)
    models.put(TENANT, TRAINED)
    models.remove(TENANT)
    assert (models.tried_at(TENANT), models.tried_at(CLUB)) == (AT, None)
