/**
 * Video upload of the home page: choose, send, follow the analysis, open the session.
 * @module
 */

import * as api from "../api/client.ts";
import { clearProblem, showProblem } from "../ui/banner.ts";
import { announce, byId, h, uniqueKey } from "../ui/dom.ts";
import { percent, size } from "../i18n/format.ts";
import { UploadLimit, uploadName } from "./upload-limit.ts";
import { askExercise } from "./exercise-question.ts";
import { follow } from "./analysis-job.ts";
import { askBeforeLeaving } from "../ui/leave-guard.ts";
import { CONSENT_MISSING, uploadConsent } from "../coach/camera-consent.ts";
import { requiresSignIn } from "../api/credentials.ts";
import { FILE_UNREADABLE } from "../api/problem.ts";
import { upload } from "../api/upload.ts";
import { lastUser } from "../offline/last-answers.ts";
import { pageUser } from "../stores/account.ts";
import { removeTabValue, storeTabValue, tabValue } from "../stores/tab-storage.ts";
import { signInAdvice } from "../ui/forms.ts";
import { t } from "../i18n/l10n.ts";

/** Key of the ID of the analysis that this tab follows: the next user of the tab does not. */
const storedKey = () => `kinelog.job.${pageUser() ?? lastUser()}`;

/** The form #upload-form and the progress that takes its place. */
export class Upload {
  onSession: (id: string) => void;
  form = byId<"form">("upload-form");
  question = h("section", { class: "question", hidden: true, tabindex: "-1", "aria-labelledby": "question-title" });
  names: Map<string, string> = new Map();
  input = byId<"input">("video");
  file: File | null = null;
  key = "";
  sending: AbortController | null = null;
  limit = new UploadLimit();

  constructor({ onSession }: {onSession: (id: string) => void}) {
    this.onSession = onSession;
    this.form.before(this.question);
    this.listen();
    void this.fillExercises();
    void this.limit.load().then(() => { if (!this.file) byId("video-hint").textContent = this.limit.hint; });
    const underway = tabValue(storedKey());
    if (underway) void this.watch(underway); // the page was reloaded during the analysis
  }

  listen() {
    this.input.addEventListener("change", () => this.choose(this.input.files?.[0] ?? null));
    this.form.addEventListener("submit", (event: Event) => { event.preventDefault(); this.send(); });
    byId("upload-cancel").addEventListener("click", () => this.sending?.abort());
    byId("upload-exercise").addEventListener("change", () => { this.key = ""; });
    const drop = byId("drop");
    for (const name of ["dragenter", "dragover"]) drop.addEventListener(name, (event: Event) => { event.preventDefault(); drop.classList.add("drag-over"); });
    for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("drag-over"));
    drop.addEventListener("drop", (event: DragEvent) => {
      event.preventDefault();
      this.choose(event.dataTransfer?.files[0] ?? null);
    });
  }

  async fillExercises() {
    try {
      const all = [...(await api.exercises()).values()].sort((a, b) => a.name.localeCompare(b.name));
      this.names = new Map(all.map(({ id, name }) => [id, name]));
      byId("upload-exercise").append(...all.map(({ id, name }) => h("option", { value: id }, name)));
      this.meet();
    } catch (error) {
      if (!(error instanceof api.Problem)) throw error; // "Detect automatically" works without the names
    }
  }

  /** Open the form with the exercise of a link such as `#upload=squat`. */
  meet() {
    const exercise = new URLSearchParams(location.hash.slice(1)).get("upload");
    if (exercise === null) return;
    byId<"select">("upload-exercise").value = exercise;
    this.form.scrollIntoView({ block: "center" });
  }

  /** Select a video. A new video is a new request, so it gets a new idempotency key. */
  choose(file: File | null) {
    if (!file) return;
    const problem = this.limit.problemOf(file);
    if (problem) return showProblem(problem);
    this.file = file;
    this.key = "";
    this.question.hidden = true;
    byId("video-name").textContent = file.name;
    byId("video-hint").textContent = t("home-file-ready", { size: size(file.size) });
    byId("drop").classList.add("chosen");
    clearProblem();
    announce(t("home-file-selected", { file: file.name }));
  }

  /** Send the selected video. A retry uses the same idempotency key. */
  send() {
    if (!this.file) {
      showProblem({ title: t("home-no-video"), detail: t("home-no-video-detail") });
      this.input.focus();
      return;
    }
    clearProblem();
    this.key ||= uniqueKey();
    const body = new FormData();
    body.append("video", this.file, this.file.name);
    body.append("name", uploadName(this.file));
    const exercise = byId<"select">("upload-exercise").value;
    if (exercise) body.append("exercise", exercise);
    void this.post(body);
  }

  /** Send the form. Until it has arrived, the page stays if the user has to sign in again: it has the video. */
  async post(body: FormData) {
    const sending = (this.sending = new AbortController());
    const options = { headers: { "Idempotency-Key": this.key }, signal: sending.signal, onProgress: (loaded: number, total: number) => this.progress(t("home-uploading"), loaded / total, t("home-size-of", { loaded: size(loaded), total: size(total) })) };
    api.stayOnPage(true, this);
    askBeforeLeaving(true, sending);
    this.progress(t("home-uploading"), 0, this.file?.name ?? "");
    byId("upload-cancel").hidden = false;
    byId("upload-cancel").focus();
    try {
      const { id } = await upload("/v1/sessions:analyze", body, options);
      this.sending = null;
      api.stayOnPage(false, this);
      void this.watch(id);
    } catch (error) {
      if (error instanceof api.Problem) return this.failed(error);
      if (!sending.signal.aborted) throw error;
      this.rest();
      announce(t("home-upload-canceled"));
    } finally {
      askBeforeLeaving(false, sending);
    }
  }

  /** Follow an analysis to its end. @param id of the job */
  async watch(id: string) {
    storeTabValue(storedKey(), id);
    if (document.activeElement === byId("upload-cancel")) byId("upload-step").focus(); // the button is hidden
    byId("upload-cancel").hidden = true;
    this.progress(t("home-analyzing"), 0, t("home-leave"));
    try {
      const done = await follow(id, (job) => this.progress(job.state === "queued" ? t("home-queued") : t("home-analyzing"), job.progress, t("home-leave")));
      removeTabValue(storedKey());
      this.over(done);
    } catch (error) {
      if (!(error instanceof api.Problem)) throw error;
      if (error.status === 404) removeTabValue(storedKey());
      this.rest();
      showProblem({ title: t("home-lost-track"), detail: error.message, reference: error.reference }, {
        kept: t("home-analysis-goes-on"),
        action: error.status === 404 ? undefined : t("try-again"), onAction: () => void this.watch(id),
      });
    }
  }

  over(job: api.Job) {
    this.rest();
    if (job.state === "succeeded" && job.sessionId) {
      this.clear();
      announce(t("home-analysis-done"));
      this.onSession(job.sessionId);
      return;
    }
    this.key = ""; // a retry after a failed analysis is a new request
    if (job.problem?.code === "motion.exercise_not_recognised" && this.file) {
      this.ask(job.problem.alternatives);
      return;
    }
    if (job.problem?.code === CONSENT_MISSING && this.file) return this.requireConsent();
    showProblem({ title: t("home-not-analyzed"), detail: job.problem?.detail, reference: job.id }, {
      kept: t("home-others-unchanged"),
      advice: t("home-analysis-advice"),
      action: this.file ? t("try-again") : undefined, onAction: () => this.send(),
    });
  }

  /** Ask which exercise the video shows, and analyze it as the chosen one. @param alternatives ids, most likely first */
  ask(alternatives: string[]) {
    const onChoose = (id: string) => { byId<"select">("upload-exercise").value = id; this.send(); };
    askExercise(this.question, { alternatives, names: this.names, onChoose, onOther: () => byId("upload-exercise").focus() });
  }

  failed(problem: api.Problem) {
    this.rest();
    if (problem.code === CONSENT_MISSING) return this.requireConsent();
    if (problem.code === FILE_UNREADABLE) { this.clearVideo(); return showProblem(problem); }
    const signIn = signInAdvice(problem);
    const final = problem.status === 413 || problem.status === 415 || problem.status === 422;
    showProblem({ title: problem.title, detail: problem.detail, reference: problem.reference }, {
      kept: t("home-video-kept"),
      advice: final ? t("home-choose-another") : t("home-retry-safe"),
      ...(signIn && { advice: requiresSignIn(problem) ? t("sign-in-other-tab") : signIn.advice, link: signIn.link }),
      action: final ? undefined : t("try-again"), onAction: () => this.send(),
    });
  }

  requireConsent() {
    const action = { action: t("home-read-and-agree"), onAction: () => void this.agree() };
    showProblem({ title: t("home-agree-first") }, { kept: t("home-video-kept"), ...action });
  }

  /** Ask for the missing consent on this page, then send the video that is selected. */
  async agree() {
    try {
      if (await uploadConsent()) this.send();
    } catch (error) {
      this.failed(error instanceof api.Problem ? error : api.unreachable());
    }
  }

  /** @param share 0..1 */
  progress(step: string, share: number, detail: string) {
    const before = byId<"progress">("upload-bar");
    if (byId("upload-step").textContent !== step || Math.floor(share * 4) !== Math.floor(before.value * 4)) {
      announce(`${step}: ${percent(share)}`);
    }
    this.form.hidden = true;
    byId("upload-progress").hidden = false;
    byId("upload-step").textContent = step;
    byId("upload-share").textContent = percent(share);
    byId("upload-detail").textContent = detail;
    before.value = share;
  }

  /** Show the form again, as it was filled in. */
  rest() {
    this.sending = null;
    const hadFocus = byId("upload-progress").contains(document.activeElement);
    this.form.hidden = false;
    byId("upload-progress").hidden = true;
    if (hadFocus) byId("upload-start").focus();
  }

  clear() {
    this.form.reset();
    this.clearVideo();
  }

  clearVideo() {
    this.file = null;
    this.key = this.input.value = "";
    byId("video-name").textContent = t("home-choose-video");
    byId("video-hint").textContent = this.limit.hint;
    byId("drop").classList.remove("chosen");
  }
}
