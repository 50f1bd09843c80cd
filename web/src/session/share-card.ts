/**
 * Share card: the result of a session as an image, drawn from the athlete's own best repetition.
 * @module
 */

import { moment } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { barClass } from "./repetition-strip.ts";
import { saveFile } from "../ui/save-file.ts";
import { drawFigure, LEAST_VISIBILITY, STRIDE } from "../ui/skeleton.ts";
import type { PlacedRepetition } from "../api/client.ts";

/** Size of the image in pixels, as feeds show it. */
export const [WIDTH, HEIGHT] = [1080, 1350];

const MARGIN = 80;

/** Colours of the card, the same in each theme: it leaves the page. */
const COLOURS = { paper: "#0b0e0d", ink: "#f2f6f0", muted: "#a3b0a9", volt: "#d4f83a", left: "#5cc8ff", right: "#ffb347", good: "#5fe0a4", fair: "#ffb347", poor: "#ff8f8f", none: "#7f8a85" };

/** Tops and heights of the parts of the card. */
const FIGURE = { top: 470, height: 520 };
const BARS = { top: 1040, height: 150, gap: 12, most: 64 };

/** Width of the limbs. */
const THICKNESS = 16;

/** Bars are at least this high. */
const LOWEST = 0.25;

/** Most bars that fit; a longer set shows its first ones. */
const MOST_BARS = 30;

interface Card {
  headline: string;
  advice: string;
  tone: "good" | "fair";
  startedAt: string;
  /** with `place` */
  repetitions: PlacedRepetition[];
  /** pose of the best repetition */
  best: {points: Float32Array, aspect: number} | null;
}

/** Break a text into lines that fit. */
function linesOf(pen: CanvasRenderingContext2D, text: string, width: number) {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length && pen.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** Write lines of text; returns the position below them. */
function write(pen: CanvasRenderingContext2D, text: string, top: number, { size, colour, family, weight }: {size: number, colour: string, family: string, weight: number}) {
  pen.font = `${weight} ${size}px ${family}`;
  pen.fillStyle = colour;
  const lines = linesOf(pen, text, WIDTH - 2 * MARGIN);
  lines.forEach((line, index) => pen.fillText(line, MARGIN, top + size + index * size * 1.12));
  return top + lines.length * size * 1.12 + size * 0.35;
}

/** Draw a pose as large as its part of the card. */
function drawPose(pen: CanvasRenderingContext2D, { points, aspect }: {points: Float32Array, aspect: number}) {
  const seen = Array.from({ length: points.length / STRIDE }, (_, at) => at * STRIDE).filter((at) => points[at + 2] >= LEAST_VISIBILITY);
  if (seen.length === 0) return;
  const [xs, ys] = [seen.map((at) => points[at]), seen.map((at) => points[at + 1])];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const height = Math.min(FIGURE.height / Math.max(bottom - top, 0.01), (WIDTH - 4 * MARGIN) / Math.max((right - left) * aspect, 0.01));
  const width = height * aspect;
  const box = { left: WIDTH / 2 - (width * (left + right)) / 2, top: FIGURE.top + FIGURE.height / 2 - (height * (top + bottom)) / 2, width, height };
  drawFigure(pen, points, box, { left: COLOURS.left, right: COLOURS.right, trunk: COLOURS.ink }, THICKNESS);
}

/** One bar per repetition, as on the page. */
function drawBars(pen: CanvasRenderingContext2D, repetitions: PlacedRepetition[]) {
  const shown = repetitions.slice(0, MOST_BARS);
  const most = Math.max(...shown.map(({ rangeOfMotionDeg }) => rangeOfMotionDeg ?? 0), 1);
  const width = Math.min(BARS.most, (WIDTH - 2 * MARGIN) / shown.length - BARS.gap);
  shown.forEach((rep, index) => {
    const height = BARS.height * Math.max(LOWEST, (rep.rangeOfMotionDeg ?? most) / most);
    pen.fillStyle = COLOURS[barClass(rep) as "good" | "fair" | "poor" | "none"];
    pen.beginPath();
    pen.roundRect(MARGIN + index * (width + BARS.gap), BARS.top + BARS.height - height, width, height, Math.min(12, width / 3));
    pen.fill();
  });
}

/** Draw the card. */
export function drawCard(canvas: HTMLCanvasElement, { headline, advice, tone, startedAt, repetitions, best }: Card) {
  Object.assign(canvas, { width: WIDTH, height: HEIGHT });
  const pen = canvas.getContext("2d");
  if (!pen) return;
  const style = getComputedStyle(document.documentElement);
  const [display, sans] = ["--display", "--sans"].map((name) => style.getPropertyValue(name));
  pen.fillStyle = COLOURS.paper;
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  const glow = pen.createRadialGradient(WIDTH * 0.8, 0, 0, WIDTH * 0.8, 0, HEIGHT * 0.7);
  glow.addColorStop(0, "rgba(212, 248, 58, 0.22)");
  glow.addColorStop(1, "rgba(212, 248, 58, 0)");
  pen.fillStyle = glow;
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  const day = write(pen, moment(startedAt).textContent ?? "", MARGIN - 8, { size: 34, colour: COLOURS.muted, family: sans, weight: 500 });
  const below = write(pen, headline, day + 8, { size: 92, colour: COLOURS.ink, family: display, weight: 800 });
  if (advice) write(pen, advice, below, { size: 46, colour: COLOURS[tone], family: display, weight: 700 });
  if (best) drawPose(pen, best);
  if (repetitions.length > 0) drawBars(pen, repetitions);
  write(pen, "Kinelog", HEIGHT - MARGIN - 52, { size: 44, colour: COLOURS.volt, family: display, weight: 800 });
}

/**
 * Share the card by the device, or download it where that is not possible.
 * @param name of the file, without its ending
 */
export async function shareCard(card: Card, name: string): Promise<"shared" | "downloaded" | "cancelled"> {
  const canvas = document.createElement("canvas");
  await document.fonts.ready;
  drawCard(canvas, card);
  const image: Blob | null = await new Promise((done) => { canvas.toBlob(done, "image/png"); });
  if (!image) throw new Error("The browser could not encode the image.");
  const file = new File([image], `${name}.png`, { type: "image/png" });
  if (navigator.canShare?.({ files: [file] })) {
    try {
      await navigator.share({ files: [file], title: card.headline });
      return "shared";
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return "cancelled";
      if (!(error instanceof DOMException && error.name === "NotAllowedError")) throw error;
    }
  }
  saveFile(image, file.name);
  return "downloaded";
}

/** What the user is told. */
export function sharedWords(outcome: "shared" | "downloaded" | "cancelled") {
  return outcome === "downloaded" ? t("card-downloaded") : "";
}
