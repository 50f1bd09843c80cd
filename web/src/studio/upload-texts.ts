/**
 * Title and description of a new video in the form of an upload.
 * @module
 */

import type { Schemas } from "../api/client.ts";
import { byId } from "../ui/dom.ts";
import { workIsSaved } from "../ui/unsaved-work.ts";

/** The title and the description that are in the form. */
export function typedTexts() {
  return { title: byId<"input">("upload-name").value.trim(), description: byId<"textarea">("upload-description").value };
}

/**
 * Empty the form after an upload, unless it has the texts of another video.
 * @param existing the video whose upload was continued or whose file was replaced; null for a new one
 */
export function clearTexts(existing: Schemas["ContentItem"] | null) {
  const { title, description } = typedTexts();
  if (existing && (title !== existing.title || description !== existing.description)) return;
  byId<"form">("upload-form").reset();
  workIsSaved(byId("upload-form"));
}
