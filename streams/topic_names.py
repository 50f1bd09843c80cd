"""What the topics and groups of the live workers are called, where several platforms share a Kafka.

They are declared in `application.kernel.topics`, and made before a worker starts: Faust makes none.
"""

from dataclasses import dataclass, replace

from application.kernel import topics as declared
from application.kernel.topics import Group


@dataclass(frozen=True)
class Topics:
    """The literal names (R-EVT-09, C-07) after the prefix of a platform, which may be empty."""

    prefix: str = ""

    @property
    def pose_stream(self) -> str:
        """Landmarks in chunks, from clients."""
        return f"{self.prefix}{declared.POSE_STREAM.name}"

    @property
    def exercise_detect(self) -> str:
        """Facts made from landmarks."""
        return f"{self.prefix}{declared.EXERCISE_DETECT.name}"

    @property
    def cue_make(self) -> str:
        """Corrections and praise for athletes, live."""
        return f"{self.prefix}{declared.CUE_MAKE.name}"

    @property
    def pose_reply(self) -> str:
        """What became of each chunk, for those who sent it."""
        return f"{self.prefix}{declared.POSE_REPLY.name}"

    @property
    def sessions_changelog(self) -> str:
        """Where Faust keeps the table of sessions under way."""
        return f"{self.prefix}{declared.SESSIONS_CHANGELOG.name}"

    @property
    def pose_worker(self) -> Group:
        """The group that makes facts of landmarks."""
        return self._named(declared.POSE_WORKER)

    @property
    def exercise_worker(self) -> Group:
        """The group that enters facts into sessions."""
        return self._named(declared.EXERCISE_WORKER)

    def _named(self, group: Group) -> Group:
        topics = tuple(f"{self.prefix}{topic}" for topic in group.topics)
        return replace(group, name=f"{self.prefix}{group.name}", topics=topics)
