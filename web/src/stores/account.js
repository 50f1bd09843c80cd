/**
 * State of the page: the signed-in user.
 * @module
 */

import { createStore } from "./store.js";

/** @typedef {{id: string, poseCoachUid: string, tenantId: string, roles: string[], email: string | null, username: string | null, timeZone: string, locale: string, display: import("../i18n/display-settings.js").Display}} User */

export const useAccountStore = createStore(/** @type {{user: User | null}} */ ({ user: null }));

/** Whether the user is an administrator; without accounts, everybody is one. @param {User | null} [user] */
export const isAdministrator = (user = useAccountStore.get().user) => user === null || user.roles.includes("administrator");

/** Whether the user sees figures of many people. @param {User | null} [user] */
export const isAnalyst = (user = useAccountStore.get().user) => isAdministrator(user) || user?.roles.includes("analyst") === true;

/** Whether the user may offer plans; without accounts, everybody may. @param {User | null} [user] */
export const isTrainer = (user = useAccountStore.get().user) => isAdministrator(user) || user?.roles.includes("trainer") === true;
