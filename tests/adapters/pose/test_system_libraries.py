import pytest

from adapters.pose.system_libraries import SystemLibraryMissing, require_libraries


def test_a_missing_library_is_reported_with_its_install_command() -> None:
    command = "apt-get install -y libgl1 libglib2.0-0 libegl1 libgles2"
    with pytest.raises(SystemLibraryMissing, match=command) as refused:
        require_libraries(("libnowhere.so.1",))
    assert "libnowhere.so.1" in refused.value.detail


def test_the_libraries_of_pose_estimation_are_installed() -> None:
    require_libraries()
