"""Conversion of a TensorFlow.js graph model to ONNX, for the operations that MoveNet has.

A graph model is a TensorFlow graph as JSON, and a file of weights. TensorFlow keeps images as
(batch, height, width, channels), ONNX as (batch, channels, height, width): each convolution stands
between two transpositions, most of which the runtime removes.
"""

import math
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Weights = dict[str, npt.NDArray[Any]]

OPSET: Final = 18
IR_VERSION: Final = 8
"""Versions of ONNX: old enough for every runtime of these years, and part of the model's bytes."""

PRODUCER: Final = "kinelog"

TO_CHANNELS: Final = (0, 3, 1, 2)
FROM_CHANNELS: Final = (0, 2, 3, 1)

SAME_NAME: Final = frozenset({"Identity", "Mul", "Sigmoid", "Sqrt", "Sub"})
OTHER_NAME: Final = {"AddV2": "Add", "FloorDiv": "Div", "RealDiv": "Div"}
"""Operations on two arrays; those of `FloorDiv` are whole and not negative."""

PADDING: Final = {"SAME": "SAME_UPPER", "VALID": "VALID"}


class GraphNotSupportedError(ValueError):
    """The graph has something that MoveNet does not have."""


@dataclass(frozen=True)
class Node:
    """One operation: its name, its inputs, and its attributes by their names."""

    operation: str
    name: str
    inputs: tuple[str, ...]
    attributes: Mapping[str, Any]

    def text(self, name: str) -> str:
        """Return a text."""
        return b64decode(self.attributes[name]["s"]).decode()

    def texts(self, name: str) -> list[str]:
        """Return a list of texts."""
        listed = self.attributes.get(name, {}).get("list", {}).get("s", [])
        return [b64decode(each).decode() for each in listed]

    def number(self, name: str) -> int:
        """Return a whole number."""
        return int(self.attributes[name].get("i", 0))

    def numbers(self, name: str) -> list[int]:
        """Return a list of whole numbers."""
        return [int(each) for each in self.attributes[name]["list"]["i"]]

    def is_set(self, name: str) -> bool:
        """Return a yes or no."""
        return bool(self.attributes[name].get("b"))


def to_onnx(model: Mapping[str, Any], weights: bytes) -> bytes:
    """Convert a graph model with one input and one output, and its weights.

    Raises GraphNotSupportedError. The same model gives the same bytes.
    """
    constants = read_weights(model["weightsManifest"], weights)
    graph = _Graph(constants)
    for node in nodes(model["modelTopology"]["node"]):
        graph.add(node)
    return graph.packed(model["signature"])


def nodes(listed: list[Mapping[str, Any]]) -> Iterator[Node]:
    """Read the operations, in the order in which they run."""
    for each in listed:
        inputs = tuple(name.removesuffix(":0") for name in each.get("input", []))
        yield Node(each["op"], each["name"], inputs, each.get("attr", {}))


def read_weights(manifest: list[Mapping[str, Any]], content: bytes) -> Weights:
    """Read the weights by name; numbers may have 16 bits. Raises GraphNotSupportedError."""
    found: Weights = {}
    at = 0
    for entry in (entry for group in manifest for entry in group["weights"]):
        kind = entry.get("quantization", {}).get("dtype", entry["dtype"])
        stored = {"float16": "<f2", "float32": "<f4", "int32": "<i4"}.get(kind)
        if stored is None:
            raise GraphNotSupportedError(f"weights of type {kind}")
        shape: list[int] = entry["shape"]
        numbers = np.frombuffer(content, stored, math.prod(shape), at)
        found[entry["name"]] = numbers.reshape(shape).astype(entry["dtype"])
        at += numbers.nbytes
    if at != len(content):
        raise GraphNotSupportedError(f"{len(content) - at} bytes of weights are left")
    return found


@dataclass
class _Graph:
    """The graph in ONNX: operations so far, and constants made for them."""

    weights: Weights
    operations: list[Any] = field(default_factory=list[Any])
    constants: Weights = field(default_factory=dict[str, npt.NDArray[Any]])

    def add(self, node: Node) -> None:  # noqa: C901, PLR0912  a table with one case per operation
        """Add an operation. Raises GraphNotSupportedError."""
        inputs = list(node.inputs)
        match node.operation:
            case "Const" | "Placeholder":
                pass
            case "_FusedConv2D" | "FusedDepthwiseConv2dNative" | "DepthwiseConv2dNative":
                self._add_convolution(node, inputs)
            case "ResizeBilinear":
                self._add_enlargement(node, inputs)
            case "Cast":
                to = _type_number(node.attributes["DstT"]["type"])
                self._emit("Cast", inputs, node.name, to=to)
            case "Reshape":
                self._emit("Reshape", [inputs[0], self._whole(node, node.inputs[1])], node.name)
            case "ExpandDims":
                self._emit("Unsqueeze", [inputs[0], self._whole(node, node.inputs[1])], node.name)
            case "Squeeze":
                axes = self._constant(f"{node.name}/axes", node.numbers("squeeze_dims"))
                self._emit("Squeeze", [inputs[0], axes], node.name)
            case "ArgMax":
                axis = int(self.weights[node.inputs[1]])
                found = self._emit("ArgMax", inputs[:1], f"{node.name}/at", axis=axis, keepdims=0)
                self._emit("Cast", [found], node.name, to=_type_number("DT_INT32"))
            case "GatherNd":
                to = _type_number("DT_INT64")
                places = self._emit("Cast", inputs[1:], f"{node.name}/places", to=to)
                self._emit("GatherND", [inputs[0], places], node.name)
            case "ConcatV2":
                axis = int(self.weights[node.inputs[-1]])
                self._emit("Concat", inputs[:-1], node.name, axis=axis)
            case "Pack":
                self._add_stacking(node, inputs)
            case "Unpack":
                self._add_unstacking(node, inputs)
            case "SquaredDifference":
                difference = self._emit("Sub", inputs, f"{node.name}/difference")
                self._emit("Mul", [difference, difference], node.name)
            case same if same in SAME_NAME:
                self._emit(same, inputs, node.name)
            case other if other in OTHER_NAME:
                self._emit(OTHER_NAME[other], inputs, node.name)
            case unknown:
                raise GraphNotSupportedError(f"the operation {unknown}")

    def packed(self, signature: Mapping[str, Any]) -> bytes:
        """Return the finished model."""
        onnx: Any = import_module("onnx")
        (given,), (found,) = signature["inputs"].values(), signature["outputs"].values()
        graph = onnx.helper.make_graph(
            self.operations,
            PRODUCER,
            [_described(given)],
            [_described(found)],
            [onnx.numpy_helper.from_array(each, name) for name, each in self._used().items()],
        )
        model = onnx.helper.make_model(
            graph,
            opset_imports=[onnx.helper.make_opsetid("", OPSET)],
            ir_version=IR_VERSION,
            producer_name=PRODUCER,
        )
        onnx.checker.check_model(model, full_check=True)
        return bytes(model.SerializeToString(deterministic=True))

    def _add_convolution(self, node: Node, inputs: list[str]) -> None:
        kernel = self.weights[node.inputs[1]]
        groups = 1
        if node.operation == "_FusedConv2D":
            kernel = kernel.transpose(3, 2, 0, 1)
        else:  # (height, width, channels, filters of each)
            height, width, groups, filters = kernel.shape
            kernel = kernel.transpose(2, 3, 0, 1).reshape(groups * filters, 1, height, width)
        if node.text("data_format") != "NHWC" or set(node.numbers("dilations")) != {1}:
            raise GraphNotSupportedError(f"the convolution {node.name}")
        parts = [
            self._emit("Transpose", inputs[:1], f"{node.name}/channels", perm=TO_CHANNELS),
            self._constant(f"{node.name}/kernel", kernel),
        ]
        fused = node.texts("fused_ops")
        if "BiasAdd" in fused:
            parts.append(inputs[2])
        found = self._emit(
            "Conv",
            parts,
            f"{node.name}/sums",
            group=groups,
            strides=node.numbers("strides")[1:3],
            auto_pad=PADDING[node.text("padding")],
        )
        for activation in (name for name in fused if name != "BiasAdd"):
            found = self._activated(activation, found)
        self._emit("Transpose", [found], node.name, perm=FROM_CHANNELS)

    def _activated(self, activation: str, name: str) -> str:
        if activation == "Relu":
            return self._emit("Relu", [name], f"{name}/positive")
        if activation != "Relu6":
            raise GraphNotSupportedError(f"the activation {activation}")
        limits = [
            self._constant(f"{name}/least", np.float32(0)),
            self._constant(f"{name}/most", np.float32(6)),
        ]
        return self._emit("Clip", [name, *limits], f"{name}/limited")

    def _add_enlargement(self, node: Node, inputs: list[str]) -> None:
        """Enlarge an image to a size that is constant; ONNX calls the sampling half_pixel."""
        if node.is_set("align_corners") or not node.is_set("half_pixel_centers"):
            raise GraphNotSupportedError(f"the sampling of {node.name}")
        channels = self._emit("Transpose", inputs[:1], f"{node.name}/channels", perm=TO_CHANNELS)
        shape = self._emit("Shape", [channels], f"{node.name}/outer", end=2)
        inner = self._whole(node, node.inputs[1])
        size = self._emit("Concat", [shape, inner], f"{node.name}/size", axis=0)
        enlarged = self._emit(
            "Resize",
            [channels, "", "", size],
            f"{node.name}/enlarged",
            mode="linear",
            coordinate_transformation_mode="half_pixel",
        )
        self._emit("Transpose", [enlarged], node.name, perm=FROM_CHANNELS)

    def _add_stacking(self, node: Node, inputs: list[str]) -> None:
        axis = node.number("axis")
        axes = self._constant(f"{node.name}/axes", [axis])
        parts = [
            self._emit("Unsqueeze", [each, axes], f"{node.name}/{number}")
            for number, each in enumerate(inputs)
        ]
        self._emit("Concat", parts, node.name, axis=axis)

    def _add_unstacking(self, node: Node, inputs: list[str]) -> None:
        axis, count = node.number("axis"), node.number("num")
        axes = self._constant(f"{node.name}/axes", [axis])
        names = [node.name, *(f"{node.name}:{number}" for number in range(1, count))]
        parts = [f"{name}/part" for name in names]
        self._emit("Split", inputs, *parts, axis=axis, num_outputs=count)
        for part, name in zip(parts, names, strict=True):
            self._emit("Squeeze", [part, axes], name)

    def _emit(self, operation: str, inputs: list[str], *names: str, **attributes: Any) -> str:
        """Add an operation of ONNX; return the name of its first result."""
        helper: Any = import_module("onnx").helper
        made = helper.make_node(operation, inputs, names, name=names[0], **attributes)
        self.operations.append(made)
        return names[0]

    def _constant(self, name: str, numbers: Any) -> str:
        self.constants[name] = np.ascontiguousarray(numbers)
        return name

    def _whole(self, node: Node, name: str) -> str:
        """Keep a list of whole numbers as ONNX needs it, with 64 bits."""
        numbers = np.atleast_1d(self.weights[name]).astype(np.int64)
        return self._constant(f"{node.name}/numbers", numbers)

    def _used(self) -> Weights:
        """Return the constants that operations use, and weights that they use as they are."""
        constants = {**self.weights, **self.constants}
        names = dict.fromkeys(name for each in self.operations for name in each.input)
        return {name: constants[name] for name in names if name in constants}


def _type_number(name: str) -> int:
    """Return the number of a type in ONNX, such as that of DT_FLOAT."""
    onnx: Any = import_module("onnx")
    return int(onnx.TensorProto.DataType.Value(name.removeprefix("DT_")))


def _described(tensor: Mapping[str, Any]) -> Any:
    """Describe the input or output of the graph."""
    onnx: Any = import_module("onnx")
    shape = [int(each["size"]) for each in tensor["tensorShape"]["dim"]]
    kind = _type_number(tensor["dtype"])
    return onnx.helper.make_tensor_value_info(tensor["name"].removesuffix(":0"), kind, shape)
