"""Cost of the worker contract's codecs compared with protobuf alone.

`protobuf` and `json` convert a message to bytes and back. `json_format` is protobuf's own module,
which converts to and from dictionaries only. The reference, `alone`, serializes and parses a
message of the generated class.

Run `python -m benchmarks.worker_messages [--json] [--rounds 300]`.
"""

from collections.abc import Callable
from typing import Any

from google.protobuf import json_format

from adapters.rpc.protobuf import ProtobufCodec, generated
from application.live.chunk import IngestChunk, SessionKey
from application.live.replies import LiveReply
from application.live.tracker import Detection, TrackerState, track
from application.live.worker_contract import DetectedFact
from application.live.worker_handlers import to_live_chunk
from benchmarks._report import Row, compare, print_report
from benchmarks.worker_calls import messages
from domain.ids import DEFAULT_TENANT, SessionId
from domain.motion.facts import RepetitionCounted
from streams.codecs import encode_detection
from streams.json_codec import JsonCodec

KEY = SessionKey(DEFAULT_TENANT, SessionId("s"))

Pair = tuple[Callable[[], object], Callable[[], object]]
"""What encodes a message, and what decodes it."""


def examples() -> dict[str, Any]:
    """Return half a second of landmarks, the reply to it, and a repetition."""
    state: TrackerState | None = None
    detections: list[Detection] = []
    chunks = messages(2)
    for message in chunks:
        result = track(state, message.sequence, message)
        state = result.session
        detections += result.detections
    reply = LiveReply.processed(IngestChunk(session=KEY, message=message), result)
    counted = next(each for each in detections if isinstance(each.fact, RepetitionCounted))
    detected = JsonCodec().decode(DetectedFact, encode_detection(KEY, counted))
    return {"chunk": to_live_chunk(KEY, chunks[0]), "reply": reply, "repetition": detected}


def ways(message: Any) -> dict[str, Pair]:
    kind, protobuf, json = type(message), ProtobufCodec(), JsonCodec()
    content, text = protobuf.encode(message), json.encode(message)
    parse = generated(kind).FromString
    wire = parse(content)
    as_dict = json_format.MessageToDict(wire)
    return {
        "alone": (wire.SerializeToString, lambda: parse(content)),
        "protobuf": (lambda: protobuf.encode(message), lambda: protobuf.decode(kind, content)),
        "json": (lambda: json.encode(message), lambda: json.decode(kind, text)),
        "json_format": (
            lambda: json_format.ParseDict(as_dict, generated(kind)()).SerializeToString(),
            lambda: json_format.MessageToDict(parse(content)),
        ),
    }


def run(rounds: int) -> list[Row]:
    rows: list[Row] = []
    for name, message in examples().items():
        pairs = ways(message)
        for way, pair in pairs.items():
            row: Row = {"message": name, "way": way}
            for work, ours, alone in zip(("encode", "decode"), pair, pairs["alone"], strict=True):
                times = compare(lambda _: ours(), lambda _: alone(), rounds)
                row[f"{work}_us"] = round(1e6 * times.ours_s, 1)
                row[f"{work}_ratio"] = round(times.ratio, 1)
            rows.append(row)
    return rows


if __name__ == "__main__":
    print_report(__doc__, run, rounds=300)
