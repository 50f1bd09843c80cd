/**
 * Example recorder element: the dialog in which an athlete records some repetitions of a new custom exercise.
 * @module
 */

import "./texts.ts";
import { Problem, send, stayDuring } from "../api/client.ts";
import { partMissing } from "../api/problem.ts";
import { RetryKey } from "../api/retry-key.ts";
import { consentTo, FRAMES } from "../coach/camera-consent.ts";
import { CameraRefused, closeCamera, openCamera, watchCamera } from "../coach/camera.ts";
import { Countdown } from "../coach/countdown.ts";
import { alarm, wakeSounds } from "../coach/sounds.ts";
import { t } from "../i18n/l10n.ts";
import { CameraStage } from "../ui/camera-stage.ts";
import { h } from "../ui/dom.ts";
import { signInAdvice } from "../ui/forms.ts";
import { fieldAttributes } from "../ui/schema-fields.ts";
import { ExampleFrames } from "./example-frames.ts";
import type { openPoseSource as OpenPoseSource, PoseFrame } from "../live/pose-source.ts";

/** Seconds to get into place, and lengths of a recording to choose from. */
const COUNTDOWN_S = 5;
const LENGTHS_S = [15, 20, 30, 60];
const USUAL_S = 20;
const USUAL_REPETITIONS = 5;

/** Code of the problem that the camera counts otherwise; its detail begins with that count. */
const MISCOUNTED = "motion.example_miscounted";

/** `<example-recorder>`: fires `recorded` with the ID and the name of the new exercise. */
export class ExampleRecorder extends HTMLElement {
  #dialog = h("dialog", { class: "modal example", "aria-labelledby": "example-title" });
  #stage = new CameraStage();
  #left = h("p", { class: "example-left", role: "timer" });
  #wrong = h("p", { class: "wrong", role: "alert" });
  #name = h("input", { ...fieldAttributes("RecordCustomExercise.name"), id: "example-name", dir: "auto", autocomplete: "off" });
  #repetitions = h("input", { ...fieldAttributes("RecordCustomExercise.repetitions"), id: "example-repetitions", type: "number", inputmode: "numeric", value: USUAL_REPETITIONS });
  #length = h("select", { id: "example-length" }, LENGTHS_S.map((seconds) => h("option", { value: seconds, selected: seconds === USUAL_S }, t("custom-seconds", { seconds }))));
  #again = h("button", { class: "button", type: "button" }, t("custom-use-count"));
  #stop = h("button", { class: "button", type: "button" }, t("custom-stop"));
  #form = h("form");
  #countdown = new Countdown((left) => { this.#left.textContent = left ? String(left) : ""; });
  #frames = new ExampleFrames();
  #key = new RetryKey();
  #source: {stop(): void} | null = null;
  /** Called with each frame, the first of which shows that the model is loaded. */
  #ready: (() => void) | null = null;
  /** Ends the recording; set while the camera is on. */
  #finish: (() => void) | null = null;
  /** Number of the newest recording. Closing the dialog increases it, too, so that no older recording goes on. */
  #newest = 0;

  connectedCallback() {
    if (this.firstChild) return;
    this.#form.append(
      h("h2", { id: "example-title" }, t("custom-record")),
      h("p", null, t("custom-how")),
      h("label", { class: "field", for: this.#name.id }, h("span", null, t("custom-name")), this.#name),
      h("div", { class: "example-numbers" },
        h("label", { class: "field", for: this.#repetitions.id }, h("span", null, t("repetitions")), this.#repetitions),
        h("label", { class: "field", for: this.#length.id }, h("span", null, t("custom-length")), this.#length)),
      this.#wrong,
      h("div", { class: "choices" },
        h("button", { class: "button primary", type: "submit" }, t("custom-begin")), this.#again,
        h("button", { class: "button quiet", type: "button", onclick: () => this.#dialog.close() }, t("cancel"))));
    this.#form.addEventListener("submit", (event: Event) => { event.preventDefault(); void this.#attempt(() => this.#record()); });
    this.#again.addEventListener("click", () => { if (this.#form.reportValidity()) void this.#attempt(() => this.#send()); });
    this.#stop.addEventListener("click", () => this.#finish?.());
    this.#dialog.addEventListener("close", () => { this.#newest += 1; this.#finish?.(); });
    this.#dialog.append(this.#form, h("div", { class: "example-camera" }, this.#stage, this.#left, h("div", { class: "choices" }, this.#stop)));
    this.append(this.#dialog);
  }

  /** Open the dialog for a new exercise. */
  open() {
    this.#form.reset();
    this.#frames.clear();
    this.#show("form");
    this.#wrong.textContent = "";
    this.#dialog.showModal();
  }

  #show(part: "form" | "camera") {
    this.#dialog.dataset.part = part;
    this.#again.hidden = this.#frames.count === 0;
  }

  /** Do something, and show why it failed above the buttons. */
  async #attempt(act: () => Promise<void>) {
    this.#wrong.textContent = "";
    try {
      await act();
    } catch (error) {
      if (error instanceof CameraRefused) this.#wrong.textContent = `${error.title} ${error.advice}`;
      else if (error instanceof Problem) this.#refuse(error);
      else throw error;
    } finally {
      this.#show("form");
    }
  }

  /** Show a problem. The recording stays while the user signs in again. */
  #refuse(problem: Problem) {
    const { advice, link } = signInAdvice(problem) ?? {};
    const how = link ? [` ${advice} `, h("a", { href: link.href, target: "_blank" }, link.label)] : [];
    this.#wrong.replaceChildren(this.#wordsOf(problem), ...how);
  }

  #wordsOf({ code, title, detail }: Problem) {
    if (code !== MISCOUNTED) return [title, detail].filter(Boolean).join(" ");
    return t("custom-miscounted", { counted: /\d+/.exec(detail ?? "")?.[0] ?? "?", repetitions: this.#repetitions.value });
  }

  async #record() {
    const recording = ++this.#newest;
    if (!(await consentTo(FRAMES, { title: t("custom-consent") }))) return;
    wakeSounds();
    const stream = await openCamera();
    if (recording !== this.#newest) return closeCamera(stream);
    this.#frames.clear();
    this.#show("camera");
    this.#stop.focus();
    this.#left.textContent = t("custom-wait");
    const stopped = new Promise<null>((resolve) => { this.#finish = () => resolve(null); });
    try {
      const loading = import("../live/pose-source.ts").catch(() => { throw partMissing(); }); // large, and only needed to record
      const loaded = await Promise.race([loading, stopped]);
      if (loaded) await this.#film(stream, loaded.openPoseSource, stopped);
    } finally {
      this.#finish = null;
      this.#countdown.cancel();
      this.#frames.stop();
      this.#source?.stop();
      this.#stage.close();
      closeCamera(stream);
    }
    if (recording === this.#newest) await this.#send();
  }

  async #film(stream: MediaStream, openPoseSource: typeof OpenPoseSource, stopped: Promise<null>) {
    const failed = new Promise<never>((_, reject) => {
      watchCamera(stream, (loss) => void loss.then(({ title, advice }) => reject(new Problem({ title, detail: advice, code: "camera.lost" }))));
      this.#source = openPoseSource(this.#stage.video, { onFrame: (frame) => this.#take(frame), onError: reject });
    });
    await this.#stage.open(stream);
    await Promise.race([this.#capture(stopped), failed]);
  }

  #take(frame: PoseFrame) {
    this.#stage.pose(frame.landmarks, frame.timeMs);
    this.#frames.take(frame);
    this.#ready?.();
  }

  /** When the model is loaded, count down, then record until the time is over or somebody stops. */
  async #capture(stopped: Promise<null>) {
    const ready = new Promise<void>((resolve) => { this.#ready = resolve; });
    const began = await Promise.race([ready.then(() => this.#countdown.run(COUNTDOWN_S)).then(() => true), stopped.then(() => false)]);
    if (!began) return;
    this.#frames.begin();
    let left = Number(this.#length.value);
    const show = () => { this.#left.textContent = t("custom-left", { seconds: left }); };
    show();
    const timer = setInterval(() => {
      left -= 1;
      show();
      if (left <= 0) this.#finish?.();
    }, 1000);
    await stopped;
    clearInterval(timer);
    alarm();
  }

  async #send() {
    const [name, repetitions] = [this.#name.value.trim(), Number(this.#repetitions.value)];
    if (this.#frames.count === 0) return;
    const body = { name, repetitions, ...this.#frames.body() };
    const written = await stayDuring(() => send("POST", "/v1/custom-exercises", body, this.#key.headers(body)));
    this.#dialog.close();
    this.dispatchEvent(new CustomEvent("recorded", { detail: { id: written.exerciseId, name } }));
  }
}

customElements.define("example-recorder", ExampleRecorder);

declare global {
  interface HTMLElementTagNameMap { "example-recorder": ExampleRecorder }
}
