import io
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.pose import model_file
from adapters.pose.model_file import (
    BLAZEPOSE,
    MODEL_FILE,
    PoseModelSource,
    PoseModelUnavailable,
    Recipe,
    build,
)
from tests.adapters.pose.packages import package, sha256


@pytest.fixture
def fetched() -> list[Path]:
    """Folders into which a package was fetched."""
    return []


@pytest.fixture
def recipe(fetched: list[Path]) -> Recipe:
    """Fetch a small package instead of MediaPipe's, with its checksums instead of the real ones."""

    def fetch(folder: Path) -> Path:
        fetched.append(folder)
        (folder / "mediapipe.whl").write_bytes(package())
        return folder / "mediapipe.whl"

    return replace(
        BLAZEPOSE,
        package_sha256=sha256(package()),
        sha256=sha256(build(package())),
        fetch=fetch,
    )


def offline(folder: Path) -> Path:
    raise PoseModelUnavailable(f"no network for {folder}")


def test_a_configured_model_is_used_unchanged(tmp_path: Path) -> None:
    given = tmp_path / "mine.task"
    given.write_bytes(b"another model")
    found = PoseModelSource(tmp_path / "cache", given, replace(BLAZEPOSE, fetch=offline)).resolve()
    assert found.path == given
    assert found.name == f"mediapipe-pose-landmarker-full/{sha256(b'another model')[:12]}"
    assert not (tmp_path / "cache").exists()


def test_a_missing_configured_model_is_refused_with_its_setting(
    tmp_path: Path, recipe: Recipe
) -> None:
    source = PoseModelSource(tmp_path, tmp_path / "nowhere.task", recipe)
    with pytest.raises(PoseModelUnavailable, match="KINELOG_POSE_MODEL"):
        source.resolve()


def test_without_a_model_one_is_built_and_kept(
    tmp_path: Path, recipe: Recipe, fetched: list[Path]
) -> None:
    found = PoseModelSource(tmp_path / "new" / "cache", recipe=recipe).resolve()
    assert found.path == tmp_path / "new" / "cache" / MODEL_FILE
    assert sha256(found.path.read_bytes()) == found.sha256
    assert len(fetched) == 1


def test_a_cached_model_needs_no_network(tmp_path: Path, recipe: Recipe) -> None:
    built = PoseModelSource(tmp_path, recipe=recipe).resolve()
    assert PoseModelSource(tmp_path, recipe=replace(recipe, fetch=offline)).resolve() == built


def test_a_damaged_cached_model_is_rebuilt(
    tmp_path: Path, recipe: Recipe, fetched: list[Path]
) -> None:
    built = PoseModelSource(tmp_path, recipe=recipe).resolve()
    whole = built.path.read_bytes()
    built.path.write_bytes(whole[:-1])
    PoseModelSource(tmp_path, recipe=recipe).resolve()
    assert built.path.read_bytes() == whole
    assert len(fetched) == 2


def test_a_package_with_other_content_is_refused(tmp_path: Path, recipe: Recipe) -> None:
    recipe = replace(recipe, package_sha256=sha256(b"what was expected"))
    with pytest.raises(PoseModelUnavailable, match="package fetched"):
        PoseModelSource(tmp_path, recipe=recipe).resolve()
    assert not list(tmp_path.iterdir())


def test_a_model_built_with_other_content_is_refused(tmp_path: Path, recipe: Recipe) -> None:
    recipe = replace(recipe, sha256=sha256(b"what was expected"))
    with pytest.raises(PoseModelUnavailable, match="model built here"):
        PoseModelSource(tmp_path, recipe=recipe).resolve()
    assert not list(tmp_path.iterdir())


def test_concurrent_builders_leave_one_complete_model(tmp_path: Path, recipe: Recipe) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(
            pool.map(lambda _: PoseModelSource(tmp_path, recipe=recipe).resolve(), range(8))
        )
    assert len(found) == 1
    assert [path.name for path in tmp_path.iterdir()] == [MODEL_FILE]
    assert sha256((tmp_path / MODEL_FILE).read_bytes()) == found.pop().sha256


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path, recipe: Recipe) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(PoseModelUnavailable, match=r"file.*cannot be written"):
        PoseModelSource(tmp_path / "file" / "cache", recipe=recipe).resolve()


def test_the_same_package_gives_the_same_bytes() -> None:
    assert build(package()) == build(package())


def test_a_model_holds_both_networks_uncompressed_and_aligned() -> None:
    with zipfile.ZipFile(io.BytesIO(build(package()))) as task:
        entries = task.infolist()
    assert [entry.filename for entry in entries] == [
        "pose_detector.tflite",
        "pose_landmarks_detector.tflite",
    ]
    for entry in entries:
        assert entry.compress_type == zipfile.ZIP_STORED
        assert entry.date_time == (1980, 1, 1, 0, 0, 0)
        start = entry.header_offset + 30 + len(entry.filename) + len(entry.extra)
        assert start % 16 == 0


def test_the_last_line_of_pip_is_the_reason_of_a_failed_download(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = "import sys; print('a warning', file=sys.stderr); sys.exit('no route to host')"
    monkeypatch.setattr(model_file, "_pip", lambda: [sys.executable, "-c", failing])
    with pytest.raises(PoseModelUnavailable, match="no route to host: go online once"):
        model_file.download(tmp_path)


def test_without_pip_the_error_names_the_setting_of_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_file, "find_spec", lambda _: None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(PoseModelUnavailable, match="set KINELOG_POSE_MODEL"):
        model_file.download(tmp_path)
