"""Overlay video: skeleton, count and cues drawn on the analyzed video."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from application.analysis.video_poses import Progress
from application.kernel.video import OverlayCaption, OverlaySink, Pose, VideoDecoder
from application.sessions.history import SessionHistory, session_trace
from domain.ids import SessionId, TenantId
from domain.motion.facts import TraceSample
from domain.motion.landmarks import PoseChunk
from domain.sessions import events
from domain.sessions.set_state import movement_of

CUE_S = 2.0
"""Seconds for which a cue is shown: enough to read five words."""


class OverlayRenderer:
    """Renderer of overlay videos."""

    def __init__(
        self, *, history: SessionHistory, decoder: VideoDecoder, sink: OverlaySink
    ) -> None:
        self._history = history
        self._decoder = decoder
        self._sink = sink

    def draw(
        self, tenant_id: TenantId, session_id: SessionId, video: Path, to: Path, progress: Progress
    ) -> None:
        """Write an mp4. Raises SessionNotFound, SessionNotRecorded, or what either file refuses."""
        trace = session_trace(self._history, tenant_id, session_id).samples
        captions = _Captions(self._history.events(tenant_id, session_id), trace)
        poses = chain.from_iterable(map(_poses, self._history.poses(tenant_id, session_id)))
        with self._decoder.open(video) as source, self._sink.open(to, source.shape) as drawn:
            duration = source.shape.duration_s or 0.0
            for frame, pose in zip(source.frames(), poses, strict=False):
                drawn.write(frame, pose, captions.at(frame.time_s))
                progress(min(frame.time_s / duration, 1.0) if duration else 0.0)
        progress(1.0)


def _poses(chunk: PoseChunk) -> Iterator[Pose | None]:
    worlds = [None] * len(chunk) if chunk.world is None else chunk.world
    for image, world, seen in zip(chunk.image, worlds, chunk.has_pose, strict=True):
        yield Pose(image, world) if seen else None


class _Captions:
    """Captions of frames, by time."""

    def __init__(
        self, history: Sequence[events.SessionEvent], trace: Sequence[TraceSample]
    ) -> None:
        reps: dict[tuple[int, int], events.Movement] = {}
        for event in history:
            match event:
                case events.RepetitionCounted(set=number):
                    reps[number, event.number] = movement_of(event)
                case events.RepetitionsReconciled(set=number, withdrawn=withdrawn):
                    for each in withdrawn:
                        reps.pop((number, each), None)
                case events.RepetitionOverruled(set=number, movement=movement):
                    reps.pop((number, event.number), None)
                    if event.accepted:
                        reps[number, event.number] = movement
                case _:
                    pass  # not a repetition
        self._reps = sorted(reps.values(), key=lambda rep: rep.span.end_ms)
        self._cues = [
            event for event in history if isinstance(event, events.FaultSeen | events.PraiseEarned)
        ]
        self._trace = trace
        self._trace_times = [sample.time_s for sample in trace]

    def at(self, time_s: float) -> OverlayCaption:
        done = [rep for rep in self._reps if rep.span.end_ms <= time_s * 1000]
        cue = next(
            (
                event.cue
                for event in reversed(self._cues)
                if 0 <= time_s - event.at_ms / 1000 <= CUE_S
            ),
            None,
        )
        form = done[-1].form if done else None
        return OverlayCaption(count=len(done), phase=self._phase(time_s), cue=cue, form=form)

    def _phase(self, time_s: float) -> str:
        index = bisect_right(self._trace_times, time_s) - 1
        return self._trace[index].phase if index >= 0 else "rest"
