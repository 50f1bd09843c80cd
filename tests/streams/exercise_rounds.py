"""Chaos rounds with exercise workers; the log is PostgreSQL."""

import random
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid5

from adapters.clock import new_id, utc_now
from adapters.event_log.memory import MemoryEventLog
from adapters.event_log.postgres import PostgresEventLog
from adapters.event_log.worker_checkpoints import SqlPositions
from adapters.migrations import SCHEMA
from adapters.sql.engines import open_engine
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import EventLog
from application.live.chunk import SessionKey
from application.live.detections import to_commands
from application.live.tracker import NAMESPACE, TrackerState, track
from domain.ids import ExerciseId, SessionId, TenantId, UserId
from domain.kernel import Origin
from domain.sessions import commands as session
from domain.sessions.session import SESSION
from domain.values import CountedBy
from streams.codecs import decode_detection, encode_detection
from tests.streams.lab import Lab, Plan, by_place, place
from tests.streams.videos import EXERCISES, chunk_message

TENANT = TenantId("gym")
AT = datetime(2030, 1, 31, 7, 30, tzinfo=UTC)
POISON = b"this is no fact"


class ExerciseRound(Lab):
    """Sets of many sessions; some detections are duplicated, some invalid, some rejected."""

    work = "exercise"

    def __init__(self, bootstrap: str, plan: Plan, folder: Path, postgres: str) -> None:
        super().__init__(bootstrap, plan, folder, "--postgres", postgres)
        self._log = PostgresEventLog(postgres, clock=utc_now, new_id=new_id)
        self._engine = open_engine(postgres, schema=SCHEMA)
        self._positions = SqlPositions(self._engine)
        self._keys = [
            SessionKey(TENANT, SessionId(f"{self.topics.prefix}{number}"))
            for number in range(plan.sessions)
        ]

    def close(self) -> None:
        self._log.close()
        self._engine.dispose()

    def send(self) -> None:
        self._begin(self._log)
        chance = random.Random(self.plan.seed)  # noqa: S311  not for secrets
        detections = [self._facts(number, key) for number, key in enumerate(self._keys)]
        topic = self.topics.exercise_detect
        with self.producer() as producer:
            for at in range(max(map(len, detections))):
                for key, facts in zip(self._keys, detections, strict=True):
                    name, lot = str(key).encode(), chance.random()
                    if lot < 0.02:
                        producer.send(topic, key=name, value=POISON, headers=[("from", b"me")])
                    if at < len(facts):
                        producer.send(topic, key=name, value=facts[at])
                        if lot > 0.9:
                            producer.send(topic, key=name, value=chance.choice(facts[: at + 1]))
                time.sleep(self.plan.pace_s)

    def _facts(self, number: int, key: SessionKey) -> list[bytes]:
        standing: TrackerState | None = None
        facts: list[bytes] = []
        for at in range(1, self.plan.chunks + 1):
            message = chunk_message(
                at,
                exercise=EXERCISES[number % 2],
                take=number % 4,
                last=at == self.plan.chunks,
            )
            standing, detections = track(standing, at, message)
            facts += [encode_detection(key, one) for one in detections]
        return facts

    def _begin(self, log: EventLog) -> None:
        """Start each session and its set, except every fifth, whose detections are rejected."""
        for number, key in enumerate(self._keys):
            if number % 5 == 4:
                continue
            wanted: list[session.SessionCommand] = [
                session.StartSession(athlete_id=UserId("ada"), at=AT),
                session.StartSet(
                    set=1,
                    exercise_id=ExerciseId(EXERCISES[number % 2]),
                    counted_by=CountedBy("server", "mannequin", 1),
                ),
            ]
            self._execute(log, key, wanted, uuid5(NAMESPACE, f"begin {key}"))

    def _execute(
        self, log: EventLog, key: SessionKey, wanted: list[session.SessionCommand], command_id: UUID
    ) -> None:
        origin = Origin(tenant_id=key.tenant_id, actor="ada", correlation_id=command_id)
        request = Request(SESSION, key.session_id, wanted)
        CommandHandler(log, settled=lambda _: None).execute(
            request, origin=origin, command_id=command_id
        )

    def unworked(self) -> Mapping[int, int]:
        due = self._positions.load(self.topics.exercise_worker.name, self.topics.exercise_detect)
        ends = self.ends(self.topics.exercise_detect)
        return {partition: end - due.get(partition, 0) for partition, end in ends.items()}

    def differences(self) -> dict[str, int]:
        log = MemoryEventLog(clock=utc_now, new_id=new_id)
        self._begin(log)
        letters = self._work_off(log)
        found = by_place(self.read(self.topics.exercise_worker.dead_letters))
        events = [(self._events(self._log, key), self._events(log, key)) for key in self._keys]
        return {
            "sessions other": sum(stored != expected for stored, expected in events),
            "events lost": sum(max(0, len(right) - len(left)) for left, right in events),
            "events too many": sum(max(0, len(left) - len(right)) for left, right in events),
            "letters other": len(found.keys() ^ letters),
            "messages unworked": sum(self.unworked().values()),
        }

    def _work_off(self, log: EventLog) -> set[bytes]:
        letters: set[bytes] = set()
        for record in self.read(self.topics.exercise_detect):
            try:
                key, fact_id, detection = decode_detection(record.value)
                if wanted := list[session.SessionCommand](to_commands(detection)):
                    self._execute(log, key, wanted, fact_id)
            except Exception:  # noqa: BLE001  whatever it is, the worker puts it aside
                letters.add(place(record))
        return letters

    def _events(self, log: EventLog, key: SessionKey) -> list[object]:
        stored = log.load(key.tenant_id, f"{SESSION.category}-{key.session_id}")
        return [recorded.event for recorded in stored]
