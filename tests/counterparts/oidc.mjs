// Google and Microsoft as a certified OpenID provider plays them, under their own host names: one https server for
// every name, and a CONNECT proxy that leads those names, and no others, to it. Told what to do by lines of JSON on
// stdin; it answers each with one line. Ends when stdin does. Usage: node oidc.mjs CONFIG.json
import fs from "node:fs";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import readline from "node:readline";
import { Provider, errors, interactionPolicy } from "oidc-provider";
import * as jose from "jose";

const config = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const GOOGLE_HOSTS = ["accounts.google.com", "oauth2.googleapis.com", "www.googleapis.com"];
const MICROSOFT_HOST = "login.microsoftonline.com";
let knobs = {};
const people = {};
const tokens = [];
const kid = config.signing.kid;
const signing = await jose.importJWK(config.signing, "RS256");
const foreign = await jose.importJWK(config.foreign, "RS256");
const publicPem = await jose.exportSPKI(await jose.importJWK({ kty: "RSA", n: config.signing.n, e: config.signing.e }, "RS256", { extractable: true }));

function makeProvider(issuer, routes, client) {
  const policy = interactionPolicy.base();
  policy.add(new interactionPolicy.Prompt({ name: "select_account", requestable: true }), 0);
  const provider = new Provider(issuer, {
    clients: [{ ...client, redirect_uris: ["https://unused.example/callback"], grant_types: ["authorization_code"] }],
    jwks: { keys: [{ ...config.signing, use: "sig", alg: "RS256" }] },
    routes,
    scopes: ["openid", "offline_access", "email", "profile"],
    claims: {
      openid: ["sub", "tid", "oid", "ver", "hd", "acct", "idp", "azp"],
      email: ["email", "email_verified", "xms_edov"],
      profile: ["name", "given_name", "family_name", "preferred_username", "groups", "roles"],
    },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    cookies: { keys: ["counterpart"] },
    features: { devInteractions: { enabled: false } },
    ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600, AuthorizationCode: 60 },
    interactions: { policy, url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope("openid email profile offline_access");
      await grant.save();
      return grant;
    },
  });
  provider.proxy = true;
  provider.Client.prototype.redirectUriAllowed = (uri) => (knobs.redirect_uris ?? []).includes(uri);
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.oidc?.route === "token" && ctx.body?.id_token) {
      ctx.body.id_token = await forge(ctx.body.id_token);
      tokens.push(ctx.body.id_token);
    }
  });
  return provider;
}

async function forge(token) {
  const wanted = knobs.forge;
  if (wanted === undefined) return token;
  const claims = { ...jose.decodeJwt(token), ...wanted.claims };
  for (const name of wanted.without ?? []) delete claims[name];
  const header = { alg: wanted.alg ?? "RS256", kid: wanted.kid ?? kid, ...wanted.header };
  if (wanted.replay) return tokens.at(-1);
  if (header.alg === "none") {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
    return `${part(header)}.${part(claims)}.`;
  }
  const key = header.alg === "HS256" ? Buffer.from(publicPem) : wanted.foreign ? foreign : signing;
  return new jose.CompactSign(Buffer.from(JSON.stringify(claims))).setProtectedHeader(header).sign(key);
}

const google = makeProvider(
  "https://accounts.google.com",
  { authorization: "/o/oauth2/v2/auth", token: "/token", jwks: "/oauth2/v3/certs", userinfo: "/v1/userinfo" },
  { ...config.google, token_endpoint_auth_method: "client_secret_post" },
);
const microsoft = Object.fromEntries(config.tenants.map((tenant) => [tenant, makeProvider(
  `https://${MICROSOFT_HOST}/${tenant}/v2.0`,
  { authorization: "/oauth2/v2.0/authorize", token: "/oauth2/v2.0/token", jwks: "/discovery/v2.0/keys", userinfo: "/oidc/userinfo" },
  { ...config.microsoft, token_endpoint_auth_method: "client_secret_post" },
)]));

async function interact(provider, request, response) {
  const user = new URL(request.url, "https://x").searchParams.get("user") ?? knobs.person;
  if (knobs.deny) {
    return provider.interactionFinished(request, response, { error: "access_denied" });
  }
  if (user !== undefined) {
    return provider.interactionFinished(request, response, { login: { accountId: user }, select_account: {} }, { mergeWithLastSubmission: false });
  }
  const path = request.originalUrl ?? request.url;
  const links = Object.keys(people).map((id) => `<li><a href="${path}?user=${encodeURIComponent(id)}">${people[id].name}</a></li>`);
  response.setHeader("Content-Type", "text/html");
  response.end(`<!doctype html><html lang="en"><title>Choose an account</title><h1>Choose an account</h1><ul>${links.join("")}</ul></html>`);
}

function kindOf(request) {
  return /certs|\/keys/.test(request.url) ? "keys" : /\/token/.test(request.url) ? "token" : /well-known/.test(request.url) ? "discovery" : "other";
}

// Requests of the kind that knobs.hold names are answered when it is named no more.
let held = [];
function releaseHeld() {
  const waiting = held;
  held = [];
  for (const { request, response } of waiting) answer(request, response);
}

const server = https.createServer(config.tls, answer);

function answer(request, response) {
  const kind = kindOf(request);
  if (knobs.down === "all" || knobs.down === kind) return request.socket.destroy();
  if (knobs.hold === kind) return held.push({ request, response });
  response.setHeader("Cache-Control", "no-store");
  const host = request.headers.host;
  if (GOOGLE_HOSTS.includes(host)) {
    if (request.url === "/oauth2/v1/certs") {
      response.setHeader("Content-Type", "application/json");
      return response.end(JSON.stringify({ [kid]: config.certificate }));
    }
    if (request.url.startsWith("/interaction/")) return interact(google, request, response);
    return google.callback()(request, response);
  }
  const tenant = config.tenants.find((one) => request.url.startsWith(`/${one}/`));
  if (host !== MICROSOFT_HOST || tenant === undefined) {
    if (request.url.startsWith("/interaction/")) return void interactAnywhere(request, response);
    response.statusCode = 404;
    return response.end();
  }
  request.url = request.url.slice(tenant.length + 1).replace(/^\/v2\.0\/\.well-known/, "/.well-known");
  request.originalUrl = `/${tenant}${request.url}`;
  return microsoft[tenant].callback()(request, response);
}

// Microsoft's interactions live at the root; the cookie says whose they are.
async function interactAnywhere(request, response) {
  for (const provider of Object.values(microsoft)) {
    try {
      await provider.interactionDetails(request, response);
      return await interact(provider, request, response);
    } catch (error) {
      if (!(error instanceof errors.SessionNotFound)) throw error;
    }
  }
  response.statusCode = 404;
  response.end();
}

const proxy = http.createServer((_request, response) => { response.statusCode = 403; response.end(); });
proxy.on("connect", (request, client, head) => {
  const [host, port] = request.url.split(":");
  if (port !== "443" || ![...GOOGLE_HOSTS, MICROSOFT_HOST].includes(host)) {
    return client.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  }
  const upstream = net.connect(server.address().port, "127.0.0.1", () => {
    client.write("HTTP/1.1 200 OK\r\n\r\n");
    upstream.write(head);
    upstream.pipe(client).pipe(upstream);
  });
  for (const side of [client, upstream]) side.on("error", () => { client.destroy(); upstream.destroy(); });
});

const listen = (one) => new Promise((resolve) => one.listen(0, "127.0.0.1", () => resolve(one.address().port)));
console.log(JSON.stringify({ https: await listen(server), proxy: await listen(proxy) }));
for await (const line of readline.createInterface({ input: process.stdin })) {
  const told = JSON.parse(line);
  if (told.people) Object.assign(people, told.people);
  if (told.forget) for (const id of Object.keys(people)) delete people[id];
  if (told.knobs) {
    knobs = told.knobs;
    releaseHeld();
  }
  console.log(JSON.stringify(told.ask === "held" ? { held: held.length } : {}));
}
process.exit(0);
