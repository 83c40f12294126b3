// Secrets of `keyloom listen` for programs in Node. No dependencies.
//
//   import { Listener } from "./keyloom-listen.mjs";
//
//   const secrets = new Listener();
//   secrets.subscribe("DATABASE_URL", (key, newValue, oldValue) => reconnect(newValue));
//   await secrets.start();
//   const url = secrets.get("DATABASE_URL");

import { readFile } from "node:fs/promises";
import http from "node:http";

/** Asks the sidecar over HTTP on this machine. All secrets are held in one map that is replaced as a whole. */
export class Listener {
  #url;
  #tokenFile;
  #wait;
  #now = new Map();
  #version = "";
  #callbacks = new Map();
  #stopped = new AbortController();
  #agent = new http.Agent({ keepAlive: true });

  constructor({ url, tokenFile, wait = 30 } = {}) {
    this.#url = url ?? process.env.KEYLOOM_LISTEN_URL ?? "http://127.0.0.1:8200";
    this.#tokenFile = tokenFile ?? process.env.KEYLOOM_LISTEN_TOKEN_FILE ?? "/run/keyloom/token";
    this.#wait = wait;
  }

  /** The value of a secret, as it is now. */
  get(key) {
    return this.#now.get(key);
  }

  /** All secrets as they are at one moment. */
  getAll() {
    return new Map(this.#now);
  }

  /** Has `callback(key, newValue, oldValue)` called when a secret changes; undefined is what is gone, or was not there. */
  subscribe(key, callback) {
    this.#callbacks.set(key, [...(this.#callbacks.get(key) ?? []), callback]);
    return () => this.unsubscribe(key, callback);
  }

  /** Ends that. */
  unsubscribe(key, callback) {
    this.#callbacks.set(key, (this.#callbacks.get(key) ?? []).filter((one) => one !== callback));
  }

  /** Loads all secrets, and follows their changes from then on. Fails when they cannot be loaded. */
  async start() {
    this.#now = await this.#load();
    this.#follow();
  }

  /** Follows no longer; what was loaded can still be read. */
  stop() {
    this.#stopped.abort();
    this.#agent.destroy();
  }

  async #load() {
    const answer = await this.#ask("/v1/secrets");
    this.#version = answer.version;
    return new Map(Object.entries(answer.secrets));
  }

  async #follow() {
    for (let failures = 0; !this.#stopped.signal.aborted; ) {
      try {
        const since = encodeURIComponent(this.#version);
        const answer = await this.#ask(`/v1/changes?since=${since}&wait=${this.#wait}`);
        if (answer.reset || answer.changes.length > 0) {
          await this.#put(await this.#load());
        }
        failures = 0;
      } catch (error) {
        if (this.#stopped.signal.aborted) return;
        failures += 1;
        console.warn(`keyloom listen does not answer: ${error.code ?? error.name}`);
        const pause = (0.5 + Math.random() / 2) * Math.min(30_000, 250 * 2 ** failures);
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }

  async #put(now) {
    const old = this.#now;
    this.#now = now;
    for (const key of [...new Set([...old.keys(), ...now.keys()])].sort()) {
      if (old.get(key) === now.get(key)) continue;
      for (const callback of this.#callbacks.get(key) ?? []) {
        try {
          await callback(key, now.get(key), old.get(key));
        } catch (error) {
          // Its words may hold a value, and the others are told all the same.
          console.error(`a callback for ${key} failed with ${error?.name}`);
        }
      }
    }
  }

  async #ask(path) {
    // The token is read each time: a sidecar that is started anew may have made another one.
    const token = (await readFile(this.#tokenFile, "ascii")).trim();
    const options = {
      agent: this.#agent,
      headers: { authorization: `Bearer ${token}` },
      signal: this.#stopped.signal,
      timeout: (this.#wait + 10) * 1000,
    };
    const text = await new Promise((resolve, reject) => {
      const request = http.get(new URL(path, this.#url), options, (answer) => {
        const parts = [];
        answer.on("data", (part) => parts.push(part));
        answer.on("error", reject);
        answer.on("end", () => {
          if (answer.statusCode === 200) resolve(Buffer.concat(parts).toString("utf8"));
          else reject(Object.assign(new Error("refused"), { code: `status ${answer.statusCode}` }));
        });
      });
      request.on("timeout", () => request.destroy(Object.assign(new Error("too slow"), { code: "ETIMEDOUT" })));
      request.on("error", reject);
    });
    return JSON.parse(text);
  }
}
