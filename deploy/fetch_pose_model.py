"""Pose models for a container image, if the package indexes are available at build time.

python -m deploy.fetch_pose_model FOLDER
"""

import sys
from pathlib import Path

from adapters.pose.model_choice import MODELS
from adapters.pose.model_file import PoseModelSource, PoseModelUnavailable


def main(folder: Path) -> None:
    """Build the models into the folder, or print that the first analysis will."""
    for name, recipe in MODELS.items():
        try:
            model = PoseModelSource(folder, recipe=recipe).resolve()
        except PoseModelUnavailable as refused:
            sys.stdout.write(f"The image comes without {name}. {refused.detail}\n")
        else:
            sys.stdout.write(f"The image brings {model.name}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
