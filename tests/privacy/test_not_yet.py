"""Required rules of features that do not exist: no endpoint leads to them.

Building such a feature replaces its test here by one of its requirement.
"""

import pytest

from tests.api.described import openapi_document


@pytest.mark.parametrize(
    "part",
    [
        pytest.param("health-profile", id="R-TEN-16: health profiles, which would take sessions"),
    ],
)
def test_no_endpoint_leads_to_unbuilt_features(part: str) -> None:
    """R-TEN-16"""
    assert not [path for path in openapi_document()["paths"] if part in path]
