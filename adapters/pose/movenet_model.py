"""MoveNet as a file: converted from the graph in a published npm package.

Google published MoveNet (Apache-2.0) on TensorFlow Hub. The package `@vladmandic/human` contains it
as a TensorFlow.js graph, of which two files are read; none of its code runs.
"""

import io
import json
import shutil
import sys
import tarfile
from pathlib import Path
from typing import Final

from adapters.pose.model_file import Recipe, run_client, unavailable
from adapters.pose.tfjs_graph import to_onnx

MODEL_FILE: Final = "movenet_lightning.onnx"
MODEL_SHA256: Final = "8615e464008f37b4df751a9f8b81284526d5b346a7a35c08acf75f8131098385"

PACKAGE: Final = "@vladmandic/human@3.3.6"
PACKAGE_SHA256: Final = "425e9c51dbbca0c8934362b170cb0d54c2529c11c654b3c03092b16e9d6ad3f7"

GRAPH: Final = "package/models/movenet-lightning.json"
WEIGHTS: Final = "package/models/movenet-lightning.bin"


def download(folder: Path) -> Path:
    """Download the package that contains the graph into a folder, with npm; install nothing."""
    command = [_npm(), "pack", "--loglevel=error", "--pack-destination", str(folder), PACKAGE]
    run_client("npm", command, PACKAGE, MODEL_FILE, reason=0)
    return next(folder.glob("*.tgz"))


def build(package: bytes) -> bytes:
    """Convert the graph in a package to ONNX."""
    with tarfile.open(fileobj=io.BytesIO(package)) as files:
        return to_onnx(json.loads(_read(files, GRAPH)), _read(files, WEIGHTS))


def _read(files: tarfile.TarFile, name: str) -> bytes:
    file = files.extractfile(name)
    if file is None:
        raise KeyError(name)
    with file:
        return file.read()


def _npm() -> str:
    """Return the npm beside this Python, or else the first one on the path."""
    beside = str(Path(sys.executable).parent)
    npm = shutil.which("npm", path=beside) or shutil.which("npm")
    if npm is None:
        raise unavailable("there is no npm (Node.js) to fetch it with", MODEL_FILE)
    return npm


MOVENET: Final = Recipe(
    family="movenet-singlepose-lightning",
    engine="movenet",
    file=MODEL_FILE,
    sha256=MODEL_SHA256,
    package_sha256=PACKAGE_SHA256,
    fetch=download,
    build=build,
)
