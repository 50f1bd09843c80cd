"""Data loaders: batch the reads of rows that belong to the rows of a response.

A list announces the owners whose rows may be requested (`expect`). The first request then reads the
rows of all of them, so a response costs one read per kind of row.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from application.kernel.ports import EventLog
from application.kernel.read_models import ReadModels
from domain.ids import TenantId
from domain.kernel import Projection, Recorded
from projections.achievement import ACHIEVEMENT
from projections.achievement_check import ACHIEVEMENT_CHECK
from projections.cue import CUE
from projections.exercise_set import EXERCISE_SET
from projections.fault_feedback import FAULT_FEEDBACK
from projections.recording_chunk import RECORDING_CHUNK
from projections.rejected_repetition import REJECTED_REPETITION
from projections.repetition import REPETITION
from projections.session_recording import SESSION_RECORDING

Row = TypeVar("Row")


class Loader(Generic[Row]):
    """Loader of the rows of several owners. Belongs to one request, and is used by one thread."""

    def __init__(self, read: Callable[[Collection[str]], Mapping[Any, Sequence[Row]]]) -> None:
        self._read = read
        self._expected: set[str] = set()
        self._rows: dict[str, Sequence[Row]] = {}

    def expect(self, owners: Iterable[str]) -> None:
        """Announce owners whose rows may be requested."""
        self._expected.update(owners)

    def of(self, owner: str) -> Sequence[Row]:
        """Return the owner's rows in order of key."""
        if owner not in self._rows:
            missing = (self._expected | {owner}) - self._rows.keys()
            self._rows.update(self._read(missing))
        return self._rows[owner]


class Loaders:
    """Loaders of one request; `histories` are the events of whole streams."""

    def __init__(self, read: ReadModels, log: EventLog, tenant_id: TenantId) -> None:
        def owned(projection: Projection[Row], column: str) -> Loader[Row]:
            return Loader(lambda owners: read.by(projection, tenant_id, column, owners))

        self.sets = owned(EXERCISE_SET, "session_id")
        self.repetitions = owned(REPETITION, "session_id")
        self.rejected = owned(REJECTED_REPETITION, "session_id")
        self.cues = owned(CUE, "session_id")
        self.fault_feedback = owned(FAULT_FEEDBACK, "session_id")
        self.recordings = owned(SESSION_RECORDING, "session_id")
        self.chunks = owned(RECORDING_CHUNK, "recording_id")
        self.achievements = owned(ACHIEVEMENT, "session_id")
        self.checks = owned(ACHIEVEMENT_CHECK, "id")
        self.histories: Loader[Recorded[Any]] = Loader(
            lambda streams: log.load_many(tenant_id, streams)
        )

    def expect_sessions(self, session_ids: Collection[str]) -> None:
        """Announce sessions whose parts may be requested. A recording has the id of its session."""
        for loader in (self.sets, self.repetitions, self.rejected, self.cues, self.recordings):
            loader.expect(session_ids)
        self.fault_feedback.expect(session_ids)
        self.chunks.expect(session_ids)
        self.achievements.expect(session_ids)
        self.checks.expect(session_ids)
