// An identity provider: `oidc-provider`, which is certified for OpenID Connect, with people of these tests.

import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import Provider from "oidc-provider";
import { freePort } from "./hub.mjs";

export const CLIENT = { id: "presence-hub", secret: "a secret of the tests, which is in no log" };

/** Whoever can sign in, and what the provider says of them. */
const PEOPLE = {
  ada: { name: "Ada Lindqvist", groups: ["everyone", "presence-agents", "presence-team-billing"] },
  ben: { name: "Ben Okafor", groups: ["everyone", "presence-agents", "presence-team-support"] },
  sam: { name: "Sam Rivera", groups: ["everyone", "presence-supervisors", "presence-team-billing"] },
  alex: { name: "Alex Petrov", groups: ["everyone", "presence-admins"] },
  cook: { name: "Casey Cook", groups: ["everyone"] },
};

/** What a hub is told of it, as environment variables without their prefix. */
export function settingsOf(provider) {
  return {
    AUTH__MODE: "oidc",
    AUTH__OIDC__ISSUER: provider.issuer,
    AUTH__OIDC__CLIENT_ID: CLIENT.id,
    AUTH__OIDC__CLIENT_SECRET: CLIENT.secret,
    AUTH__OIDC__SCOPES: "openid,profile,groups",
    AUTH__OIDC__NAME: "Example",
    AUTH__JWT__ROLES_CLAIM: "groups",
    AUTH__JWT__TEAMS_CLAIM: "groups",
    AUTH__TEAMS__PREFIX: "presence-team-",
    AUTH__ROLES__AGENT: "presence-agents",
    AUTH__ROLES__SUPERVISOR: "presence-supervisors",
    AUTH__ROLES__ADMIN: "presence-admins",
  };
}

const groupClaims = { claims: { openid: ["sub"], profile: ["name"], groups: ["groups"] } };

/**
 * One that knows the hub at this address. Its name is another site's than the hub's, as it is out there. Groups are told
 * at its userinfo, or in the ID token as well if `inToken`.
 */
export async function startProvider(hub, inToken = false) {
  const port = await freePort();
  const issuer = `http://localhost:${port}`;
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = { ...privateKey.export({ format: "jwk" }), kid: "first", use: "sig", alg: "RS256" };
  const provider = new Provider(issuer, {
    ...groupClaims,
    conformIdTokenClaims: !inToken,
    jwks: { keys: [key] },
    cookies: { keys: ["of the tests"] },
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [`${hub}/sign-in/callback`],
        post_logout_redirect_uris: [`${hub}/`],
        backchannel_logout_uri: `${hub}/sign-in/back-channel-logout`,
        backchannel_logout_session_required: true,
      },
    ],
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true },
    },
    pkce: { required: () => true },
    // Its own way out reaches no loopback, where the hub is.
    fetch: (url, { method, headers, body, redirect, signal }) =>
      fetch(url, { method, headers, body, redirect, signal }),
    ttl: { Session: 3600, Grant: 3600, Interaction: 600, IdToken: 600, AccessToken: 600, AuthorizationCode: 60 },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: (_, id) =>
      PEOPLE[id] === undefined ? undefined : { accountId: id, claims: () => ({ sub: id, ...PEOPLE[id] }) },
    async loadExistingGrant({ oidc }) {
      const grant = new provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope("openid profile groups");
      await grant.save();
      return grant;
    },
  });
  const told = { refused: [], loggedOut: [], notHeard: [] };
  provider.on("grant.error", (_, error) => told.refused.push(error.error));
  provider.on("backchannel.success", (_ctx, _client, subject) => told.loggedOut.push(subject));
  provider.on("backchannel.error", (_ctx, error) => told.notHeard.push(error.message));
  const answer = provider.callback();
  const server = createServer((asked, answered) => {
    if (asked.url === "/favicon.ico") return void answered.writeHead(204).end();
    if (!asked.url.startsWith("/interaction/")) return void answer(asked, answered);
    signIn(provider, asked, answered).catch((error) => answered.writeHead(500).end(String(error)));
  });
  const listen = () => new Promise((listening) => server.listen(port, "127.0.0.1", listening));
  await listen();
  return {
    issuer,
    told,
    isDown: () => {
      server.closeAllConnections();
      return new Promise((closed) => server.close(closed));
    },
    isUp: listen,
  };
}

/** Whoever says a name is believed. */
async function signIn(provider, asked, answered) {
  if (asked.method === "GET") {
    answered.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    answered.end(
      `<!doctype html><html lang="en"><title>Sign in</title><main><form method="post">
       <label>Account <input name="account" /></label><button>Sign in</button></form></main></html>`,
    );
    return;
  }
  let body = "";
  for await (const part of asked) body += part;
  const accountId = new URLSearchParams(body).get("account");
  await provider.interactionFinished(asked, answered, { login: { accountId } });
}
