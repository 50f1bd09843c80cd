"""Chaos rounds with pose workers.

The expected results are computed without a broker from the messages in the topic: every fact,
cue and dead letter by its id, and the last state of every session, byte for byte.
"""

import random
import time
from collections.abc import Mapping
from pathlib import Path

from adapters.live import pose_stream_codec
from application.kernel.topics import PARTITIONS
from application.live.chunk import SessionKey
from application.live.tracker import TrackerState, track
from domain.ids import SessionId, TenantId
from domain.kernel import Rejected
from streams.codecs import encode_cue, encode_detection, encode_state
from streams.table_checkpoints import DUE, STATE, due_key
from tests.streams.lab import Lab, Outputs, Plan, by_id, by_place, compare, place
from tests.streams.videos import EXERCISES, chunk_message

POISON = b"this is no chunk"


KEY = SessionKey(TenantId("gym"), SessionId("s-1"))


class PoseRound(Lab):
    """Many concurrent sessions with duplicated, delayed, lost and invalid chunks."""

    work = "pose"

    def __init__(self, bootstrap: str, plan: Plan, folder: Path, *options: str) -> None:
        super().__init__(bootstrap, plan, folder, *options)
        self._due = dict.fromkeys(range(PARTITIONS), 0)
        self._read_to: dict[int, int] = {}

    def send(self) -> None:
        chance = random.Random(self.plan.seed)  # noqa: S311  not for secrets
        topic = self.topics.pose_stream
        with self.producer() as producer:
            for at in range(self.plan.chunks):
                for number in range(self.plan.sessions):
                    key = f"gym/{self.plan.seed}-{number}".encode()
                    lot = chance.random()
                    if lot < 0.01:
                        producer.send(topic, key=key, value=POISON, headers=[("from", b"me")])
                    if lot > 0.01:  # otherwise it is lost
                        producer.send(topic, key=key, value=self._message(number, at))
                    if lot > 0.97 and at:
                        again = at - chance.choice((0, 1))
                        producer.send(topic, key=key, value=self._message(number, again))
                time.sleep(self.plan.pace_s)

    def _message(self, number: int, at: int) -> bytes:
        half = self.plan.chunks // 2
        message = chunk_message(
            1 + at % half,
            number=1 + at // half,
            exercise=EXERCISES[number % 2],
            take=number % 4,
            last=at % half == half - 1 and number % 3 > 0,
            at=at,
        )
        return pose_stream_codec.encode(KEY, message)

    def unworked(self) -> Mapping[int, int]:
        for record in self.read(self.topics.sessions_changelog, after=self._read_to):
            self._read_to[record.partition] = record.offset + 1
            if record.key == due_key(record.partition):
                self._due[record.partition] = DUE.unpack(record.value)[0]
        ends = self.ends(self.topics.pose_stream)
        return {partition: ends[partition] - self._due[partition] for partition in ends}

    def differences(self) -> dict[str, int]:
        facts, cues, letters, states = self._expected()
        aside = self.topics.pose_worker.dead_letters
        return {
            f"{name} {what}": count
            for name, found, expected in (
                ("facts", by_id(self.read(self.topics.exercise_detect)), facts),
                ("cues", by_id(self.read(self.topics.cue_make)), cues),
                ("letters", by_place(self.read(aside)), letters),
                ("states", self._states(), states),
            )
            for what, count in compare(found, expected).items()
        } | {"messages unworked": sum(self.unworked().values())}

    def _states(self) -> Outputs:
        states: dict[bytes, bytes] = {}
        for record in self.read(self.topics.sessions_changelog):
            if not record.key.startswith(b"\x00"):
                latest = states.get(record.key)
                if latest is None or position(record.value) >= position(latest):
                    states[record.key] = record.value
        return {key: {state} for key, state in states.items()}

    def _expected(self) -> tuple[Outputs, Outputs, Outputs, Outputs]:
        """Process the topic's messages without a broker, once each, in order."""
        sessions: dict[bytes, TrackerState] = {}
        facts, cues, letters, states = Outputs(), Outputs(), Outputs(), Outputs()
        for record in self.read(self.topics.pose_stream):
            key = SessionKey.parse(record.key.decode())
            try:
                message = pose_stream_codec.decode(record.value)
                session, detections = track(sessions.get(record.key), record.offset, message)
            except Rejected:
                letters[place(record)] = {record.value}
                continue
            sessions[record.key] = session
            header = STATE.pack(record.timestamp, session.position)
            states[record.key] = {header + encode_state(session)}
            for one in detections:
                name = str(one.id(key)).encode()
                facts[name] = {encode_detection(key, one)}
                if cue := encode_cue(key, one):
                    cues[name] = {cue}
        return facts, cues, letters, states


def position(state: bytes) -> int:
    return int(STATE.unpack_from(state)[1])
