"""Latency of a live chunk by hop: from its capture to the reply at the client.

    client   until the server starts the request: the wait for its turn, and the connection
    api      until the chunk is sent to the bus; embedded, until the answer is written
    bus      until the worker starts it
    worker   until the worker has sent its answer to the bus
    answer   until the client has it: the bus, the API again, and the connection

Figures are percentiles of each hop over the traced chunks; they do not add up to percentiles of the
whole. Times on the bus are exact to a millisecond.
"""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from kafka import KafkaConsumer, TopicPartition

from application.kernel.topics import PARTITIONS, POSE_STREAM
from application.kernel.tracing import TRACE_PARENT
from benchmarks._harness import PATH
from benchmarks._live_load import Sent
from benchmarks._spans import Times

REQUEST: Final = f"POST {PATH}"
WORK: Final = f"work {POSE_STREAM.name}"
MS: Final = 1e6
"""Nanoseconds per millisecond."""


def on_bus_ns(bootstrap: str, traced: Mapping[str, Sent]) -> dict[str, int]:
    """Return the time at which each of these chunks was sent to the bus, by its trace."""
    began_ms = min(sent.due_ns for sent in traced.values()) // 1_000_000
    consumer = KafkaConsumer(bootstrap_servers=bootstrap)
    partitions = [TopicPartition(POSE_STREAM.name, number) for number in range(PARTITIONS)]
    ends = consumer.end_offsets(partitions)
    consumer.assign(partitions)
    for partition, start in consumer.offsets_for_times(dict.fromkeys(partitions, began_ms)).items():
        consumer.seek(partition, ends[partition] if start is None else start.offset)
    times: dict[str, int] = {}
    while any(consumer.position(each) < ends[each] for each in partitions):
        for records in consumer.poll(timeout_ms=500).values():
            for record in records:
                trace = _trace_of(record)
                if trace in traced:
                    times.setdefault(trace, record.timestamp * 1_000_000)
    consumer.close()
    return times


def _trace_of(record: Any) -> str:
    parents = [value.decode() for name, value in record.headers if name == TRACE_PARENT]
    return parents[-1].split("-")[1] if parents else ""


def hops_ms(
    traced: Mapping[str, Sent], spans: Mapping[str, Mapping[str, Times]], bus: Mapping[str, int]
) -> dict[str, Any]:
    """Split the time from capture to answer by hop; `bus` is empty in the embedded composition."""
    split = [
        _split(sent, spans[trace], bus.get(trace))
        for trace, sent in traced.items()
        if REQUEST in spans.get(trace, {})
    ]
    whole = [each for each in split if each is not None]
    names = whole[0].keys() if whole else ()
    return {"traces": len(whole)} | {
        name: dict(_shares([each[name] for each in whole])) for name in names
    }


def _split(sent: Sent, spans: Mapping[str, Times], bus_ns: int | None) -> dict[str, float] | None:
    """Split one chunk's time by hop; None if the workers' answer was too late for the client."""
    request = spans[REQUEST]
    if bus_ns is None:
        # The client may continue before the server has recorded the end of the request.
        marks = {"client": request.began_ns, "api": min(request.ended_ns, sent.answered_ns)}
    elif WORK in spans:
        marks = {
            "client": request.began_ns,
            "api": bus_ns,
            "bus": spans[WORK].began_ns,
            "worker": spans[WORK].ended_ns,
        }
    else:
        return None
    times = [sent.due_ns, *marks.values(), sent.answered_ns]
    if times[-2] > times[-1]:
        return None
    lasted = (later - earlier for earlier, later in pairwise(times))
    return {name: ns / MS for name, ns in zip((*marks, "answer"), lasted, strict=True)}


def _shares(took: Sequence[float]) -> Iterator[tuple[str, float]]:
    if len(took) < 2:
        return
    parts = statistics.quantiles(took, n=20, method="inclusive")
    yield from (("p50", round(parts[9], 1)), ("p95", round(parts[18], 1)))
