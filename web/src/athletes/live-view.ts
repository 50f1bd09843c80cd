/**
 * Live view of a session under way, for the trainer of its athlete and for the athletes themselves: skeleton, set, count,
 * form and cues. It reconnects after a loss, and ends with the session or the permission.
 * @module
 */

import "./texts.ts";
import "../ui/cue-dock.ts";
import "../ui/form-meter.ts";
import "../ui/rep-counter.ts";
import { exercises, Problem, request } from "../api/client.ts";
import { pauseMs } from "../live/backoff.ts";
import { words } from "../i18n/format.ts";
import { said, t } from "../i18n/l10n.ts";
import { units, weight, type Units } from "../i18n/units.ts";
import { byId, h, write } from "../ui/dom.ts";
import { PoseFeed } from "./pose-feed.ts";
import { PoseStage } from "./pose-stage.ts";

type SetStarted = {set: number, exerciseId: string, targetRepetitions: number | null, loadKg: number | null};
/** of the stream of a session, as far as it is shown */
type LiveEvent = {name: "set_started"} & SetStarted
  | {name: "repetition_counted", set: number}
  | {name: "repetitions_revised" | "repetition_overruled", set: number, repetitions: number}
  | {name: "hold_measured", set: number, startedMs: number, endedMs: number}
  | {name: "form", set: number, form: number | null}
  | {name: "cue", set: number, cue: string, repetition: number | null}
  | {name: "set_completed", set: number, repetitions: number}
  | {name: "session_completed" | "session_deleted"};

/** Events of `/v1/sessions/{id}/events` that change the view. */
const EVENTS = ["set_started", "repetition_counted", "repetitions_revised", "repetition_overruled", "hold_measured", "form", "cue", "set_completed", "session_completed", "session_deleted"];

interface Access {
  /** whether the session is still under way; throws if it may not be seen */
  isLive: () => Promise<boolean>;
  /** opens the session after its end */
  opener: () => HTMLElement;
}

/** Fill the view of the page with its parts. */
function furnish() {
  byId("live-view").replaceChildren(
    h("div", { class: "live-stage" }, h("canvas", { id: "live-poses", role: "img", "aria-label": t("live-skeleton") })),
    h("div", { class: "live-facts" }, h("p", { id: "live-set", class: "live-set" }), h("rep-counter", { id: "live-count" }), h("form-meter", { id: "live-form" }), h("cue-dock", { id: "live-cues" })));
}

/** One session, from `open` until it is over. The page has the places `live-state`, `live-after` and `live-view`. */
export class LiveView {
  #stream: EventSource | null = null;
  #lastId = "";
  #attempts = 0;
  #timer = 0;
  #isOver = false;
  #hasShape = false;
  /** Whether the server has ended the connection of the poses. */
  #isRefused = false;
  /** Connections that were lost, and are tried again. */
  #lost: Set<string> = new Set();
  #set = { number: 0, repetitions: 0, heldMs: 0, target: null as number | null };
  #feed;
  #stage;
  #session;
  #access;

  constructor(session: string, access: Access) {
    this.#session = session;
    this.#access = access;
    furnish();
    this.#stage = new PoseStage(byId<"canvas">("live-poses"));
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
    if (this.#isOver) return;
    this.#stage.open();
    void this.#feed.open();
    this.#follow();
  }

  #names: Map<string, {name: string}> = new Map();
  #units: Units = "metric";

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
      stream.addEventListener(name, ({ data, lastEventId }: MessageEvent) => {
        this.#lastId = lastEventId;
        this.#show({ ...JSON.parse(data), name });
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
      if (!await this.#access.isLive()) return this.#end(t("live-over"), true);
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

  #lose(which: string) {
    this.#lost.add(which);
    this.#state(t("live-lost"));
  }

  #regained(which: string) {
    this.#lost.delete(which);
    if (this.#lost.size === 0) this.#state(this.#set.number ? "" : t("live-waiting"));
  }

  #show(event: LiveEvent) {
    if (event.name !== "set_started" && "set" in event && event.set !== this.#set.number) return; // late, or a correction of an earlier set
    switch (event.name) {
      case "set_started": return this.#begin(event);
      case "repetition_counted": return this.#count(this.#set.repetitions + 1);
      case "repetitions_revised":
      case "repetition_overruled": return this.#count(event.repetitions);
      case "hold_measured": return this.#hold(event.endedMs - event.startedMs);
      case "form": return byId<"form-meter">("live-form").show(event.form);
      case "cue": return byId<"cue-dock">("live-cues").add({ cue: said(event.cue), repetition: event.repetition ?? 0 }, false);
      case "set_completed": return this.#complete(event);
      default: return this.#end(t("live-over"), event.name === "session_completed");
    }
  }

  #begin({ set, exerciseId, targetRepetitions, loadKg }: SetStarted) {
    this.#set = { number: set, repetitions: 0, heldMs: 0, target: targetRepetitions };
    const exercise = this.#names.get(exerciseId)?.name ?? words(exerciseId);
    byId("live-set").textContent = loadKg ? t("live-set-load", { set, exercise, load: weight(loadKg, this.#units) }) : t("live-set", { set, exercise });
    byId<"cue-dock">("live-cues").clear();
    byId<"form-meter">("live-form").show(null);
    this.#count(0);
    this.#state("");
    void this.#shape();
  }

  /** Show the count of the set under way. */
  #count(repetitions: number) {
    this.#set.repetitions = repetitions;
    byId<"rep-counter">("live-count").show(repetitions, this.#set.target);
  }

  #hold(ms: number) {
    this.#set.heldMs += ms;
    byId<"rep-counter">("live-count").hold(this.#set.heldMs);
  }

  #complete({ set, repetitions }: {set: number, repetitions: number}) {
    if (!this.#set.heldMs) this.#count(repetitions);
    this.#state(t("live-set-done", { set }));
  }

  /** @param hasSession whether the session can be opened */
  #end(text: string, hasSession: boolean) {
    if (this.#isOver) return;
    this.close();
    byId("live-state").textContent = text;
    byId("live-poses").parentElement?.remove(); // it would stay empty
    byId("live-after").replaceChildren(...(hasSession ? [this.#access.opener()] : []));
  }

  /** Close the connections and the stage. */
  close() {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#stream?.close();
    this.#feed.close();
    this.#stage.close();
  }

  #state(text: string) {
    if (!this.#isOver) write("live-state", text);
  }
}

/** Shape of the picture of a session, which its recording knows; null while it is not recorded. */
async function aspectOf(session: string): Promise<number | null> {
  try {
    return (await request(`/v1/recordings/${encodeURIComponent(session)}`)).aspect_ratio;
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
}
