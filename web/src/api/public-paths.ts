/**
 * Paths of the API whose answers are the same for all users, so that the service worker keeps them.
 * @module
 */

/** Custom exercises are their athlete's. */
const PUBLIC = /^\/v1\/(client-settings|exercises|exercises\/(?!custom_)[^/]+(\/demonstration)?)$/;

/** Whether the answers at a path have no personal data. */
export const isPublic = (path: string) => PUBLIC.test(path);
