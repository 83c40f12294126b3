// A receiver of webhooks as one writes it in Node, with nothing but Node.
//
//     receiver.mjs URL PORT FOLDERS
//
// What it must do stands in crates/stand-ins/src/events.rs.

import { createHmac, timingSafeEqual } from "node:crypto";
import { writeSync } from "node:fs";
import http from "node:http";

const KEY = "the key of the webhooks";
const WINDOW = 300_000; // milliseconds that the clocks may differ
const GAP = 500; // milliseconds between two questions for one folder, after the first
const LOADED_AT_ONCE = 16;

const [base, port, count] = process.argv.slice(2);
const { hostname, port: serverPort } = new URL(base);
const agent = new http.Agent({ keepAlive: true, maxSockets: 100, noDelay: true });
let authorization;

function ask(method, path, body) {
  return new Promise((resolve, reject) => {
    const headers = { ...(authorization && { authorization }), ...(body && { "content-type": "application/json" }) };
    const request = http.request({ agent, hostname, port: serverPort, method, path, headers }, (answer) => {
      const chunks = [];
      answer.on("data", (chunk) => chunks.push(chunk));
      answer.on("end", () => {
        if (answer.statusCode !== 200) return reject(new Error(`${path}: ${answer.statusCode}`));
        resolve(JSON.parse(Buffer.concat(chunks).toString()));
      });
      answer.on("error", reject);
    });
    request.on("error", reject);
    request.end(body);
  });
}

/** A folder: what is in it, and whether it is to be fetched. */
function folder(number) {
  const path = `/folders/${String(number).padStart(6, "0")}`;
  const query = new URLSearchParams({
    projectId: `7d0c6f3e-1a2b-4c3d-9e8f-${String(number).padStart(12, "0")}`,
    environment: "prod",
    secretPath: path,
    viewSecretValue: "true",
    expandSecretReferences: "true",
    recursive: "false",
    includeImports: "true",
    includePersonalOverrides: "false",
  });
  return { path, target: `/api/v4/secrets?${query}`, values: new Map(), wanted: false, following: false, last: -Infinity };
}

const folders = new Map();
for (let number = 0; number < Number(count); number++) {
  const it = folder(number);
  folders.set(it.path, it);
}

async function fetchFolder(folder) {
  const listed = await ask("GET", folder.target);
  const values = new Map();
  for (const imported of listed.imports) {
    for (const secret of imported.secrets) values.set(secret.secretKey, secret.secretValue);
  }
  for (const secret of listed.secrets) {
    if (!secret.secretValueHidden) values.set(secret.secretKey, secret.secretValue);
  }
  const before = folder.values;
  folder.values = values;
  for (const [key, value] of values) {
    if (key.startsWith("NUMBER_") && before.get(key) !== value) writeSync(1, `${value}\n`);
  }
}

async function follow(folder) {
  while (folder.wanted) {
    const pause = folder.last + GAP - performance.now();
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    folder.wanted = false;
    folder.last = performance.now();
    await fetchFolder(folder);
  }
  folder.following = false;
}

function hint(folder) {
  folder.wanted = true;
  if (folder.following) return;
  folder.following = true;
  follow(folder);
}

function take(request, body) {
  if (request.method !== "POST" || request.url !== "/infisical/webhook") return [404, "there is nothing here"];
  const [moment, code = ""] = (request.headers["x-infisical-signature"] ?? "").split(";");
  const expected = createHmac("sha256", KEY).update(body).digest();
  const given = Buffer.from(code, "hex");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return [401, "signature"];
  const event = JSON.parse(body.toString());
  if (moment !== `t=${event.timestamp}` || Math.abs(Date.now() - event.timestamp) > WINDOW) return [401, "time"];
  const folder = folders.get(event.project.secretPath);
  if (event.event !== "secrets.modified" || folder === undefined) return [200, "taken"];
  hint(folder);
  return [202, "taken"];
}

const login = JSON.stringify({ clientId: "bench", clientSecret: "bench" });
authorization = `Bearer ${(await ask("POST", "/api/v1/auth/universal-auth/login", login)).accessToken}`;
const waiting = [...folders.values()];
async function load() {
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) await fetchFolder(folder);
}
await Promise.all(Array.from({ length: LOADED_AT_ONCE }, load));

const server = http.createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const [status, words] = take(request, Buffer.concat(chunks));
    response.writeHead(status, { "content-type": "text/plain", "content-length": words.length });
    response.end(words);
  });
});
server.listen(Number(port), "127.0.0.1", () => writeSync(1, "ready\n"));
