/**
 * Live view of an athlete for their trainer: skeleton, set, count, form and cues of the session
 * under way. It reconnects after a loss, and ends with the session or the permission.
 * @module
 */

import "../ui/cue-dock.js";
import "../ui/form-meter.js";
import "../ui/rep-counter.js";
import { exercises, Problem, request } from "../api/client.js";
import { pauseMs } from "../live/backoff.js";
import { words } from "../i18n/format.js";
import { said, t } from "../i18n/l10n.js";
import { units, weight } from "../i18n/units.js";
import { byId, h } from "../ui/dom.js";
import { PoseFeed } from "./pose-feed.js";
import { PoseStage } from "./pose-stage.js";

/** Events of `/v1/sessions/{id}/events` that change the view. */
const EVENTS = ["set_started", "repetition_counted", "repetitions_revised", "repetition_overruled", "hold_measured", "form", "cue", "set_completed", "session_completed", "session_deleted"];

/** One session, from `open` until it is over. */
export class LiveView {
  /** @type {EventSource | null} */
  #stream = null;
  #lastId = "";
  #attempts = 0;
  #timer = 0;
  #isOver = false;
  #hasShape = false;
  /** Whether the server has ended the connection of the poses. */
  #isRefused = false;
  /** Connections that were lost, and are tried again. @type {Set<string>} */
  #lost = new Set();
  #set = { number: 0, repetitions: 0, heldMs: 0, target: /** @type {number | null} */ (null) };
  #feed;
  #stage;
  #athlete;
  #session;

  /** @param {string} athlete @param {string} session */
  constructor(athlete, session) {
    this.#athlete = athlete;
    this.#session = session;
    this.#stage = new PoseStage(/** @type {HTMLCanvasElement} */ (byId("live-poses")));
    this.#feed = new PoseFeed(session, {
      onFrames: (frames) => this.#stage.add(frames),
      onOpen: () => this.#regained("poses"),
      onLost: () => this.#lose("poses"),
      onRefused: () => { this.#isRefused = true; void this.#ask(); },
    });
  }

  async open() {
    byId("live-view").hidden = false;
    this.#state(t("live-connecting"));
    [this.#names, this.#units] = await Promise.all([exercises(), units()]);
    await this.#shape();
    this.#stage.open();
    void this.#feed.open();
    this.#follow();
  }

  /** @type {Map<string, {name: string}>} */
  #names = new Map();
  /** @type {import("../i18n/units.js").Units} */
  #units = "metric";

  /** Get the shape of the picture, unless it is known. A recording may begin later than the session. */
  async #shape() {
    if (this.#hasShape) return;
    const aspect = await aspectOf(this.#session);
    this.#hasShape = aspect !== null;
    if (aspect !== null) this.#stage.aspect = aspect;
  }

  #follow() {
    if (this.#isOver) return;
    const after = this.#lastId && `?${new URLSearchParams({ after: this.#lastId })}`;
    const stream = new EventSource(`/v1/sessions/${encodeURIComponent(this.#session)}/events${after}`);
    this.#stream = stream;
    for (const name of EVENTS) {
      stream.addEventListener(name, (/** @type {MessageEvent} */ { data, lastEventId }) => {
        this.#lastId = lastEventId;
        this.#show(name, JSON.parse(data));
      });
    }
    stream.addEventListener("open", () => { this.#attempts = 0; this.#regained("events"); });
    stream.addEventListener("error", () => {
      this.#lose("events");
      if (stream.readyState === EventSource.CLOSED) void this.#ask();
    });
  }

  /** Ask the server why a connection was ended: the session, or the permission, is over. */
  async #ask() {
    if (this.#isOver || this.#timer) return;
    try {
      const { lastSession } = await request(`/v1/athletes/${encodeURIComponent(this.#athlete)}`);
      if (lastSession?.sessionId !== this.#session || !lastSession.live) return this.#end(t("live-over"), true);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status === 404 || error.status === 403) return this.#end(t("live-withdrawn"), false);
      if (error.status === 401) return this.#end(error.title, false);
    }
    this.#attempts += 1;
    this.#timer = setTimeout(() => this.#again(), pauseMs(this.#attempts));
  }

  #again() {
    this.#timer = 0;
    if (this.#stream?.readyState === EventSource.CLOSED) this.#follow();
    if (this.#isRefused) void this.#feed.open();
    this.#isRefused = false;
  }

  /** @param {string} which */
  #lose(which) {
    this.#lost.add(which);
    this.#state(t("live-lost"));
  }

  /** @param {string} which */
  #regained(which) {
    this.#lost.delete(which);
    if (this.#lost.size === 0) this.#state(this.#set.number ? "" : t("live-waiting"));
  }

  /** @param {string} name @param {any} event */
  #show(name, event) {
    switch (name) {
      case "set_started": return this.#begin(event);
      case "repetition_counted": return this.#count(Math.max(this.#set.repetitions, event.number));
      case "repetitions_revised":
      case "repetition_overruled": return this.#count(event.repetitions);
      case "hold_measured": return this.#hold(event.endedMs - event.startedMs);
      case "form": return byId("live-form").show(event.form);
      case "cue": return byId("live-cues").add({ cue: said(event.cue), repetition: event.repetition ?? 0 }, false);
      case "set_completed": return this.#complete(event);
      default: return this.#end(t("live-over"), name === "session_completed");
    }
  }

  /** @param {{set: number, exerciseId: string, targetRepetitions: number | null, loadKg: number | null}} started */
  #begin({ set, exerciseId, targetRepetitions, loadKg }) {
    this.#set = { number: set, repetitions: 0, heldMs: 0, target: targetRepetitions };
    const exercise = this.#names.get(exerciseId)?.name ?? words(exerciseId);
    byId("live-set").textContent = loadKg ? t("live-set-load", { set, exercise, load: weight(loadKg, this.#units) }) : t("live-set", { set, exercise });
    byId("live-cues").clear();
    byId("live-form").show(null);
    this.#count(0);
    this.#state("");
    void this.#shape();
  }

  /** @param {number} repetitions */
  #count(repetitions) {
    this.#set.repetitions = repetitions;
    byId("live-count").show(repetitions, this.#set.target);
  }

  /** @param {number} ms */
  #hold(ms) {
    this.#set.heldMs += ms;
    byId("live-count").hold(this.#set.heldMs);
  }

  /** @param {{set: number, repetitions: number}} completed */
  #complete({ set, repetitions }) {
    if (!this.#set.heldMs) this.#count(repetitions);
    this.#state(t("live-set-done", { set }));
  }

  /** @param {string} text @param {boolean} hasSession whether the session can be opened */
  #end(text, hasSession) {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#stream?.close();
    this.#feed.close();
    this.#stage.close();
    this.#state(text);
    byId("live-after").replaceChildren(...(hasSession ? [h("a", { class: "button", href: `/#session=${encodeURIComponent(this.#session)}` }, t("home-open-session"))] : []));
  }

  /** @param {string} text */
  #state(text) {
    if (!this.#isOver || text) byId("live-state").textContent = text;
  }
}

/** Shape of the picture of a session, which its recording knows; null while it is not recorded. @param {string} session @returns {Promise<number | null>} */
async function aspectOf(session) {
  try {
    return (await request(`/v1/recordings/${encodeURIComponent(session)}`)).aspect_ratio;
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
}
