// Audits a GraphQL server with the suite of the GraphQL over HTTP specification:
// node graphql_audit.mjs URL. Writes a JSON list of {id, name, status, reason}.
import { auditServer } from '../../../web/node_modules/graphql-http/lib/index.mjs';

const results = await auditServer({ url: process.argv[2] });
const rows = results.map(({ id, name, status, reason = '' }) => ({ id, name, status, reason }));
process.stdout.write(JSON.stringify(rows));
