"""Seeded plan of the failures of a run, so that a run can be repeated."""

import random
from dataclasses import dataclass
from typing import Final, Literal

Control = Literal["", "client"]
"""The rule that a control run breaks: none, or that a client resends what was not accepted."""

PROCESSES: Final = {
    "api-1": ("serve",),
    "api-2": ("serve",),
    "relay": ("events", "relay"),
    "pose-1": ("worker", "pose"),
    "pose-2": ("worker", "pose"),
    "exercise": ("worker", "exercise"),
    "projections": ("worker", "projections"),
    "analytics": ("worker", "real-time-analytics"),
}
"""Every process of the platform, with its `kinelog` arguments."""

SERVERS: Final = ("kafka", "postgres")
TARGETS: Final = (*PROCESSES, *SERVERS)


@dataclass(frozen=True)
class Blow:
    """`target` is killed at this share of the work, and started again `back_after_s` later."""

    target: str
    at_share: float
    back_after_s: float


@dataclass(frozen=True)
class Plan:
    """One run. `speed` 1 is real time, 0 does not wait."""

    seed: int
    live: int
    blows: tuple[Blow, ...]
    speed: float = 1.0
    control: Control = ""

    @classmethod
    def of(
        cls, seed: int, *, live: int, kills: int, speed: float = 1.0, control: Control = ""
    ) -> "Plan":
        """Choose targets and times from the seed; each target once before any repeats."""
        chance = random.Random(seed)  # noqa: S311  not for secrets
        targets: list[str] = []
        while len(targets) < kills:
            targets += chance.sample(TARGETS, len(TARGETS))
        if control == "client":
            targets.insert(0, "kafka")  # while it is down no chunk is accepted
        moments = sorted(chance.uniform(0.02, 0.98) for _ in range(kills))
        blows = tuple(
            Blow(target, moment, chance.uniform(0.5, 4.0))
            for target, moment in zip(targets, moments, strict=False)
        )
        return cls(seed, live, blows, speed, control)
