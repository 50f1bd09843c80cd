/**
 * Size limit of uploaded videos, checked before a video is sent.
 * @module
 */

import { Problem, request } from "../api/client.ts";
import { size } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { shortName } from "../ui/file-name.ts";
import { constraintsOf } from "../ui/schema-fields.ts";

/** The name of a file, as far as the server takes it. */
export const uploadName = ({ name }: File) => shortName(name, constraintsOf("Body_analyzeVideo.name").maxlength ?? Infinity);

/** The largest size that the server accepts; unlimited until it is loaded. */
export class UploadLimit {
  #mostBytes = Infinity;

  /** Load the limit. If that fails, the server checks the size alone. */
  async load() {
    try {
      this.#mostBytes = (await request("/v1/client-settings")).maxUploadBytes;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
    }
  }

  /** Text below the field. */
  get hint() {
    const limit = Number.isFinite(this.#mostBytes) ? ` ${t("home-up-to", { size: size(this.#mostBytes) })}` : "";
    return `${t("home-drop-hint")}${limit}`;
  }

  /** Return the problem with the size of a file, or null if the file can be uploaded. */
  problemOf(file: File): {title: string, detail: string} | null {
    if (file.size === 0) return { title: t("home-file-empty"), detail: t("home-file-empty-detail", { file: file.name }) };
    if (file.size <= this.#mostBytes) return null;
    const detail = t("home-file-large-detail", { file: file.name, size: size(file.size), limit: size(this.#mostBytes) });
    return { title: t("home-file-large"), detail };
  }
}
