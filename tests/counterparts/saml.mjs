// An identity provider by others (Auth0's samlp, with the claims of AD FS), for tests on the loopback alone.
// Keys and port arrive as one line of JSON on stdin; "ready" goes out when it listens. It ends with its stdin.
import { createRequire } from "node:module";
import crypto from "node:crypto";
import readline from "node:readline";

const require = createRequire(import.meta.url);
const express = require("express");
const samlp = require("samlp");

const PEOPLE = {
  eve: { id: "eve-at-adfs", given: "Eve", family: "Malá", mail: "eve@acme.example", groups: ["staff"] },
  nora: { id: "nora-at-adfs", given: "Nora", family: "Nová", mail: "nora@acme.example", groups: ["planners"] },
};
const CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims";
const PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";

/* What AD FS sends under which name. */
function profileMapper(person) {
  return {
    getClaims: () => ({
      [`${CLAIMS}/emailaddress`]: person.mail,
      [`${CLAIMS}/givenname`]: person.given,
      [`${CLAIMS}/surname`]: person.family,
      "http://schemas.xmlsoap.org/claims/Group": person.groups,
    }),
    getNameIdentifier: () => ({ nameIdentifier: person.id, nameIdentifierFormat: PERSISTENT }),
  };
}
profileMapper.prototype.metadata = [];

function loginPage(req) {
  const choices = Object.keys(PEOPLE)
    .map((name) => `<li><a href="${req.originalUrl.replace(/"/g, "")}&user=${name}">Sign in as ${name}</a></li>`)
    .join("");
  return `<!doctype html><html lang="en"><title>AD FS look-alike</title><h1>Acme login</h1><ul>${choices}</ul></html>`;
}

/* The relying party's certificate, once it was told; from then on every assertion is encrypted for it. */
let relying = {};

function learn(req, res) {
  let pem = "";
  req.setEncoding("utf8");
  req.on("data", (part) => { pem += part; });
  req.on("end", () => {
    const publicKey = pem && new crypto.X509Certificate(pem).publicKey.export({ type: "spki", format: "pem" });
    relying = pem ? { encryptionCert: pem, encryptionPublicKey: publicKey } : {};
    res.send("learned");
  });
}

function serve({ port, cert, key }) {
  const app = express();
  const issuer = `http://127.0.0.1:${port}/adfs/services/trust`;
  app.use((req, _res, next) => { req.body ||= {}; next(); });
  app.get("/adfs/ls", (req, res, next) => {
    const person = PEOPLE[req.query.user];
    if (!person) { res.send(loginPage(req)); return; }
    samlp.parseRequest(req, (error, asked) => {
      if (error) { next(error); return; }
      const acs = asked.assertionConsumerServiceURL;
      samlp.auth({
        issuer, cert, key, profileMapper, ...relying,
        destination: acs, recipient: acs, lifetimeInSeconds: 300, sessionIndex: "_adfs",
        getPostURL: (_audience, _dom, _req, answer) => answer(null, acs),
        getUserFromRequest: () => person,
      })(req, res, next);
    });
  });
  app.get("/FederationMetadata/2007-06/FederationMetadata.xml", samlp.metadata({
    issuer, cert, endpointPath: "/adfs/ls", profileMapper,
    redirectEndpointPath: "/adfs/ls", postEndpointPath: "/adfs/ls",
  }));
  app.post("/relying-party", learn);
  app.listen(port, "127.0.0.1", () => console.log("ready"));
}

const lines = readline.createInterface({ input: process.stdin });
lines.once("line", (line) => serve(JSON.parse(line)));
lines.on("close", () => process.exit(0));
