/**
 * Cues of a draft of captions: read from WebVTT as the server writes it, and written again after they were edited.
 * @module
 */

/** text that is shown between two moments; lines are separated by line breaks */
export type Cue = {startMs: number, endMs: number, text: string};

const TIMING = /^(?:(\d+):)?(\d\d):(\d\d)\.(\d{3}) --> (?:(\d+):)?(\d\d):(\d\d)\.(\d{3})/;

const ESCAPED: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** @param text WebVTT without settings and tags, as drafts are */
export function parseCues(text: string): Cue[] {
  return text.split("\n\n").flatMap((block) => {
    const [timing, ...lines] = block.trim().split("\n");
    const match = TIMING.exec(timing);
    if (!match) return []; // the signature
    const [startMs, endMs] = [match.slice(1, 5), match.slice(5, 9)].map(toMs);
    return [{ startMs, endMs, text: unescape(lines.join("\n")) }];
  });
}

/** Cues without text are left out. */
export function toWebvtt(cues: Cue[]): string {
  const blocks = cues.flatMap(({ startMs, endMs, text }) => {
    const lines = text.split("\n").map((line) => line.trim()).filter(Boolean); // an empty line would end the cue
    return lines.length ? [`${toTime(startMs)} --> ${toTime(endMs)}\n${escape(lines.join("\n"))}`] : [];
  });
  return `${["WEBVTT", ...blocks].join("\n\n")}\n`;
}

function toMs([hours = "0", minutes, seconds, milliseconds]: string[]) {
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(milliseconds);
}

function toTime(timeMs: number) {
  const pad = (count: number, digits = 2) => String(count).padStart(digits, "0");
  const seconds = Math.floor(timeMs / 1000);
  return `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}.${pad(timeMs % 1000, 3)}`;
}

function escape(text: string) {
  return text.replace(/[&<>]/g, (each) => ESCAPED[each]);
}

function unescape(text: string) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
