/** Types of GraphQL requests, inferred from the text of a request and the API's schema. */

import type { graphql, ResultOf, VariablesOf } from "gql.tada";
import type {} from "../../types/graphql.js"; // the schema; `npm run types` generates it

declare module "gql.tada" {
  interface setupSchema {
    scalars: { Date: string; DateTime: string; Position: string; UUID: string };
  }
}

type Document<Text extends string> = ReturnType<typeof graphql<Text, []>>;

/** The `data` of a response. */
export type Result<Text extends string> = ResultOf<Document<Text>>;

/** The variables of a request; `never` if it asks for a field that the schema does not have. */
export type Variables<Text extends string> = true extends HasUnknown<Result<Text>> ? never : VariablesOf<Document<Text>>;

/** Whether a result has a part of unknown type, as fields have that are not in the schema. */
type HasUnknown<Value> = unknown extends Value ? true
  : Value extends readonly (infer Item)[] ? HasUnknown<Item>
  : Value extends object ? { [Name in keyof Value]-?: HasUnknown<Value[Name]> }[keyof Value]
  : false;
