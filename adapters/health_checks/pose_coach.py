"""Health check of the pose coach's stores: whether all machines have the same ones."""

from collections.abc import Sequence

from application.operations.readiness import Check, Degraded
from application.pose_coach.stores import StoreName


def pose_coach_stores(*, in_files: Sequence[StoreName], is_public: bool) -> Check:
    """Check that no store is in files of one machine where several may run processes."""

    def probe() -> str:
        if not in_files:
            return "Both stores of the pose coach are on servers."
        sentence = f"Stores of the pose coach in the data folder: {', '.join(in_files)}"
        if is_public:
            raise Degraded(f"{sentence}. All machines must share it, or each has its own copies.")
        return f"{sentence}."

    return Check("poseCoachStores", probe, needed=False)
