from importlib import import_module
from typing import Any

import pytest

from adapters.pose.tflite_metadata import Scaling, with_input_scaling
from tests.adapters.pose.packages import empty_network


def written(network: bytes) -> Any:
    schema: Any = import_module("mediapipe.tasks.metadata.schema_py_generated")
    return schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(network, 0))


def test_the_scaling_is_readable_where_mediapipe_looks_for_it() -> None:
    fb: Any = import_module("mediapipe.tasks.metadata.metadata_schema_py_generated")
    network = written(with_input_scaling(empty_network(), Scaling(mean=127.5, std=64)))
    note = network.metadata[-1]
    assert note.name == b"TFLITE_METADATA"
    metadata = bytes(network.buffers[note.buffer].data)
    assert metadata[4:8] == b"M001"
    graph = fb.ModelMetadata.GetRootAsModelMetadata(metadata, 0).SubgraphMetadata(0)
    unit = graph.InputTensorMetadata(0).ProcessUnits(0)
    assert unit.OptionsType() == fb.ProcessUnitOptions.NormalizationOptions
    options = fb.NormalizationOptions()
    options.Init(unit.Options().Bytes, unit.Options().Pos)
    assert (options.Mean(0), options.Std(0)) == pytest.approx((127.5, 64))


def test_the_network_itself_stays_the_same() -> None:
    before, after = (
        written(network)
        for network in (empty_network(), with_input_scaling(empty_network(), Scaling(0, 255)))
    )
    assert after.version == before.version
    assert bytes(after.buffers[1].data) == bytes(before.buffers[1].data)
    assert list(after.subgraphs[0].inputs) == list(before.subgraphs[0].inputs)
