"""Topic and group names of the live workers, with a prefix per platform on a shared Kafka.

They are declared in `application.kernel.topics` and created before a worker starts, not by Faust.
"""

from dataclasses import dataclass, replace

from application.kernel import topics as declared
from application.kernel.topics import Group


@dataclass(frozen=True)
class Topics:
    """Topic and group names (R-EVT-09, C-07) after the platform's prefix, which may be empty."""

    prefix: str = ""

    @property
    def pose_stream(self) -> str:
        """Chunks of landmarks, from clients."""
        return f"{self.prefix}{declared.POSE_STREAM.name}"

    @property
    def exercise_detect(self) -> str:
        """Detections from landmarks."""
        return f"{self.prefix}{declared.EXERCISE_DETECT.name}"

    @property
    def cue_make(self) -> str:
        """Corrections and praise for athletes, live."""
        return f"{self.prefix}{declared.CUE_MAKE.name}"

    @property
    def pose_reply(self) -> str:
        """Replies to chunks, for their senders."""
        return f"{self.prefix}{declared.POSE_REPLY.name}"

    @property
    def sessions_changelog(self) -> str:
        """Changelog of the Faust table of live sessions."""
        return f"{self.prefix}{declared.SESSIONS_CHANGELOG.name}"

    @property
    def pose_worker(self) -> Group:
        """Consumer group that turns landmarks into detections."""
        return self._named(declared.POSE_WORKER)

    @property
    def exercise_worker(self) -> Group:
        """Consumer group that records detections in sessions."""
        return self._named(declared.EXERCISE_WORKER)

    def _named(self, group: Group) -> Group:
        topics = tuple(f"{self.prefix}{topic}" for topic in group.topics)
        return replace(group, name=f"{self.prefix}{group.name}", topics=topics)
