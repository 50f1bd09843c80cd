"""Pose model files: given, cached, or built from a published package; not part of this package.

BlazePose is built here, MoveNet in `adapters.pose.movenet_model`. MediaPipe's packages contain no
model since 0.10.30. The networks themselves, Google's BlazePose ("full"), are still in the package
of 0.10.21; a `.task` file is an uncompressed zip of the two, with their input scaling as metadata.
Building a model gives the same bytes everywhere, so both the download and the result are checked
against their SHA-256.
"""

import hashlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from struct import pack
from typing import Final, Literal

from adapters.pose.tflite_metadata import BUFFER_ALIGNMENT, Scaling, with_input_scaling
from domain.kernel import Rejected

MODEL_FILE: Final = "pose_landmarker_full.task"
MODEL_SHA256: Final = "8c531780889dd1699ce73b4c08b32047e417a3a299319a8bbb7c1bf421838830"

PACKAGE: Final = "mediapipe==0.10.21"
PACKAGE_SHA256: Final = "05dc4a9e593655a79558d05d6227d31018c2537a4bd3362b51e230cf22aecfe3"
# The same wheel for all machines: only two files are read from it, and none of its code runs.
PACKAGE_TARGET: Final = (
    *("--platform", "manylinux_2_28_x86_64", "--implementation", "cp"),
    *("--python-version", "3.11", "--abi", "cp311", "--only-binary", ":all:", "--no-deps"),
)
DOWNLOAD_TIMEOUT_S: Final = 600

ZIP_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
ZIP_HEADER_BYTES: Final = 30
ALIGNMENT_FIELD: Final = 0xD935
"""The extra field that Android's `zipalign` uses for padding; readers ignore it."""


@dataclass(frozen=True)
class Network:
    """One network: its path in the package, its name in the model, its input scaling.

    The scalings are those of MediaPipe's own graphs, `pose_detection_cpu.pbtxt` (-1..1) and
    `pose_landmark_by_roi_cpu.pbtxt` (0..1).
    """

    source: str
    name: str
    scaling: Scaling


NETWORKS: Final = (
    Network(
        "mediapipe/modules/pose_detection/pose_detection.tflite",
        "pose_detector.tflite",
        Scaling(mean=127.5, std=127.5),
    ),
    Network(
        "mediapipe/modules/pose_landmark/pose_landmark_full.tflite",
        "pose_landmarks_detector.tflite",
        Scaling(mean=0, std=255),
    ),
)


class PoseModelUnavailable(Rejected):
    """The pose model is not available."""

    code = "pose_model.unavailable"
    kind = "unavailable"


Engine = Literal["mediapipe", "movenet"]
"""The program that runs a model."""


@dataclass(frozen=True)
class PoseModel:
    """An existing model file, the SHA-256 of its content in hexadecimal, and what runs it."""

    path: Path
    sha256: str
    family: str
    engine: Engine

    @property
    def name(self) -> str:
        """Name stored with counts: the family, and the first 12 digits of the content's SHA-256."""
        return f"{self.family}/{self.sha256[:12]}"


@dataclass(frozen=True)
class Recipe:
    """How a model is built from a published package; both have a known SHA-256.

    `fetch` downloads the package into a folder and returns its path. `build` makes the content of
    `file` of the package's content. `family` is the model's name in counts.
    """

    family: str
    engine: Engine
    file: str
    sha256: str
    package_sha256: str
    fetch: Callable[[Path], Path]
    build: Callable[[bytes], bytes]


def download(folder: Path) -> Path:
    """Download the package that contains the networks into a folder, with pip; install nothing."""
    command = [*_pip(), "download", "--quiet", *PACKAGE_TARGET, "--dest", str(folder), PACKAGE]
    run_client("pip", command, PACKAGE, MODEL_FILE)
    return next(folder.glob("*.whl"))


def run_client(
    client: str, command: Sequence[str], package: str, file: str, reason: int = -1
) -> None:
    """Run a package manager that downloads the package of a model. Raises PoseModelUnavailable.

    `reason` is the line of its errors that tells why it failed: the last, or 0 for the first.
    """
    try:
        subprocess.run(  # noqa: S603  every word of it is in this package
            command, check=True, capture_output=True, text=True, timeout=DOWNLOAD_TIMEOUT_S
        )
    except subprocess.CalledProcessError as failed:
        lines = str(failed.stderr).strip().splitlines() or ["it gave no reason"]
        raise unavailable(f"{client} could not fetch {package}: {lines[reason]}", file) from failed
    except (subprocess.TimeoutExpired, OSError) as failed:
        raise unavailable(f"{client} could not fetch {package}: {failed}", file) from failed


def build(package: bytes) -> bytes:
    """Assemble the model from a MediaPipe package that contains its networks."""
    model = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as wheel, zipfile.ZipFile(model, "w") as task:
        for network in NETWORKS:
            entry = zipfile.ZipInfo(network.name, ZIP_EPOCH)
            entry.extra = _padding(model.tell(), network.name)
            task.writestr(entry, with_input_scaling(wheel.read(network.source), network.scaling))
    return model.getvalue()


def _padding(start: int, name: str) -> bytes:
    """Return padding that aligns an entry's content, because it is used in place in the file."""
    header = ZIP_HEADER_BYTES + len(name) + len(pack("<HH", 0, 0))
    size = -(start + header) % BUFFER_ALIGNMENT
    return pack("<HH", ALIGNMENT_FIELD, size) + bytes(size)


def _pip() -> list[str]:
    """Return the pip of this Python, or else the first one on the path (which works as well)."""
    if find_spec("pip") is not None:
        return [sys.executable, "-m", "pip"]
    elsewhere = shutil.which("pip") or shutil.which("pip3")
    if elsewhere is None:
        raise unavailable("there is no pip to fetch it with", MODEL_FILE)
    return [elsewhere]


BLAZEPOSE: Final = Recipe(
    family="mediapipe-pose-landmarker-full",
    engine="mediapipe",
    file=MODEL_FILE,
    sha256=MODEL_SHA256,
    package_sha256=PACKAGE_SHA256,
    fetch=download,
    build=build,
)


@dataclass(frozen=True)
class PoseModelSource:
    """Finds the model: the `given` file, else the one in `cache`, else a newly built one.

    The package of `recipe` is fetched only if neither file exists, or if the cached one is damaged.
    """

    cache: Path
    given: Path | None = None
    recipe: Recipe = BLAZEPOSE

    @property
    def place(self) -> Path:
        """The path at which the model is expected."""
        return self.given or self.cache / self.recipe.file

    def resolve(self) -> PoseModel:
        """Return the model file. Raises PoseModelUnavailable."""
        if self.given is not None:
            return self._found(_sha256(_read_given(self.given)))
        recipe = self.recipe
        if not self.place.is_file() or _sha256(self.place.read_bytes()) != recipe.sha256:
            self._build()
        return self._found(recipe.sha256)

    def _found(self, sha256: str) -> PoseModel:
        return PoseModel(self.place, sha256, self.recipe.family, self.recipe.engine)

    def _build(self) -> None:
        with tempfile.TemporaryDirectory(prefix="kinelog-model-") as folder:
            package = self.recipe.fetch(Path(folder)).read_bytes()
        self._check("the package fetched for the pose model", package, self.recipe.package_sha256)
        model = self.recipe.build(package)
        self._check("the pose model built here", model, self.recipe.sha256)
        try:
            _write(self.place, model)
        except OSError as failed:
            raise unavailable(
                f"{self.cache} cannot be written: {failed}", self.recipe.file
            ) from failed

    def _check(self, what: str, content: bytes, sha256: str) -> None:
        if (digest := _sha256(content)) != sha256:
            difference = f"{what} has SHA-256 {digest[:12]}…, not {sha256[:12]}…"
            raise unavailable(difference, self.recipe.file)


def _read_given(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as failed:
        raise PoseModelUnavailable(
            f"The pose model {path} is neither blazepose nor movenet, and no file that can be read "
            f"({failed.strerror}): correct KINELOG_POSE_MODEL or --pose-model."
        ) from failed


def _write(path: Path, content: bytes) -> None:
    """Write a file atomically: concurrent builders each rename their own copy."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).chmod(0o644)  # not secret, and the folder may be shared
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def unavailable(why: str, file: str) -> PoseModelUnavailable:
    """Return the error about a model that is neither given nor in the cache."""
    return PoseModelUnavailable(
        f"The pose model is neither given nor cached, and {why}: go online once, "
        f"or set KINELOG_POSE_MODEL to a {file} file."
    )


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
