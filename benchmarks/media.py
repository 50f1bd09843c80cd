"""Cost of sealed media compared with the same media in clear, in folders on one disk.

`upload` and `download` are requests with a video to a server in another process of this machine, by
the code that serves them; `download 1 Gbit/s` has a client that reads no faster than such a
network; `image` stores and reads a picture without a server. Both sides do the same with the same
content. Rounds alternate; times are medians, and a ratio is the median of the rounds' ratios.
Budget for videos: 1.10, over a network; within one machine, the processor is the limit.

Run `python -m benchmarks.media [--percent 100] [--json]`; percent of the usual rounds.
"""

import multiprocessing
import os
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.encryption.envelope import EnvelopeCipher
from adapters.encryption.key_file import KeyFileKms
from adapters.encryption.subject_keys import SqlSubjectKeyStore
from adapters.media.filesystem import FolderMediaStore
from adapters.media.sealed import SealedMediaStore
from adapters.users.database import IdentityDatabase
from api.http.byte_ranges import StoredFile
from application.kernel.ports import MediaStore
from benchmarks._report import Row, compare, part, print_report
from benchmarks.eventlog import TENANT
from domain.ids import UserId

VIDEO = os.urandom(32 * 1024 * 1024)
IMAGE = os.urandom(150 * 1024)
"""As large as a JPEG of 1280 x 720 pixels."""
ROUNDS = 20
GIGABIT = 10**9 // 8
"""Bytes that a network of 1 Gbit/s carries in a second; it is read in parts of `PART` bytes."""
PART = 64 * 1024
ADA = UserId("ada")
FORM = (
    b'--video\r\nContent-Disposition: form-data; name="video"; filename="a"\r\n\r\n%s'
    b"\r\n--video--\r\n"
)

Stores = dict[str, MediaStore]


def app(stores: Stores) -> Starlette:
    """Return a server of videos, uploaded by POST and downloaded by GET."""

    async def videos(request: Request) -> Response:
        media = stores[request.path_params["side"]]
        if request.method == "GET":
            digest = request.query_params["digest"]
            stored = StoredFile(media, TENANT, "video", digest, {}, "video/mp4")
            return await run_in_threadpool(stored.to_response, "")
        async with request.form() as form:
            video = form["video"]
            assert isinstance(video, UploadFile)
            source = video.file
            store = lambda: media.put_stream(TENANT, source, prefix="video", subject=ADA)  # noqa: E731
            return Response(await run_in_threadpool(store))

    return Starlette(routes=[Route("/{side}", videos, methods=["GET", "POST"])])


@contextmanager
def opened(folder: Path) -> Iterator[Stores]:
    """Open both stores, in a folder."""
    with closing(IdentityDatabase(f"sqlite:///{folder / 'identity.sqlite'}")) as database:
        cipher = EnvelopeCipher(SqlSubjectKeyStore(database), KeyFileKms(folder / "master.key"))
        sealed = SealedMediaStore(FolderMediaStore(folder / "sealed"), cipher)
        yield {"sealed": sealed, "clear": FolderMediaStore(folder / "clear")}


def serve(folder: Path, listener: socket.socket) -> None:
    """Serve both stores until a signal."""
    with opened(folder) as stores:
        config = uvicorn.Config(app(stores), log_level="warning")
        uvicorn.Server(config).run(sockets=[listener])


@contextmanager
def serving(folder: Path) -> Iterator[HTTPConnection]:
    """Serve until the end of the block, in a process of its own; yield a connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    fork = multiprocessing.get_context("fork")
    server = fork.Process(target=serve, args=(folder, listener))
    server.start()
    try:
        with listener, closing(HTTPConnection(*listener.getsockname())) as connection:
            yield connection
    finally:
        server.terminate()
        server.join()


def upload(connection: HTTPConnection, side: str) -> str:
    headers = {"Content-Type": "multipart/form-data; boundary=video"}
    connection.request("POST", f"/{side}", FORM % VIDEO, headers)
    return connection.getresponse().read().decode()


def download(connection: HTTPConnection, side: str, digest: str) -> None:
    connection.request("GET", f"/{side}?digest={digest}")
    response, size = connection.getresponse(), 0
    while content := response.read(1024 * 1024):
        size += len(content)
    assert size == len(VIDEO)


def download_slowly(connection: HTTPConnection, side: str, digest: str) -> None:
    start = time.perf_counter()
    connection.request("GET", f"/{side}?digest={digest}")
    response, size = connection.getresponse(), 0
    while content := response.read(PART):
        size += len(content)
        time.sleep(max(0.0, start + size / GIGABIT - time.perf_counter()))
    assert size == len(VIDEO)


def image(media: MediaStore) -> None:
    digest = media.put(TENANT, IMAGE, prefix="image", subject=ADA)
    assert len(media.get(TENANT, digest, prefix="image")) == len(IMAGE)


def run(percent: int) -> list[Row]:
    """Measure in a folder that is removed afterwards; one row per kind of work."""
    rounds = part(ROUNDS, percent)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with serving(folder) as connection:
            digest = upload(connection, "sealed")
            assert upload(connection, "clear") == digest
            works: dict[str, Callable[[str], object]] = {
                "upload": lambda side: upload(connection, side),
                "download": lambda side: download(connection, side, digest),
                "download 1 Gbit/s": lambda side: download_slowly(connection, side, digest),
            }
            rows = [to_row(work, len(VIDEO), do, rounds) for work, do in works.items()]
        with opened(folder) as stores:
            rows.append(to_row("image", len(IMAGE), lambda side: image(stores[side]), 10 * rounds))
        return rows


def to_row(work: str, size: int, do: Callable[[str], object], rounds: int) -> Row:
    times = compare(lambda _: do("sealed"), lambda _: do("clear"), rounds)
    mebibytes = size / 2**20
    return {
        "work": work,
        "sealed_mib_s": round(mebibytes / times.ours_s),
        "clear_mib_s": round(mebibytes / times.theirs_s),
        "ratio": round(times.ratio, 2),
    }


if __name__ == "__main__":
    print_report(__doc__, run, percent=100)
