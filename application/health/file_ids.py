"""Ids and batches of records of files, so that the records of one moment keep their own ids."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import groupby, islice
from typing import Final

from domain.health.batch import MAX_BATCH, Measured
from domain.health.metrics import find_metric
from domain.kernel import Rejected
from projections.health_metric import HealthMetric

FIRST_OF_VALUES: Final = 10**9
"""Ids that follow from a value have numbers from here on: no file has as many records."""


def beginning(record_id: str) -> str:
    """Return what the ids of a file's records that differ only in their value have in common."""
    return record_id.partition("-")[0]


def batches(records: Iterable[Measured]) -> Iterator[list[Measured]]:
    """Yield the records of a file in batches, each with all records of a moment side by side.

    More than MAX_BATCH of them are in several batches. From the beginning of each batch, the
    following ones are the same.
    """
    batch: list[Measured] = []
    for _, group in groupby(records, lambda each: beginning(each.id)):
        while part := list(islice(group, MAX_BATCH)):
            if len(batch) + len(part) > MAX_BATCH:
                yield batch
                batch = []
            batch = batch + part
    if batch:
        yield batch


def with_stored_ids(
    records: Sequence[Measured], rows: Iterable[HealthMetric]
) -> tuple[Measured, ...]:
    """Return the records of a batch, of which those that are stored have the ids of their rows.

    Files number records that differ only in their value in their own order, and another file may
    not have all of them. Those that are not stored keep their ids, or correct stored records that
    the file does not have.
    """
    stored: dict[str, dict[str, float | None]] = defaultdict(dict)
    for row in rows:
        stored[beginning(row.record_id)][row.record_id] = row.value
    moments: dict[str, dict[str, Measured]] = defaultdict(dict)
    for each in records:
        moments[beginning(each.id)][each.id] = each
    ids: dict[str, str] = {}
    for name, own in moments.items():
        ids.update(_ids(own, stored.get(name, {})))
    return tuple(replace(each, id=ids[each.id]) for each in records)


def _ids(own: Mapping[str, Measured], stored: Mapping[str, float | None]) -> dict[str, str]:
    """Return the ids of the records of one moment, by their ids in the file."""
    ids: dict[str, str] = {}
    left = dict(stored)
    for record_id, each in own.items():
        _take_equal(ids, left, each, (record_id, _id_of_value(each)))
    for record_id, each in own.items():
        if record_id not in ids:
            _take_equal(ids, left, each, tuple(left))
    # an earlier batch may have found its records among the stored ones
    is_whole = max(map(_number, own)) == len(own)
    taken = set(ids.values())
    for record_id in own:
        is_free = record_id not in taken and (is_whole or record_id not in stored)
        if record_id not in ids and is_free:
            ids[record_id] = record_id
    taken = set(ids.values())
    # ids that are not stored may be those of deleted records
    corrected = [each for each in own if is_whole and each in stored and each not in taken]
    for record_id, each in own.items():
        if record_id not in ids:
            ids[record_id] = corrected.pop(0) if corrected else _id_of_value(each)
    return ids


def _take_equal(
    ids: dict[str, str], left: dict[str, float | None], each: Measured, among: Iterable[str]
) -> None:
    """Give a record the first id among these under which its value is stored."""
    figure = _figure(each)
    for stored_id in among:
        if stored_id in left and left[stored_id] == figure:
            ids[each.id] = stored_id
            del left[stored_id]
            return


def _number(record_id: str) -> int:
    return int(record_id.partition("-")[2] or 1)


def _id_of_value(each: Measured) -> str:
    """Return an id that no other record of the moment has, neither in this batch nor later."""
    digest = sha256(f"{each.value}|{each.unit}".encode()).hexdigest()
    return f"{beginning(each.id)}-{FIRST_OF_VALUES + int(digest[:15], 16)}"


def _figure(measured: Measured) -> float | None:
    try:
        return find_metric(measured.metric).normalize(measured.value, measured.unit)
    except Rejected:
        return None
