"""Ids and batches of records of files, so that the records of one moment keep their own ids."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import groupby, islice
from typing import Final

from domain.health.batch import MAX_BATCH, Measured
from domain.health.metrics import find_metric
from domain.kernel import Rejected
from projections.health_metric import HealthMetric

MOST_NUMBERS: Final = 9
"""Numbers of one moment under which deleted records are looked for."""

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


def ids_of_shared_moments(records: Sequence[Measured], rows: Iterable[HealthMetric]) -> list[str]:
    """Return the ids that deleted records may have at moments of a batch with several records.

    Several are in the batch, or one has another value than a stored one.
    """
    stored = {row.record_id: row.value for row in rows}
    taken = {beginning(each) for each in stored}
    counts = Counter(beginning(each.id) for each in records)
    ids: dict[str, None] = {}
    for each in records:
        name = beginning(each.id)
        is_alone = counts[name] == 1 and name not in taken
        if is_alone or stored.get(each.id) == _figure(each):
            continue
        numbered = (f"{name}-{number}" for number in range(2, MOST_NUMBERS + 1))
        ids.update(dict.fromkeys((name, *numbered, each.id, _id_of_value(each))))
    return list(ids)


def with_stored_ids(
    records: Sequence[Measured],
    rows: Iterable[HealthMetric],
    deleted: Mapping[str, float],
) -> tuple[Measured, ...]:
    """Return the records of a batch, of which those that are stored have the ids of their rows.

    Records that differ only in their value are numbered in the order of their file, and another
    file may not have all of them. So a record gets the id under which its value is stored. One
    whose value is not stored keeps its own id, which corrects the record stored under it; if that
    id is taken, it corrects a stored record that the file does not have, or gets a new id. One that
    has the value of a deleted record gets its id, and is not stored again; `deleted` has the values
    of deleted records at moments with several records, by id.
    """
    stored: dict[str, dict[str, float | None]] = defaultdict(dict)
    for row in rows:
        stored[beginning(row.record_id)][row.record_id] = row.value
    moments: dict[str, dict[str, Measured]] = defaultdict(dict)
    for each in records:
        moments[beginning(each.id)][each.id] = each
    gone: dict[str, dict[str, float | None]] = defaultdict(dict)
    for record_id, figure in deleted.items():
        gone[beginning(record_id)][record_id] = figure
    ids: dict[str, str] = {}
    for name, own in moments.items():
        ids.update(_ids(own, stored.get(name, {}), gone.get(name, {})))
    return tuple(replace(each, id=ids[each.id]) for each in records)


def _ids(
    own: Mapping[str, Measured],
    stored: Mapping[str, float | None],
    deleted: Mapping[str, float | None],
) -> dict[str, str]:
    """Return the ids of the records of one moment, by their ids in the file."""
    ids: dict[str, str] = {}
    left, gone = dict(stored), dict(deleted)
    for record_id, each in own.items():
        _take_equal(ids, left, each, (record_id, _id_of_value(each)))
    for record_id, each in own.items():
        if record_id not in ids:
            _take_equal(ids, left, each, tuple(left))
    for record_id, each in own.items():
        if record_id not in ids:
            _take_equal(ids, gone, each, tuple(gone))
    # if some are in another batch, that batch may have taken stored ids
    is_whole = max(map(_number, own)) == len(own)
    taken = set(ids.values())
    for record_id in own:
        is_free = record_id not in taken | deleted.keys() and (is_whole or record_id not in stored)
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
    """Give a record the first id among these under which its value is, or was, stored."""
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
