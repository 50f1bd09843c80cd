/**
 * Follow an analysis job by server-sent events, or by polling if the stream is refused.
 * @module
 */

import * as api from "../api/client.js";

const ASK_AGAIN_MS = 1000;

/** @param {api.Job} job */
function isOver(job) {
  return job.state === "succeeded" || job.state === "failed";
}

/**
 * Follow a job until it ends. The browser resumes a broken stream by itself (Last-Event-ID).
 * @param {string} id
 * @param {(job: api.Job) => void} onChange
 * @returns {Promise<api.Job>} the job in its final state; rejects with a Problem
 */
export function follow(id, onChange) {
  return new Promise((resolve, reject) => {
    const stream = new EventSource(`/v1/jobs/${encodeURIComponent(id)}/events`);
    stream.addEventListener("job", (event) => {
      const job = JSON.parse(event.data);
      onChange(job);
      if (isOver(job)) {
        stream.close();
        resolve(job);
      }
    });
    stream.addEventListener("error", () => {
      if (stream.readyState === EventSource.CLOSED) ask(id, onChange).then(resolve, reject);
    });
  });
}

/** Ignore temporary errors while polling. @param {unknown} error @returns {null} @throws any other error */
function passing(error) {
  if (error instanceof api.Problem && (error.status === 0 || error.status === 429 || error.status >= 500)) return null;
  throw error;
}

/** @param {string} id @param {(job: api.Job) => void} onChange @returns {Promise<api.Job>} */
async function ask(id, onChange) {
  for (;;) {
    const job = await api.job(id).catch(passing);
    if (job) onChange(job);
    if (job && isOver(job)) return job;
    await new Promise((resolve) => { setTimeout(resolve, ASK_AGAIN_MS); });
  }
}
