/**
 * State of the page: the signed-in user.
 * @module
 */

import { createStore } from "./store.ts";
import type { Display } from "../i18n/display-settings.ts";

export type User = {id: string, poseCoachUid: string, tenantId: string, roles: string[], email: string | null, username: string | null, timeZone: string, locale: string, display: Display};

export const useAccountStore = createStore({ user: null } as {user: User | null});

let pageUserId: string | null = null;
let shownUserId: string | null = null;

/** ID of the user of whom this page shows and may hold data, also after a sign-out in another tab; null if there is none. */
export const pageUser = () => pageUserId;

/** ID of the last user of this page, also after they signed out on it: until it is left, it shows their data. */
export const shownUser = () => shownUserId;

/** Set the user of this page, or none. */
export function setPageUser(id: string | null) {
  pageUserId = id;
  shownUserId = id ?? shownUserId;
}

/** Whether the user is an administrator; without accounts, everybody is one. */
export const isAdministrator = (user: User | null = useAccountStore.get().user) => user === null || user.roles.includes("administrator");

/** Whether the user sees figures of many people. */
export const isAnalyst = (user: User | null = useAccountStore.get().user) => isAdministrator(user) || user?.roles.includes("analyst") === true;

/** Whether the user may offer plans; without accounts, everybody may. */
export const isTrainer = (user: User | null = useAccountStore.get().user) => isAdministrator(user) || user?.roles.includes("trainer") === true;
