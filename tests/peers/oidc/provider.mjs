// A real OpenID provider on a free port: `node provider.mjs REDIRECT_URI...`.
//
// It says its issuer in one line of JSON as soon as it listens. People sign in under the names of
// ACCOUNTS with any password; its own pages ask for their consent.
import { createServer } from 'node:http';

import { Provider } from 'oidc-provider';

const ACCOUNTS = {
  ada: { email: 'ada@example.org', email_verified: true, name: 'Ada' },
  countess: { email: 'ada@example.org', email_verified: true, name: 'The Countess' },
  eve: { email: 'ada@example.org', email_verified: false, name: 'Eve' },
  nobody: {},
};

const configuration = (redirectUris) => ({
  clients: [
    {
      client_id: 'kinelog',
      client_secret: 'a secret of nobody',
      redirect_uris: redirectUris,
      token_endpoint_auth_method: 'client_secret_post',
    },
  ],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  cookies: { keys: ['a key of nobody'] },
  features: { devInteractions: { enabled: true } },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...ACCOUNTS[id] }) }),
  pkce: { required: () => true },
});

let answer;
const server = createServer((request, response) => answer(request, response));
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  answer = new Provider(issuer, configuration(process.argv.slice(2))).callback();
  process.stdout.write(`${JSON.stringify({ issuer })}\n`);
});
