/**
 * Types of REST requests by method and URL, from `openapi.json`: what their bodies and responses are.
 * @module
 */

import type { paths } from "../../types/rest.d.ts";
import type { paths as bodies } from "../../types/rest-bodies.d.ts"; // fields with a default are optional

/** A path with any text for its parameters, such as `/v1/jobs/${string}`. */
type Pattern<Path extends string> = Path extends `${infer Before}{${string}}${infer After}` ? `${Before}${string}${Pattern<After>}` : Path;

type WithoutQuery<Url extends string> = Url extends `${infer Path}?${string}` ? Path : Url;

/** The path of the API that a URL has; `never` if there is none. */
type PathOf<Url extends string> = Url extends unknown
  ? { [Path in keyof paths]: [Url] extends [Pattern<Path>] ? ([Pattern<Path>] extends [Url] ? Path : never) : never }[keyof paths]
  : never;

type Json<Part> = Part extends { content: { "application/json": infer Content } } ? Content : null;

type Succeeded = 200 | 201 | 202 | 204;

type ContentOfResponse<Operation> = Operation extends { responses: infer Responses }
  ? { [Status in keyof Responses & Succeeded]: Json<Responses[Status]> }[keyof Responses & Succeeded]
  : never;

type ContentOfRequest<Operation> = Operation extends { requestBody?: infer Body }
  ? [NonNullable<Body>] extends [never] ? Record<string, never> : Json<NonNullable<Body>>
  : never;

/** Content of the response; null for 204. A type that fits nothing if the API has no such operation. */
export type ResponseOf<Method extends string, Url extends string> = OrUnknown<PathOf<WithoutQuery<Url>> extends infer Path extends keyof paths
  ? ContentOfResponse<paths[Path][Lowercase<Method> & keyof paths[Path]]>
  : never, Url>;

type OrUnknown<Content, Url extends string> = [Content] extends [never] ? { "is not in openapi.json": Url } : Content;

/** Content of the request; an empty object if it has none. */
export type BodyOf<Method extends string, Url extends string> = PathOf<WithoutQuery<Url>> extends infer Path extends keyof bodies
  ? ContentOfRequest<bodies[Path][Lowercase<Method> & keyof bodies[Path]]>
  : never;
