"""Poses of the sample athlete on skeletons with fewer points."""

import numpy as np

from domain.motion.landmarks import PoseChunk
from domain.motion.signals.skeletons import (
    Skeleton,
)


def project_to(source: Skeleton, chunk: PoseChunk) -> np.ndarray:
    """Convert to the output of another pose model: (n, its points, 3) of x, y and a score."""
    points = np.full((len(chunk), len(source.points), 3), 0.5)
    for column, landmark in enumerate(source.landmarks):
        if landmark is not None:
            points[:, column] = chunk.image[:, landmark][:, [0, 1, 3]]
    return points
