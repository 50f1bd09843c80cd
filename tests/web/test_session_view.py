"""The session page: video, skeleton, counter, curve and table stay in step."""

import re

import av
import pytest
from playwright.sync_api import Page, expect

from domain.motion.exercises.library import get_exercise
from tests.web.conftest import NewPage, open_session
from tests.web.replays import OVERLAY_DRAWN, TIME
from tests.web.server import PlatformServer
from tests.web.waiting import has_said, note, until

MARKED = """(canvas) => {
  const pen = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
  pen.drawImage(canvas, 0, 0);
  const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
  let red = 0;
  const isRed = (i) => data[i] > 240 && data[i + 1] < 100 && data[i + 2] < 90;
  for (let i = 0; i < data.length; i += 4) red += isRed(i);
  return red;
}"""

DRAWN_ON_THE_LEFT_BAR = """() => {
  const canvas = document.querySelector("canvas.overlay");
  const bar = Math.floor((canvas.width - canvas.height * 4 / 3) / 2) - 4;
  const pen = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
  pen.drawImage(canvas, 0, 0);
  return pen.getImageData(0, 0, bar, canvas.height).data.some((value) => value > 0);
}"""

STANDS_AT = f"""(wanted) => !document.querySelector("video").seeking
  && Math.abs(({TIME})() - wanted) < 0.05"""

GO_TO = """(time) => {
  const place = new URLSearchParams(location.hash.slice(1));
  place.set("t", time);
  location.hash = place;
}"""

DURATION = """Number(document.querySelector(".line").getAttribute("aria-valuemax"))"""

HEAD_SHARE = """() => {
  const box = (selector) => document.querySelector(selector).getBoundingClientRect();
  const curve = box(".curve"), head = box(".playhead");
  return (head.left + head.width / 2 - curve.left - 44) / (curve.width - 56);
}"""


def time_of(page: Page) -> float:
    return float(page.evaluate(TIME))


def stand_at(page: Page, seconds: float) -> None:
    page.evaluate(GO_TO, seconds)
    until(page, STANDS_AT, seconds)


def skipped(page: Page, key: str, seconds: float) -> None:
    """Press a key, and check that the player moves by this many seconds."""
    before = time_of(page)
    page.keyboard.press(key)
    until(page, f"(wanted) => Math.abs(({TIME})() - wanted) < 0.03", before + seconds)


def test_a_session_shows_video_curve_table_and_totals(session_page: Page) -> None:
    """R-UIX-02."""
    expect(session_page.locator("h1")).to_contain_text("squats")
    expect(session_page.locator(".reps tbody tr")).to_have_count(4)
    expect(session_page.locator(".curve .mark")).to_have_count(4)
    expect(session_page.locator(".summary")).to_contain_text("sample-athlete")
    expect(session_page.locator(".summary")).to_contain_text(
        f"version {get_exercise('squat').version}"
    )
    leaning = session_page.locator(".reps tbody tr").nth(2)
    expect(leaning).to_contain_text("Trunk lean")
    expect(leaning).to_contain_text("Keep your chest up")
    tempo = session_page.locator(".reps [title]").first
    assert re.search(r"down \d\.\d\d s", tempo.get_attribute("title") or "")


def test_the_skeleton_lies_on_the_athlete_and_can_be_hidden(session_page: Page) -> None:
    stand_at(session_page, 2.0)
    until(session_page, f"({OVERLAY_DRAWN})() > 500")

    session_page.get_by_role("button", name="Skeleton").click()
    until(session_page, f"({OVERLAY_DRAWN})() === 0")
    session_page.keyboard.press("s")
    until(session_page, f"({OVERLAY_DRAWN})() > 500")


def test_a_bar_shows_a_fault_by_color_shape_and_words(session_page: Page) -> None:
    """R-UIX-02, R-UIX-07: the third repetition leans forward; its form is good otherwise."""
    bars = session_page.locator(".strip-bar")
    expect(bars.locator(".strip-fill.good")).to_have_count(3)
    expect(bars.nth(2).locator(".strip-fill")).to_have_class("strip-fill fair")
    expect(bars.nth(2)).to_have_attribute("aria-label", re.compile("Trunk lean$"))


def test_the_result_is_shared_as_an_image(session_page: Page) -> None:
    """R-UIX-02: drawn from the best repetition, with a bar for each; saved where a device
    cannot share it."""
    session_page.evaluate("navigator.canShare = undefined")
    session_page.evaluate("URL.revokeObjectURL = (address) => { window.withdrawn = address; }")
    until(session_page, "document.querySelector('.side-by-side canvas')")
    with session_page.expect_download() as saved:
        session_page.get_by_role("button", name="Share as an image").click()
    name = saved.value.suggested_filename
    assert re.fullmatch(r"kinelog-[0-9a-f]{8}\.png", name)
    with av.open(saved.value.path()) as image:
        [frame] = image.decode(video=0)
    pixels = frame.to_ndarray(format="rgb24").astype(int)
    assert pixels.shape == (1350, 1080, 3)
    for color in ((0x5C, 0xC8, 0xFF), (0xFF, 0xB3, 0x47), (0x5F, 0xE0, 0xA4)):
        assert (abs(pixels - color).max(axis=2) < 12).sum() > 1000
    expect(session_page.locator("#status")).to_have_text("The image was saved in your downloads.")
    assert session_page.evaluate("window.withdrawn") is None, "a slow browser has not saved it yet"


def test_left_and_right_differ_by_more_than_colour(session_page: Page) -> None:
    expect(session_page.locator(".sides .left")).to_contain_text("solid")
    expect(session_page.locator(".sides .right")).to_contain_text("dashed")


def test_the_skeleton_stays_inside_letterboxed_video(
    session_page: Page,
) -> None:
    """A narrow picture on a wide stage: nothing is drawn on the bars beside it."""
    session_page.evaluate("""() => {
      document.querySelector(".stage").style.aspectRatio = "4 / 1";
    }""")
    stand_at(session_page, 2.0)
    until(
        session_page,
        """() => {
      const stage = document.querySelector(".stage"), canvas = stage.querySelector("canvas");
      return stage.clientWidth > 3 * stage.clientHeight && canvas.width === stage.clientWidth;
    }""",
    )
    assert session_page.evaluate(DRAWN_ON_THE_LEFT_BAR) is False
    until(session_page, f"({OVERLAY_DRAWN})() > 300")


def test_counter_playhead_and_row_follow_the_video(session_page: Page) -> None:
    duration = float(session_page.evaluate(DURATION))
    counter = session_page.locator(".counter b")
    stand_at(session_page, 0.5)
    expect(counter).to_have_text("0")

    ends = session_page.evaluate("""() => fetch(`/v1/sessions/${
      new URLSearchParams(location.hash.slice(1)).get("session")}`)
      .then((answer) => answer.json())
      .then((session) => session.repetitions.map((each) => each.endMs / 1000))""")
    for number, end in enumerate(ends, start=1):
        stand_at(session_page, round(end - 0.1, 2))
        expect(counter).to_have_text(str(number - 1))
        expect(session_page.locator(".reps tr.now th")).to_contain_text(str(number))
        stand_at(session_page, round(end + 0.1, 2))
        expect(counter).to_have_text(str(number))
        share = float(session_page.evaluate(HEAD_SHARE))
        assert abs(share - (end + 0.1) / duration) < 0.01
    value = session_page.locator(".curve").get_attribute("aria-valuetext")
    assert value is not None
    assert value.startswith("rep 4 of 4, 0:")


@pytest.fixture
def corrected_page(leaning_server: PlatformServer, new_page: NewPage) -> Page:
    return open_session(new_page(leaning_server.url), leaning_server.analyze())


def test_a_cue_is_a_caption_at_its_moment(corrected_page: Page) -> None:
    """R-UIX-07: captions, while the joint at fault is marked on the body."""
    caption = corrected_page.locator(".caption")
    angle = corrected_page.locator(".joint-angle")
    stand_at(corrected_page, 0.2)
    expect(caption).to_be_hidden()
    expect(angle).to_have_text(re.compile(r"1[5-8]\d°"))
    expect(angle).not_to_have_attribute("data-at-fault", "")
    assert corrected_page.locator("canvas.overlay").evaluate(MARKED) == 0
    at = corrected_page.evaluate("""() => fetch(`/v1/sessions/${
      new URLSearchParams(location.hash.slice(1)).get("session")}`)
      .then((answer) => answer.json())
      .then((session) => session.cues.find((cue) => cue.fault === "trunk_lean").atMs / 1000)""")
    stand_at(corrected_page, round(at + 0.05, 2))
    expect(caption).to_contain_text("Keep your chest up")
    expect(caption).not_to_have_attribute("role", "status")
    until(corrected_page, f"({MARKED})(document.querySelector('canvas.overlay')) > 50")


def test_each_score_says_what_it_rests_on(session_page: Page) -> None:
    """R-POS-05: faults that were judged, those that were not, and the measurements."""
    cell = session_page.locator(".reps [data-label='Form']").first
    cell.get_by_text("Why?").click()
    reasons = cell.locator(".why li")
    expect(reasons.filter(has_text="Judged, and not seen:")).to_have_count(1)
    expect(reasons.filter(has_text="Lowering took")).to_have_count(1)
    expect(reasons.filter(has_text="Range of motion:")).to_have_count(1)


def test_slight_and_severe_faults_and_what_was_not_judged_are_named(session_page: Page) -> None:
    """R-POS-05: a repetition whose form could not be judged says so."""
    reasons = session_page.evaluate("""async () => {
      const { RepetitionTable } = await import("/static/src/session/repetition-table.js");
      const fault = (id) => ({ id, measure: "knee_angle", above: 100, below: null });
      const exercises = new Map([["squat", { name: "Squat", rangeOfMotion: {},
        faults: ["a", "b", "c"].map(fault) }]]);
      const judgement = (fault, degree) => ({ fault, degree, measured: 120, bound: 100 });
      const rep = { set: 1, startMs: 0, endMs: 900, tempo: null, rangeOfMotionDeg: null };
      const judgements = [judgement("a", "SEVERE"), judgement("b", "SLIGHT")];
      const session = { sets: [{ number: 1, exerciseId: "squat", holdMs: 0 }], cues: [],
        repetitions: [{ ...rep, number: 1, form: 0.5, faults: ["a"], unjudged: ["c"], judgements },
          { ...rep, number: 2, form: null, faults: [], unjudged: ["a", "b", "c"], judgements: [] },
          { ...rep, number: 3, form: null, faults: [], unjudged: null, judgements: null }] };
      const { element } = new RepetitionTable(session, exercises, null);
      return [...element.querySelectorAll("[data-label='Form']")]
        .map((cell) => [...cell.querySelectorAll(".why > ul > li")].map((li) => li.textContent));
    }""")
    assert reasons == [
        [
            "Faults seen: a (120°, at most 100°; severe).",
            "Slight, and not reported: b (120°, at most 100°).",
            "Not judged, because the camera could not show it: c.",
        ],
        [
            "Too little could be seen to judge the form.",
            "Not judged, because the camera could not show it: a; b; c.",
        ],
        [],
    ]


def test_a_fault_is_shown_at_its_worst_moment_with_its_angle(session_page: Page) -> None:
    """R-POS-05: a still with the line that should have been, within the repetition."""
    leaning = session_page.locator(".reps tbody tr").nth(2)
    leaning.get_by_text("Why?").click()
    still = leaning.locator(".still")
    expect(still).to_have_count(1)
    expect(still.locator("canvas")).to_have_attribute(
        "aria-label", re.compile(r"Rep 3 at its worst\. Trunk lean: \d+°, at most 60°\.")
    )
    expect(still).to_contain_text(re.compile(r"At 0:(07|08|09)\.\d\. Dashed: where it should"))
    assert still.locator("canvas").evaluate(MARKED) > 200
    expect(session_page.locator(".reps tbody tr").first.locator(".still")).to_have_count(0)


def test_a_fault_can_be_contradicted_and_that_can_be_undone(session_page: Page) -> None:
    """R-UIX-02, R-UIX-07: it is shown again after a reload; the figures and the focus stay."""
    leaning = session_page.locator(".reps tbody tr").nth(2)
    form = leaning.locator("[data-label='Form'] .form").first.text_content()
    feedback = leaning.locator("[data-label='Faults and cues'] .feedback").first
    feedback.get_by_role("button").press("Enter")
    expect(feedback).to_contain_text("You said that this was wrong.")
    expect(feedback.get_by_role("button", name="Undo")).to_be_focused()
    session_page.reload()
    expect(feedback).to_contain_text("You said that this was wrong.")
    expect(leaning.locator("[data-label='Form'] .form").first).to_have_text(form or "")
    feedback.get_by_role("button", name="Undo").click()
    expect(feedback.get_by_role("button")).to_have_text("This was wrong")
    session_page.reload()
    expect(feedback.get_by_role("button")).to_have_text("This was wrong")


def test_cues_are_listed_even_if_they_are_about_no_fault_of_form(session_page: Page) -> None:
    """R-POS-06: a cue on the tempo, and one on no repetition."""
    text = session_page.evaluate("""async () => {
      const { RepetitionTable } = await import("/static/src/session/repetition-table.js");
      const rep = (number) => ({ set: 1, number, startMs: 0, endMs: 900, tempo: null,
        rangeOfMotionDeg: null, form: 0.9, faults: [] });
      const slower = (repetition) => ({ set: 1, repetition,
        fault: "hurried", cue: "Slower", atMs: 0 });
      const back = { set: 1, repetition: null, fault: "hips_sagging", cue: "Hips up", atMs: 0 };
      const session = { sets: [{ number: 1, exerciseId: "squat", holdMs: 0 }],
        repetitions: [1, 2, 3, 4].map(rep), cues: [slower(1), slower(2), slower(3), back, back] };
      const { element } = new RepetitionTable(session, new Map(), null);
      return { cells: [...element.querySelectorAll("[data-label='Faults and cues']")]
        .map((cell) => [...cell.querySelectorAll(".feedback")].reduce(
          (text, button) => text.replace(button.textContent, "").trim(), cell.textContent)),
        other: element.querySelector("p").textContent };
    }""")
    assert text["cells"] == ["Hurried Slower."] * 3 + ["none"]
    assert text["other"] == "Set 1, Squat, other cues: Hips up (2 times)."


def test_the_video_is_controlled_by_keyboard(session_page: Page) -> None:
    """R-UIX-07: keyboard navigation."""
    stand_at(session_page, 5.0)
    skipped(session_page, "ArrowRight", 1)
    skipped(session_page, "ArrowLeft", -1)
    skipped(session_page, "l", 2)  # the video is shorter than a minute
    skipped(session_page, "j", -2)
    skipped(session_page, ".", 1 / 30)
    skipped(session_page, ",", -1 / 30)
    session_page.keyboard.press("End")
    until(session_page, f"({TIME})() > 14")
    session_page.keyboard.press("Home")
    until(session_page, f"({TIME})() === 0")
    for key in ("k", " "):
        session_page.keyboard.press(key)
        expect(session_page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
        session_page.keyboard.press(key)
        expect(session_page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_letter_shortcuts_can_be_switched_off(session_page: Page) -> None:
    stand_at(session_page, 5.0)
    session_page.locator(".shortcuts summary").click()
    session_page.get_by_label("Use keyboard shortcuts").uncheck()
    session_page.locator("h1").focus()
    session_page.keyboard.press("l")
    session_page.keyboard.press("ArrowRight")
    assert time_of(session_page) == 5.0

    session_page.locator(".curve").focus()
    skipped(session_page, "ArrowRight", 1)


def test_a_click_on_the_curve_seeks(session_page: Page) -> None:
    session_page.locator(".curve").scroll_into_view_if_needed()
    box = session_page.locator(".curve").bounding_box()
    assert box is not None
    duration = float(session_page.evaluate(DURATION))
    session_page.mouse.click(box["x"] + 44 + (box["width"] - 56) / 2, box["y"] + 120)
    until(
        session_page,
        f"(wanted) => Math.abs(({TIME})() - wanted) < 0.1",
        arg=duration / 2,
    )


def test_a_repetition_loops_until_stopped(session_page: Page) -> None:
    button = session_page.get_by_role("button", name="Loop rep 2")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(session_page.locator(".mark.looped text")).to_have_text("2")
    expect(session_page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    start = float(button.locator("xpath=ancestor::tr/td").first.inner_text().split(":")[1])
    session_page.get_by_label("Speed").select_option("4")
    until(session_page, f"(start) => ({TIME})() > start + 1", start)
    until(session_page, f"(start) => ({TIME})() < start + 0.5", start)

    session_page.get_by_role("button", name="Stop loop").click()
    expect(button).to_have_attribute("aria-pressed", "false")


def test_counted_repetitions_are_announced_while_it_plays(session_page: Page) -> None:
    stand_at(session_page, 3.0)
    note(session_page, "#status")
    session_page.keyboard.press("k")
    has_said(session_page, "#status", "1 rep")
    session_page.keyboard.press("k")


def test_the_address_leads_to_the_moment(
    server: PlatformServer, new_page: NewPage, filmed_session: str, session_page: Page
) -> None:
    stand_at(session_page, 6.5)
    until(session_page, "location.hash.includes('t=6.50')")

    other = new_page(server.url)
    other.goto(f"/#session={filmed_session}&t=6.5")
    other.wait_for_selector(".curve svg")
    other.wait_for_selector(".clock")
    until(other, STANDS_AT, 6.5)
    by_path = new_page(server.url)
    by_path.goto(f"/sessions/{filmed_session}")
    expect(by_path.locator("h1")).to_contain_text("squats")


def test_the_curve_is_available_as_a_table(session_page: Page) -> None:
    panel = session_page.locator("section", has_text="Joint angle")
    panel.get_by_role("button", name="Show as table").click()
    rows = panel.locator("tbody tr")
    assert rows.count() >= 25
    expect(rows.first).to_contain_text("Ready")
    expect(rows.first).to_contain_text("°")
