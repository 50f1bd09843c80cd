"""The poses of the tiles are those of the sample athlete (R-WKT-02)."""

from pathlib import Path

from bootstrap import key_pose_files
from bootstrap.pages import SOURCES as WEB


def test_the_pages_have_the_poses_of_the_sample_athlete() -> None:
    """R-WKT-02: `make schema` writes them."""
    assert key_pose_files.check(WEB) == []


def test_a_missing_or_stale_file_is_named(tmp_path: Path) -> None:
    (tmp_path / key_pose_files.SCRIPT).parent.mkdir(parents=True)
    assert key_pose_files.check(tmp_path) == [key_pose_files.SCRIPT]
    key_pose_files.write(tmp_path)
    assert key_pose_files.check(tmp_path) == []
    (tmp_path / key_pose_files.SCRIPT).write_text("", encoding="utf-8")
    assert key_pose_files.check(tmp_path) == [key_pose_files.SCRIPT]
