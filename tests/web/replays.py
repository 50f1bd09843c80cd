"""The replay page of a session."""

from playwright.sync_api import Page

from tests.web.conftest import NewPage
from tests.web.server import PlatformServer
from tests.web.waiting import until

DRAWN = """() => {
  const canvas = document.querySelector(".recorded canvas");
  if (!canvas?.width) return false;
  const pen = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
  pen.drawImage(canvas, 0, 0);
  return pen.getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value > 0);
}"""
TIME = """() => {
  const [minutes, seconds] = document.querySelector(".clock").textContent.split(" ")[0].split(":");
  return 60 * minutes + Number(seconds);
}"""
STANDS_AT = f"([wanted, tolerance]) => Math.abs(({TIME})() - wanted) <= tolerance"
RECORD = """async ({ times, landmarks, aspectRatio, sessionId = null }) => {
  const { Recording } = await import("/static/src/live/recording.js");
  const what = { sessionId, name: "Landmarks", description: "", aspectRatio };
  const recording = new Recording(what);
  let id = null;
  recording.addEventListener("status", ({ detail }) => { id = detail.id; });
  times.forEach((timeMs, at) => {
    recording.push({ landmarks: new Float32Array(landmarks[at]) }, timeMs);
  });
  await recording.stop();
  return id;
}"""


def stands_at(page: Page, seconds: float, tolerance: float = 0.02) -> None:
    until(page, STANDS_AT, [seconds, tolerance])


def replayed(new_page: NewPage, server: PlatformServer, search: str, **options: object) -> Page:
    page = new_page(server.url, **options)
    page.goto(f"/session_replay.html?{search}")
    return page


OVERLAY_DRAWN = """() => {
  const canvas = document.querySelector("canvas.overlay");
  const pen = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
  pen.drawImage(canvas, 0, 0);
  const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
  let drawn = 0;
  for (let i = 3; i < data.length; i += 4) drawn += data[i] > 0;
  return drawn;
}"""
