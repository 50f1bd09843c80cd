"""Pose detection by the contract of SageMaker's containers."""

from collections.abc import Iterator

import numpy as np
import pytest
from starlette.testclient import TestClient

from adapters.clock import new_id
from api.inference import MAX_PICTURE_BYTES, build_inference_app
from application.kernel.video import PictureRefused, Pose
from application.live.image_analysis import ImageAnalysisBusy
from domain.motion.landmarks import LANDMARK_COUNT

PERSON, EMPTY, BUSY = b"a person", b"an empty room", b"one too many"


class StubDetector:
    """Knows two pictures; one landmark of the person is hidden."""

    model = "stub"

    def detect(self, picture: bytes) -> Pose | None:
        match picture:
            case b"a person":
                image = np.full((LANDMARK_COUNT, 4), 0.5)
                image[7] = np.nan
                return Pose(image, np.full((LANDMARK_COUNT, 3), -0.25))
            case b"an empty room":
                return None
            case b"one too many":
                raise ImageAnalysisBusy
            case _:
                raise PictureRefused


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(build_inference_app(StubDetector(), new_id=new_id)) as client:
        yield client


def invoke(
    client: TestClient, picture: bytes, media_type: str = "image/jpeg"
) -> tuple[int, object]:
    answer = client.post("/invocations", content=picture, headers={"Content-Type": media_type})
    return answer.status_code, answer.json()


def test_a_loaded_container_answers_the_ping(client: TestClient) -> None:
    """R-OPS-07"""
    assert client.get("/ping").status_code == 200


def test_a_browser_at_an_unknown_path_gets_a_problem(client: TestClient) -> None:
    """R-API-03: the container has no pages."""
    answer = client.get("/nothing", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.json()["status"]) == (404, 404)


def test_an_invocation_returns_the_landmarks_of_a_picture(client: TestClient) -> None:
    """R-OPS-07: JSON has no NaN, so an unseen number is null."""
    status, seen = invoke(client, PERSON)
    landmarks = [[0.5] * 4 for _ in range(LANDMARK_COUNT)]
    landmarks[7] = [None] * 4  # type: ignore[list-item]  # hidden
    world = [[-0.25] * 3] * LANDMARK_COUNT
    assert (status, seen) == (
        200,
        {"model": "stub", "landmarks": landmarks, "worldLandmarks": world},
    )
    nobody = {"model": "stub", "landmarks": None, "worldLandmarks": None}
    assert invoke(client, EMPTY) == (200, nobody)


@pytest.mark.parametrize(
    ("picture", "media_type", "status"),
    [
        (b"not a picture", "image/jpeg", 422),
        (PERSON, "image/png", 415),
        (b"x" * (MAX_PICTURE_BYTES + 1), "image/jpeg", 413),
        (BUSY, "image/jpeg", 503),
    ],
)
def test_what_cannot_be_analyzed_has_a_reason(
    client: TestClient, picture: bytes, media_type: str, status: int
) -> None:
    """R-OPS-07"""
    answered, problem = invoke(client, picture, media_type)
    assert answered == status
    assert isinstance(problem, dict)
    assert problem["detail"]
