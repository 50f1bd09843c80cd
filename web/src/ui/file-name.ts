/**
 * Names of files, for the server.
 * @module
 */

/** An extension with its point. */
const EXTENSION = /\.\w{1,10}$/;

/** Shorten a name to a number of characters; its extension is kept. */
export function shortName(name: string, most: number): string {
  const characters = [...name]; // splits no surrogate pair
  if (characters.length <= most) return name;
  const [extension = ""] = EXTENSION.exec(name) ?? [];
  return characters.slice(0, most - extension.length).join("") + extension;
}
