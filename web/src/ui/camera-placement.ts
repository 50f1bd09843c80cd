/**
 * Camera placement element: where the camera has to be for an exercise, in words and as a plan from above.
 * @module
 */

import { h, svg } from "./dom.ts";
import { cameraWords, standWords } from "../player/instructions.ts";
import type { View } from "../motion/observer.ts";

/** Angles of the camera for each view, in degrees from straight in front; the same as in the server's advice. */
const PLACES = { front: [0], oblique: [50, -50, 130, -130], side: [90, -90], rear: [180] };

/** Size of the drawing and distance of the camera, in SVG user units. */
const [SIZE, RADIUS] = [160, 58];

/** @param degrees clockwise, 0 is the bottom */
function camera(degrees: number) {
  return svg("g", { transform: `rotate(${-degrees} ${SIZE / 2} ${SIZE / 2}) translate(${SIZE / 2} ${SIZE / 2 + RADIUS})`, class: "placement-camera" },
    svg("path", { class: "placement-view", d: `M0 -6 L-16 ${-RADIUS + 14} H16 Z` }),
    svg("rect", { x: -9, y: -6, width: 18, height: 13, rx: 3 }), svg("circle", { cx: 0, cy: -6, r: 3.5 }));
}

/** `<camera-place>`: shows the placement for one exercise. */
export class CameraPlace extends HTMLElement {
  show(definition: {views: View[], kind: "hold" | "repetitions"} | null) {
    if (!definition) return this.replaceChildren();
    const places = definition.views.flatMap((view) => PLACES[view] ?? []);
    const middle = SIZE / 2;
    this.replaceChildren(
      svg("svg", { viewBox: `0 0 ${SIZE} ${SIZE}`, class: "place", "aria-hidden": "true" },
        places.map(camera),
        svg("ellipse", { class: "placement-body", cx: middle, cy: middle, rx: 20, ry: 9 }),
        svg("circle", { class: "placement-body", cx: middle, cy: middle, r: 9 }),
        svg("path", { class: "placement-nose", d: `M${middle - 4} ${middle + 8} L${middle} ${middle + 15} L${middle + 4} ${middle + 8} Z` })),
      h("div", null, h("p", null, cameraWords(definition)), h("p", { class: "muted" }, standWords())));
  }
}

customElements.define("camera-place", CameraPlace);

declare global {
  interface HTMLElementTagNameMap { "camera-place": CameraPlace }
}
