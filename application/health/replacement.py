"""Batches that follow one of a device, and delete the other records of files that it replaces."""

from itertools import islice
from uuid import UUID, uuid5

from application.health.places import StoredRecords, replaced_ids
from application.kernel.command_handler import CommandHandler, Request
from domain.health.batch import HEALTH_BATCH, MAX_BATCH, StoreBatch
from domain.health.events import MetricsSynced, Records
from domain.kernel import Origin
from domain.personal import Erased


def replace_rest(
    commands: CommandHandler,
    batch: MetricsSynced,
    stored: StoredRecords,
    *,
    origin: Origin,
    command_id: UUID,
) -> int:
    """Delete the other records of files that a batch replaces, in further batches.

    They are more than the batch itself can delete, or were imported while it was stored. If the
    batch is repeated, because its process ended in between, this continues. Returns the position of
    the last event, or 0 if there was nothing to delete.
    """
    content, position = batch.records.value, 0
    if isinstance(content, Erased):
        return position
    done = frozenset(content.deleted)
    rest = (each for each in replaced_ids(content.records, stored) if each not in done)
    while part := tuple(sorted(islice(rest, MAX_BATCH))):
        part_id = uuid5(command_id, ",".join(part))
        store = StoreBatch(
            user_id=batch.user_id,
            source=batch.source,
            records=Records((), part),
            unchanged=0,
            rejected=0,
            at=batch.at,
        )
        request = Request(HEALTH_BATCH, str(part_id), [store])
        position = commands.execute(request, origin=origin, command_id=part_id).position
    return position
