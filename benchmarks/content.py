"""Cost of trainers' videos: encoding beside bare FFmpeg, uploads beside a bare S3 client.

`encode …` is a rendition or the sound of a video, encoded in a child process with limits, beside
the command `ffmpeg` with the same settings (and its own versions of the encoders). `upload` sends a
file in parts by signed URLs to Ceph, from the request to the completed upload, beside the same
parts sent by boto3. `upload to live` is the time from the request of an upload until the video can
be played, on one process, beside the bare encoding of the whole ladder: it includes all checks, and
pictures.
Rounds alternate; times are medians, and a ratio is the median of the rounds' ratios.
Budgets: 1.10 for the ladder of H.264 and sound, 1.20 for uploads.

Run `python -m benchmarks.content [--percent 100] [--seconds 10] [--json]`: percent of the usual
rounds, and the length of the video. It needs Debian's packages `ffmpeg`, `radosgw`, `ceph-mon` and
`ceph-osd`.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import boto3  # type: ignore[import-untyped]  # it has no types of its own
import httpx2
from pydantic import SecretStr
from starlette.testclient import TestClient

from adapters.content import track_encoding as settings_of
from adapters.content.isolated import IsolatedContentEncoder
from api.app import build_app
from application.content.encoding import EncodingUnit, plan_units
from application.content.upload_store import parts_of
from benchmarks._report import Row, compare, part, print_report
from bootstrap.embedded import embedded
from bootstrap.pages import pages_folder
from bootstrap.settings import Settings
from bootstrap.wiring.videos import making_videos
from tools.local_services.ceph import Access, LocalObjectStorage

ROUNDS: Final = 3
SECONDS: Final = 30
"""Length of the video. A child process for each rendition takes a third of a second to start."""
SIZE: Final = "1280x720"
RATE: Final = 30
FILE: Final = os.urandom(64 * 2**20)
POLL_S: Final = 0.05


def make_video(folder: Path, seconds: int) -> Path:
    """Write a video of test pictures with a tone."""
    video = folder / "video.mp4"
    pictures = f"testsrc2=size={SIZE}:rate={RATE}:duration={seconds}"
    ffmpeg(
        *("-f", "lavfi", "-i", pictures, "-f", "lavfi", "-i", f"sine=duration={seconds}"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"),
        str(video),
    )
    return video


def ffmpeg(*words: str) -> None:
    """Run the command; it replaces its output."""
    if shutil.which("ffmpeg") is None:
        raise SystemExit("ffmpeg is missing; on Debian: apt-get install -y ffmpeg")
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y", *words]
    subprocess.run(command, check=True, env={**os.environ, "SVT_LOG": "1"})


def encode_bare(video: Path, unit: EncodingUnit) -> None:
    """Encode a unit as the encoder does, by the command alone."""
    words = _sound() if unit.kind == "audio" else _video(unit)
    ffmpeg("-i", str(video), *words, "-f", "mp4", "-movflags", settings_of.CMAF, "/dev/null")


def _sound() -> list[str]:
    loudness = f"aresample=48000,loudnorm={settings_of.LOUDNESS},aresample=48000"
    return ["-vn", "-af", loudness, "-ac", "2", "-c:a", "aac", "-b:a", "128k"]


def _video(unit: EncodingUnit) -> list[str]:
    rate = f"{unit.rate.numerator}/{unit.rate.denominator}"
    words = ["-an", "-vf", f"fps={rate},scale={unit.width}:{unit.height}:flags=bicubic"]
    words += ["-pix_fmt", "yuv420p", "-g", str(unit.frames_per_segment)]
    if unit.codec == "av1":
        given, codec = settings_of.AV1, "libsvtav1"
        return [*words, "-c:v", codec, *_options(given)]
    most = round(unit.width * unit.height * float(unit.rate) * settings_of.BITS_PER_PIXEL)
    words += ["-c:v", "libx264", *_options(settings_of.H264)]
    words += ["-maxrate", str(most), "-bufsize", str(2 * most)]
    return [*words, "-x264-params", f"keyint={unit.frames_per_segment}:min-keyint=1:open-gop=0"]


def _options(given: dict[str, str]) -> list[str]:
    return [word for name, text in given.items() for word in (f"-{name}", text)]


def encode(video: Path, unit: EncodingUnit) -> None:
    """Encode a unit as the platform does."""
    with IsolatedContentEncoder().encode_track(video, unit, lambda _: None):
        pass


def encode_all(video: Path, units: Sequence[EncodingUnit]) -> None:
    """Encode units one after the other as the platform does."""
    for unit in units:
        encode(video, unit)


def encode_all_bare(video: Path, units: Sequence[EncodingUnit]) -> None:
    """Encode units one after the other by the command alone."""
    for unit in units:
        encode_bare(video, unit)


def tracks_of(video: Path) -> list[EncodingUnit]:
    """Return the renditions and the sound of a video."""
    units = plan_units(IsolatedContentEncoder().inspect(video))
    return [each for each in units if each.kind != "pictures"]


def ladder(video: Path, rounds: int) -> Iterator[Row]:
    """Compare each rendition, and all of H.264 with the sound."""
    tracks = tracks_of(video)
    for unit in tracks:
        yield compared(f"encode {unit.name}", video, [unit], rounds)
    reach = [each for each in tracks if each.codec != "av1"]
    yield compared("encode the ladder of H.264", video, reach, rounds)


def compared(work: str, video: Path, units: Sequence[EncodingUnit], rounds: int) -> Row:
    times = compare(
        lambda _: encode_all(video, units),
        lambda _: encode_all_bare(video, units),
        rounds,
        warm_up=1,
    )
    return to_row(work, times.ours_s, times.theirs_s, times.ratio)


def to_row(work: str, ours_s: float, bare_s: float, ratio: float) -> Row:
    return {
        "work": work,
        "kinelog_s": round(ours_s, 2),
        "bare_s": round(bare_s, 2),
        "ratio": round(ratio, 2),
    }


def client_of(access: Access) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=access.endpoint,
        region_name=access.region,
        aws_access_key_id=access.key_id,
        aws_secret_access_key=access.secret,
    )


def begin(client: TestClient, content: bytes) -> str:
    """Request an upload, and return the id of the item."""
    declared = {"mediaType": "video/mp4", "bytes": len(content)}
    body = {"title": "Squats", **declared, "sha256": sha256(content).hexdigest()}
    begun = client.post("/v1/content", json=body).json()
    return str(begun["contentId"])


def send(client: TestClient, sender: Any, key: str, content: bytes) -> None:
    """Send all parts, and complete the upload."""
    for each in client.get(f"/v1/content/{key}/upload").json()["parts"]:
        start, size = int(each["offset"]), int(each["bytes"])
        sent = sender.put(each["url"], content=content[start : start + size])
        assert sent.status_code in {200, 204}, sent.text
    assert client.post(f"/v1/content/{key}/upload/complete").status_code == 200


def send_bare(client: Any, bucket: str, content: bytes) -> None:
    """Send the same parts by the client alone."""
    name = str(uuid4())
    upload = client.create_multipart_upload(Bucket=bucket, Key=name)["UploadId"]
    place = {"Bucket": bucket, "Key": name, "UploadId": upload}
    sent = []
    for each in parts_of(len(content)):
        body = content[each.offset : each.offset + each.size]
        done = client.upload_part(**place, PartNumber=each.number, Body=body)
        sent.append({"PartNumber": each.number, "ETag": done["ETag"]})
    client.complete_multipart_upload(**place, MultipartUpload={"Parts": sent})


def uploads(folder: Path, rounds: int) -> Row:
    """Compare an upload to Ceph with the same one without the platform."""
    with LocalObjectStorage() as storage:
        access, bucket = storage.access, "benchmark"
        bare = client_of(access)
        bare.create_bucket(Bucket=bucket)
        settings = Settings(
            home=folder / "uploads",
            cache=folder / "cache",
            s3_bucket=bucket,
            s3_endpoint=access.endpoint,
            s3_key_id=access.key_id,
            s3_secret=SecretStr(access.secret),
        )
        with serving(settings) as client, httpx2.Client(timeout=60) as sender:

            def upload(_: int) -> None:
                key = begin(client, FILE)
                send(client, sender, key, FILE)

            times = compare(upload, lambda _: send_bare(bare, bucket, FILE), rounds, warm_up=1)
    return to_row("upload", times.ours_s, times.theirs_s, times.ratio)


@contextmanager
def serving(settings: Settings, *, encodes: bool = False) -> Iterator[TestClient]:
    """Run the API in this process, with or without the jobs that follow an upload."""
    works = settings.model_copy(update={"analyzes": encodes})
    with (
        embedded(works) as platform,
        TestClient(build_app(platform, web=pages_folder())) as client,
        making_videos(works, platform),
    ):
        yield client


def to_live(folder: Path, video: Path, rounds: int) -> Row:
    """Compare the time from an upload until it plays with that of a bare encoding."""
    content = video.read_bytes()
    tracks = tracks_of(video)
    settings = Settings(home=folder / "live", cache=folder / "cache")
    with serving(settings, encodes=True) as client:

        def publish(_: int) -> None:
            key = begin(client, content)
            send(client, client, key, content)
            while client.get(f"/v1/content/{key}").json()["status"] != "ready":
                time.sleep(POLL_S)

        times = compare(publish, lambda _: encode_all_bare(video, tracks), rounds, warm_up=1)
    return to_row("upload to live", times.ours_s, times.theirs_s, times.ratio)


def run(percent: int, seconds: int) -> list[Row]:
    """Measure in a folder that is removed afterwards; one row per kind of work."""
    rounds = part(ROUNDS, percent)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        video = make_video(folder, seconds)
        return [
            *ladder(video, rounds),
            uploads(folder, 3 * rounds),
            to_live(folder, video, rounds),
        ]


if __name__ == "__main__":
    print_report(__doc__, run, percent=100, seconds=SECONDS)
