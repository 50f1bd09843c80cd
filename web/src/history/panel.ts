/**
 * Panels of the history page.
 * @module
 */

import { t } from "../i18n/l10n.ts";
import { Panel as FilledPanel } from "../ui/panel.ts";

/** A section of the history page that is filled from the server. */
export class Panel extends FilledPanel {
  /** @param body element whose content is replaced */
  constructor(body: HTMLElement) {
    super(body, { title: t("history-part-not-loaded"), kept: t("sessions-safe"), left: t("history-panel-not-loaded") });
  }
}
