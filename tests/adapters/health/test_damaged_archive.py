"""Archives of Apple Health that are damaged."""

from io import BytesIO

import pytest

from adapters.health_files.formats import read_apple
from adapters.health_files.records import BadFileError
from tests.api.health_files import apple
from tests.damaged_zips import DAMAGES, damaged


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_archive_is_refused(damage: str) -> None:
    """R-HLT-03"""
    whole = apple('type="HKQuantityTypeIdentifierHeartRate" unit="count/min" value="130"')
    assert len(list(read_apple(BytesIO(whole)))) == 1
    with pytest.raises(BadFileError):
        list(read_apple(BytesIO(damaged(whole, damage))))
