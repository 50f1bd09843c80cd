"""Pose model for a container image, if the package index is available at build time.

python -m deploy.fetch_pose_model FOLDER
"""

import sys
from pathlib import Path

from adapters.pose.model_file import PoseModelSource, PoseModelUnavailable


def main(folder: Path) -> None:
    """Build the model into the folder, or print that the first analysis will."""
    try:
        model = PoseModelSource(cache=folder).resolve()
    except PoseModelUnavailable as refused:
        sys.stdout.write(f"The image comes without the pose model. {refused.detail}\n")
    else:
        sys.stdout.write(f"The image brings {model.name}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
