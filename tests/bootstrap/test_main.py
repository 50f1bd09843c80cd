import pytest

import bootstrap.__main__ as entry
from adapters.pose.system_libraries import SystemLibraryMissing
from bootstrap.exit_codes import BY_CODE, INTERRUPTED


def test_a_missing_system_library_is_reported_before_anything_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing() -> None:
        raise SystemLibraryMissing("libGL.so.1 is missing; run: apt-get install -y libgl1")

    monkeypatch.setattr(entry, "require_libraries", missing)
    with pytest.raises(SystemExit) as ended:
        entry.main()
    assert ended.value.code == BY_CODE["pose_model.system_library_missing"]
    assert capsys.readouterr().err.startswith("kinelog: libGL.so.1 is missing")


def test_ctrl_c_during_imports_ends_without_a_stack_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(entry, "require_libraries", interrupted)
    with pytest.raises(SystemExit) as ended:
        entry.main()
    assert ended.value.code == INTERRUPTED
