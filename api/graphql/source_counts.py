"""Two looks at a set in GraphQL: the device's, and ours of its pictures (C-02)."""

import enum

import strawberry

from application.live import feed_events as told
from domain import values


@strawberry.enum(description="Where landmarks were found: on the device, or in its pictures here.")
class PoseSource(enum.Enum):
    """Who found them."""

    DEVICE = "device"
    SERVER = "server"


@strawberry.type(description="What one of two looks at a set came to, and in how many frames.")
class Look:
    """A look."""

    poses: PoseSource
    model: str
    frames: int
    repetitions: int
    faults: list[str]

    @classmethod
    def of(cls, look: values.Look) -> "Look":
        """Tell a look."""
        return cls(
            poses=PoseSource(look.poses),
            model=look.model,
            frames=look.frames,
            repetitions=look.repetitions,
            faults=list(look.faults),
        )


@strawberry.type(description="A later look corrected the count of a set, now `repetitions`.")
class RepetitionsRevised:
    """A correction."""

    set: int
    repetitions: int
    withdrawn: list[int]
    added: list[int]
    looks: list[Look]
    stands: PoseSource | None

    @classmethod
    def of(cls, what: told.RepetitionsRevised) -> "RepetitionsRevised":
        """Tell a correction."""
        return cls(
            set=what.set,
            repetitions=what.repetitions,
            withdrawn=list(what.withdrawn),
            added=list(what.added),
            looks=[Look.of(look) for look in what.looks],
            stands=None if what.stands is None else PoseSource(what.stands),
        )
