// Tells that a secret changed, and shows digests in place of values: node app.mjs KEY

import { createHash } from "node:crypto";

import { Listener } from "./keyloom-listen.mjs";

const digest = (value) =>
  value === undefined ? "none" : createHash("sha256").update(value).digest("hex").slice(0, 16);

const key = process.argv[2];
const secrets = new Listener();
secrets.subscribe(key, (key, newValue, oldValue) => {
  console.log(`${key} changed from ${digest(oldValue)} to ${digest(newValue)}`);
});
await secrets.start();
console.log(`${key} is ${digest(secrets.get(key))}, one of ${secrets.getAll().size}`);
