/**
 * Camera selector element.
 * @module
 */

import { cameras, chosen, onCamerasChanged, prefer } from "../coach/camera-devices.ts";
import { announce, h } from "./dom.ts";
import { t } from "../i18n/l10n.ts";

/** `<camera-choice>`: a list of the connected cameras. Fires `change` when another camera is selected. */
export class CameraChoice extends HTMLElement {
  #list = h("select");

  connectedCallback() {
    if (this.firstChild) return;
    this.#list.id = `${this.id}-list`;
    this.append(h("label", { class: "field", for: this.#list.id }, h("span", null, t("light-camera")), this.#list));
    this.#list.addEventListener("change", (event: Event) => {
      event.stopPropagation();
      prefer(this.#list.value);
      this.dispatchEvent(new Event("change"));
    });
    onCamerasChanged(() => void this.refresh({ isAnnounced: true }));
    void this.refresh();
  }

  /**
   * Reload the list of cameras.
   * @param how `looking`: the ID of the camera in use; `isAnnounced`: announce new cameras
   */
  async refresh({ looking = "", isAnnounced = false }: {looking?: string, isAnnounced?: boolean} = {}) {
    const before = new Set([...this.#list.options].map((each) => each.value));
    const devices = await cameras();
    this.hidden = devices.length === 0;
    const now = looking || this.#list.value || chosen();
    const gone = now && !devices.some(({ id }) => id === now);
    this.#list.replaceChildren(
      gone || !now ? h("option", { value: "" }, gone ? t("camera-not-connected") : t("camera-default")) : "",
      ...devices.map(({ id, name }) => h("option", { value: id }, name)));
    this.#list.value = gone ? "" : now;
    const come = devices.filter(({ id }) => !before.has(id));
    if (isAnnounced && before.size && come.length) announce(t("camera-connected", { cameras: come.map(({ name }) => name).join(", ") }));
  }
}

customElements.define("camera-choice", CameraChoice);

declare global {
  interface HTMLElementTagNameMap { "camera-choice": CameraChoice }
}
