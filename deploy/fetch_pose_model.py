"""An image may bring the pose model along, where the package index answers while it is built.

python -m deploy.fetch_pose_model FOLDER
"""

import sys
from pathlib import Path

from adapters.pose.model_file import PoseModelSource, PoseModelUnavailable


def main(folder: Path) -> None:
    """Build the model into the folder, or say that the first analysis will."""
    try:
        model = PoseModelSource(cache=folder).resolve()
    except PoseModelUnavailable as refused:
        sys.stdout.write(f"The image comes without the pose model. {refused.detail}\n")
    else:
        sys.stdout.write(f"The image brings {model.name}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
