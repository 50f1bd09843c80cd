"""TensorFlow Lite metadata: MediaPipe requires the input scaling of a network in its file.

The networks in MediaPipe's older packages lack this metadata. It is a FlatBuffer of its own (schema
`metadata_schema.fbs`, identifier M001) inside the model's FlatBuffer (identifier TFL3), under the
name TFLITE_METADATA. MediaPipe ships the readers and writers of both schemas.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

METADATA_NAME: Final = "TFLITE_METADATA"
METADATA_IDENTIFIER: Final = b"M001"
MODEL_IDENTIFIER: Final = b"TFL3"
BUFFER_ALIGNMENT: Final = 16
"""Bytes; `force_align` of a buffer's data in TensorFlow Lite's `schema.fbs`."""


@dataclass(frozen=True)
class Scaling:
    """Input scaling of a network: (pixel value 0..255 - mean) / std."""

    mean: float
    std: float


@dataclass(frozen=True)
class AlignedBuffer:
    """Weights aligned to a multiple of 16 bytes, which the generated writer does not guarantee.

    TensorFlow Lite copies weights that are not aligned, and warns about it.
    """

    buffer: Any

    def Pack(self, builder: Any) -> int:  # noqa: N802  the name the generated writer calls
        size = 0 if self.buffer.data is None else len(self.buffer.data)
        builder.Prep(BUFFER_ALIGNMENT, size)
        offset: int = self.buffer.Pack(builder)
        return offset


def with_input_scaling(model: bytes, scaling: Scaling) -> bytes:
    """Return the network with its input scaling in the metadata."""
    schema: Any = import_module("mediapipe.tasks.metadata.schema_py_generated")
    unpacked = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(model, 0))
    buffers = [*unpacked.buffers, schema.BufferT(data=_metadata(unpacked, scaling))]
    unpacked.buffers = [AlignedBuffer(buffer) for buffer in buffers]
    note = schema.MetadataT(name=METADATA_NAME, buffer=len(buffers) - 1)
    unpacked.metadata = [*(unpacked.metadata or []), note]
    return _packed(unpacked, MODEL_IDENTIFIER)


def _metadata(model: Any, scaling: Scaling) -> bytes:
    """Describe the one input image and the unnamed output tensors."""
    fb: Any = import_module("mediapipe.tasks.metadata.metadata_schema_py_generated")
    normalization = fb.ProcessUnitT(
        optionsType=fb.ProcessUnitOptions.NormalizationOptions,
        options=fb.NormalizationOptionsT(mean=[scaling.mean], std=[scaling.std]),
    )
    picture = fb.TensorMetadataT(processUnits=[normalization])
    outputs = [fb.TensorMetadataT() for _ in model.subgraphs[0].outputs]
    graph = fb.SubGraphMetadataT(inputTensorMetadata=[picture], outputTensorMetadata=outputs)
    return _packed(fb.ModelMetadataT(subgraphMetadata=[graph]), METADATA_IDENTIFIER)


def _packed(table: Any, identifier: bytes) -> bytes:
    flatbuffers: Any = import_module("flatbuffers")
    builder = flatbuffers.Builder(0)
    builder.Finish(table.Pack(builder), identifier)
    return bytes(builder.Output())
