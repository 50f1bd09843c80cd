import pytest

from adapters.pose.system_libraries import SystemLibraryMissing, require_libraries


def test_a_missing_library_is_refused_with_the_command_that_installs_it() -> None:
    command = "apt-get install -y libgl1 libglib2.0-0 libegl1 libgles2"
    with pytest.raises(SystemLibraryMissing, match=command) as refused:
        require_libraries(("libnowhere.so.1",))
    assert "libnowhere.so.1" in refused.value.detail


def test_what_pose_estimation_needs_is_here() -> None:
    require_libraries()
