"""Fake MediaPipe packages with two empty networks."""

import hashlib
import io
import zipfile
from importlib import import_module
from typing import Any

from adapters.pose.model_file import NETWORKS


def empty_network() -> bytes:
    """Return the smallest network: one picture in, one tensor out, no operation."""
    flatbuffers: Any = import_module("flatbuffers")
    schema: Any = import_module("mediapipe.tasks.metadata.schema_py_generated")
    tensors = [schema.TensorT(shape=[1, 2, 2, 3], buffer=0) for _ in range(2)]
    graph = schema.SubGraphT(tensors=tensors, inputs=[0], outputs=[1], operators=[])
    buffers = [schema.BufferT(), schema.BufferT(data=b"weight")]
    builder = flatbuffers.Builder(0)
    network = schema.ModelT(version=3, operatorCodes=[], subgraphs=[graph], buffers=buffers)
    builder.Finish(network.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def package() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as wheel:
        for network in NETWORKS:
            entry = zipfile.ZipInfo(network.source, (2025, 1, 31, 0, 0, 0))
            wheel.writestr(entry, empty_network())
    return content.getvalue()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
