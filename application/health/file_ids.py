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
"""Smallest number of an id that is made from a value. No file has as many records."""


def beginning(record_id: str) -> str:
    """Return what the ids of a file's records that differ only in their value have in common."""
    return record_id.partition("-")[0]


def batches(records: Iterable[Measured]) -> Iterator[list[Measured]]:
    """Yield the records of a file in batches. Adjacent records of one moment are in one batch.

    If they are more than MAX_BATCH, they are in several. An import that continues at the beginning
    of a batch gets the same batches from there on.
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

    Records that differ only in their value are numbered in the order of their file, and another
    file may not have all of them. So a record gets the id under which its value is stored. One
    whose value is not stored keeps its own id, which corrects the record stored under it; if that
    id is taken, it corrects a stored record that the file does not have, or gets a new id.
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
    # if some are in another batch, that batch may have taken stored ids
    is_whole = max(map(_number, own)) == len(own)
    taken = set(ids.values())
    for record_id in own:
        is_free = record_id not in taken and (is_whole or record_id not in stored)
        if record_id not in ids and is_free:
            ids[record_id] = record_id
    taken = set(ids.values())
    # an id that is not stored may be that of a deleted record
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
