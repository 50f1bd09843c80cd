"""The type checker distinguishes the pose coach's key from the user's id."""

from mypy import api

STORE = """
from domain.ids import UserId
from domain.pose_coach.key import PoseCoachKey

def stored(key: PoseCoachKey) -> None: ...
def found(user: UserId) -> None: ...

"""


def checked(statement: str) -> str:
    output, _, _ = api.run(
        ["--config-file=", "--strict", "--explicit-package-bases", "-c", STORE + statement]
    )
    return output


def test_the_type_checker_distinguishes_the_two_keys() -> None:
    """C-04, R-IDN-15: mixing up the two keys is a type error, and CI runs the checker."""
    mistakes = ['stored(UserId("ada"))', 'stored("abc")', 'found(PoseCoachKey("abc"))']
    output = checked("\n".join([*mistakes, 'stored(PoseCoachKey("abc"))', 'found(UserId("ada"))']))
    assert "Found 3 errors" in output
    assert output.count("[arg-type]") == 3
