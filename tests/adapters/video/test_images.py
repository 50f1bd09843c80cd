"""JPEG images are checked, decoded upright, and encoded as a video."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image

from adapters.video.decoder import PyAvDecoder
from adapters.video.images import ORIENTATION, JpegPictures
from adapters.video.isolated import IsolatedImages, IsolatedVideoEncoder
from application.kernel.video import MAX_IMAGE_BYTES, PictureRefused, VideoEmpty
from domain.kernel import Rejected
from tests.adapters.video.encoding import picture

Pictures = JpegPictures | IsolatedImages


@pytest.fixture(scope="module", params=["in process", "isolated"])
def pictures(request: pytest.FixtureRequest) -> Iterator[Pictures]:
    if request.param == "in process":
        yield JpegPictures()
        return
    isolated = IsolatedImages()
    yield isolated
    isolated.close()


def claiming(width: int, height: int) -> bytes:
    """Return a small JPEG whose header declares a size that would decode to gigabytes."""
    content = bytearray(picture())
    at = content.index(b"\xff\xc0")
    content[at + 5 : at + 9] = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return bytes(content)


def scanned(times: int) -> bytes:
    """Return a progressive JPEG that repeats its last scan: minutes of work in few bytes."""
    file = io.BytesIO()
    Image.new("L", (64, 48)).save(file, "JPEG", progressive=True)
    content = file.getvalue()
    last = content[content.rindex(b"\xff\xda") : -2]
    return content[:-2] + times * last + content[-2:]


BROKEN = {
    "nothing": b"",
    "no picture": b"\xff\xd8 not really",
    "a part": picture()[:400],
    "another kind": picture(kind="PNG"),
    "too wide": picture((1921, 20)),
    "too small": picture((64, 15)),
    "too many bytes": picture() + b"\0" * MAX_IMAGE_BYTES,
    "a bomb": claiming(65_000, 65_000),
    "half a bomb": claiming(12_000, 10_000),
    "many scans": scanned(100),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_an_invalid_picture_is_refused(pictures: Pictures, broken: bytes) -> None:
    """R-RPL-02, C-02."""
    with pytest.raises(PictureRefused):
        pictures.check(broken)


def test_a_progressive_picture_is_taken(pictures: Pictures) -> None:
    pictures.check(scanned(0))


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_pictures_of_any_colours_are_taken(pictures: Pictures, mode: str) -> None:
    pictures.check(picture(mode=mode))
    pictures.check(picture((1920, 1080), mode=mode))


@pytest.mark.parametrize(
    ("orientation", "corner"),
    [(1, (0, 0)), (2, (0, -1)), (3, (-1, -1)), (4, (-1, 0)),
     (5, (0, 0)), (6, (0, -1)), (7, (-1, -1)), (8, (-1, 0)), (9, (0, 0))],
)  # fmt: skip
def test_a_picture_is_upright_however_the_camera_was_held(
    pictures: Pictures, orientation: int, corner: tuple[int, int]
) -> None:
    """C-02: the picture is turned as its EXIF orientation says."""
    drawn = Image.new("L", (64, 48))
    drawn.paste(255, (0, 0, 16, 16))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    file = io.BytesIO()
    drawn.save(file, "JPEG", exif=exif)
    seen = pictures.open(file.getvalue())
    assert seen.shape[:2] == ((64, 48) if 5 <= orientation <= 8 else (48, 64))
    assert seen[corner].min() > 200
    assert sum(seen[at].max() > 200 for at in ((0, 0), (0, -1), (-1, 0), (-1, -1))) == 1


@pytest.mark.parametrize("exif", [b"", b"nonsense"])
def test_unreadable_exif_is_ignored(pictures: Pictures, exif: bytes) -> None:
    file = io.BytesIO()
    Image.new("RGB", (64, 48)).save(file, "JPEG", exif=b"Exif\0\0" + exif)
    assert pictures.open(file.getvalue()).shape == (48, 64, 3)


def test_a_video_has_the_size_of_its_first_picture() -> None:
    """C-33."""
    shown = [(0.5, picture((65, 49))), (0.5, picture((32, 32))), (2.0, picture((65, 49)))]
    with IsolatedVideoEncoder().encode(shown) as file, PyAvDecoder().open_file(file) as video:
        assert (video.shape.width, video.shape.height) == (64, 48)
        assert len(list(video.frames())) == 3


@pytest.mark.parametrize(
    ("shown", "refusal"),
    [
        ([], VideoEmpty),
        ([(0.0, b"no picture")], PictureRefused),
        ([(0.0, picture()), (1.0, b"no picture"), (2.0, picture())], PictureRefused),
    ],
    ids=["nothing", "no picture", "one of them"],
)
def test_pictures_that_make_no_video_are_refused(
    shown: list[tuple[float, bytes]], refusal: type[Rejected]
) -> None:
    with pytest.raises(refusal), IsolatedVideoEncoder().encode(shown):
        pass
