"""Counts of a set by source: from the device's landmarks, and from those of its pictures (C-02)."""

import enum

import strawberry

from api.graphql.derived_types import convert, derived
from api.graphql.fields import field
from api.views import sessions as views
from application.live import feed_events


@strawberry.enum(description="Source of landmarks: the device, or its pictures on the server.")
class PoseSource(enum.Enum):
    """Source of landmarks."""

    DEVICE = "device"
    SERVER = "server"


@derived(views.SourceCount)
class SourceCount:
    """The count of a set from one source, and its number of frames."""

    poses: PoseSource


@strawberry.type(description="The old name of `SourceCount`.")
class Look(SourceCount):
    """A count under the old name of its type."""


@strawberry.type
class SourceCounts:
    """Counts by source where they differ, and the source that is accepted."""

    source_counts: list[SourceCount]
    accepted_source: PoseSource | None

    @field("Counts by source, if they differ.", instead="sourceCounts")
    def looks(self) -> list[Look]:
        """Return them under their old name."""
        return [convert(Look, each) for each in self.source_counts]

    @field("The accepted source.", instead="acceptedSource")
    def stands(self) -> PoseSource | None:
        """Return it under its old name."""
        return self.accepted_source


@strawberry.type(description="The count of a set was corrected to `repetitions`.")
class RepetitionsRevised(SourceCounts):
    """A correction."""

    set: int
    repetitions: int
    withdrawn: list[int]
    added: list[int]

    @classmethod
    def of(cls, event: feed_events.RepetitionsRevised) -> "RepetitionsRevised":
        """Return the view of a correction."""
        return convert(
            cls,
            event,
            source_counts=[convert(SourceCount, look) for look in event.looks],
            accepted_source=None if event.stands is None else PoseSource(event.stands),
        )
