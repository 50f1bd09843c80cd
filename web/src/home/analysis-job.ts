/**
 * Follow an analysis job by server-sent events, or by polling if the stream is refused.
 * @module
 */

import * as api from "../api/client.ts";

const ASK_AGAIN_MS = 1000;

function isOver(job: api.Job) {
  return job.state === "succeeded" || job.state === "failed";
}

/**
 * Follow a job until it ends. The browser resumes a broken stream by itself (Last-Event-ID).
 * @returns the job in its final state; rejects with a Problem
 */
export function follow(id: string, onChange: (job: api.Job) => void): Promise<api.Job> {
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

/** Ignore temporary errors while polling. @throws any other error */
function passing(error: unknown): null {
  if (error instanceof api.Problem && (error.status === 0 || error.status === 429 || error.status >= 500)) return null;
  throw error;
}

async function ask(id: string, onChange: (job: api.Job) => void): Promise<api.Job> {
  for (;;) {
    const job = await api.job(id).catch(passing);
    if (job) onChange(job);
    if (job && isOver(job)) return job;
    await new Promise((resolve) => { setTimeout(resolve, ASK_AGAIN_MS); });
  }
}
