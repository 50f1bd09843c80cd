import json
import sys
from pathlib import Path

import pytest

from adapters.pose import movenet_model
from adapters.pose.model_choice import find_model, find_model_of_pages
from adapters.pose.model_file import BLAZEPOSE, PoseModelUnavailable
from adapters.pose.movenet_model import MOVENET
from adapters.pose.tfjs_graph import GraphNotSupportedError, read_weights, to_onnx


@pytest.mark.parametrize(
    ("chosen", "model", "of_pages"),
    [
        (None, BLAZEPOSE, BLAZEPOSE),
        ("blazepose", BLAZEPOSE, BLAZEPOSE),
        ("movenet", MOVENET, BLAZEPOSE),
    ],
)
def test_a_model_is_chosen_by_its_name(
    tmp_path: Path, chosen: str | None, model: object, of_pages: object
) -> None:
    """R-POS-01: browsers only run BlazePose."""
    path = None if chosen is None else Path(chosen)
    assert find_model(tmp_path, path).recipe is model
    assert find_model(tmp_path, path).given is None
    assert find_model_of_pages(tmp_path, path).recipe is of_pages


def test_a_model_is_chosen_by_its_file(tmp_path: Path) -> None:
    task, onnx = tmp_path / "a.task", tmp_path / "a.onnx"
    assert find_model(tmp_path, task).recipe is BLAZEPOSE
    assert find_model_of_pages(tmp_path, task).given == task
    assert find_model(tmp_path, onnx).recipe is MOVENET
    assert find_model(tmp_path, onnx).given == onnx
    assert find_model_of_pages(tmp_path, onnx).given is None


def test_an_unknown_model_is_refused_with_the_names_of_others(tmp_path: Path) -> None:
    with pytest.raises(PoseModelUnavailable, match=r"alphapose is neither blazepose nor movenet"):
        find_model(tmp_path, Path("alphapose")).resolve()


def test_the_first_line_of_npm_is_the_reason_of_a_failed_download(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm = tmp_path / "npm"
    npm.write_text(f"#!{sys.executable}\nraise SystemExit('no route to host\\nsee the log')\n")
    npm.chmod(0o755)
    monkeypatch.setattr(movenet_model, "_npm", lambda: str(npm))
    with pytest.raises(PoseModelUnavailable, match="no route to host: go online once"):
        movenet_model.download(tmp_path)


def test_without_npm_the_error_names_the_setting_of_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(PoseModelUnavailable, match=r"no npm.*KINELOG_POSE_MODEL.*\.onnx"):
        movenet_model.download(tmp_path)


def test_a_graph_with_other_operations_is_refused() -> None:
    tensor = {"name": "x", "dtype": "DT_FLOAT", "tensorShape": {"dim": [{"size": "1"}]}}
    model = {
        "modelTopology": {"node": [{"name": "y", "op": "Softmax", "input": ["x"]}]},
        "weightsManifest": [],
        "signature": {"inputs": {"x": tensor}, "outputs": {"y": {**tensor, "name": "y"}}},
    }
    with pytest.raises(GraphNotSupportedError, match="Softmax"):
        to_onnx(json.loads(json.dumps(model)), b"")


@pytest.mark.parametrize(
    ("entry", "content"),
    [
        ({"dtype": "float32", "shape": [1]}, bytes(8)),
        ({"dtype": "complex64", "shape": [1]}, bytes(8)),
    ],
)
def test_weights_that_do_not_fit_are_refused(entry: dict[str, object], content: bytes) -> None:
    with pytest.raises(GraphNotSupportedError):
        read_weights([{"weights": [{"name": "w", **entry}]}], content)
