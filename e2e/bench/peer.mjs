// The peer of `cargo xtask bench`: typed classes that validate (@kubernetes-models), written by js-yaml.
//
//   node peer.mjs values N [OUT]     builds N objects; the times of the parts as JSON on standard output
//   node peer.mjs document FILE      reads a Keyloom document with js-yaml; manifests on standard output
//
// It makes the very objects that Keyloom makes; the bench compares them before it measures.

import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { ExternalSecret } from "@kubernetes-models/external-secrets/external-secrets.io/v1/ExternalSecret";
import yaml from "js-yaml";

const ENTRIES = [
  ["DATABASE_HOST", "database", "host"],
  ["DATABASE_PORT", "database", "port"],
  ["DATABASE_USER", "database", "username"],
  ["DATABASE_PASSWORD", "database", "password"],
  ["DATABASE_NAME", "database", "dbname"],
  ["STRIPE_API_KEY", "stripe", "api_key"],
  ["STRIPE_WEBHOOK_SECRET", "stripe", "webhook_secret"],
  ["SMTP_USERNAME", "smtp", "username"],
  ["SMTP_PASSWORD", "smtp", "password"],
  ["SENTRY_DSN", "sentry", "dsn"],
  ["SESSION_KEY", "session", "current"],
  ["OAUTH_CLIENT_SECRET", "oauth", "client_secret"],
];
const WARM_UP = 1000;
const CHUNK = 64 * 1024;

// The objects of crates/xtask/src/bench/corpus.rs.
function build(index) {
  const name = `svc-${String(index).padStart(6, "0")}`;
  const team = `team-${index % 100}`;
  return new ExternalSecret({
    metadata: {
      name,
      namespace: team,
      labels: {
        "app.kubernetes.io/name": name,
        "app.kubernetes.io/part-of": "web-shop",
        "example.com/team": team,
      },
      annotations: {
        "argocd.argoproj.io/sync-wave": "-1",
        "example.com/owner": `Team ${index % 100} of the web shop`,
      },
    },
    spec: {
      secretStoreRef: { name: "platform", kind: "ClusterSecretStore" },
      refreshInterval: "15m0s",
      target: { name: `${name}-credentials`, creationPolicy: "Owner", deletionPolicy: "Retain" },
      data: ENTRIES.slice(0, 8 + (index % 5)).map(([secretKey, part, property]) => ({
        secretKey,
        remoteRef: { key: `${team}/${name}/${part}`, property },
      })),
    },
  });
}

// One item of a document. Durations of whole minutes are all that the corpus has.
function lower(item) {
  return new ExternalSecret({
    metadata: {
      name: item.name,
      namespace: item.namespace,
      labels: item.labels,
      annotations: item.annotations,
    },
    spec: {
      secretStoreRef: { name: item.secretStoreRef, kind: "ClusterSecretStore" },
      refreshInterval: `${item.refreshInterval}0s`,
      target: { name: item.targetSecretName, creationPolicy: "Owner", deletionPolicy: "Retain" },
      data: item.data.map(({ key, path, property }) => ({ secretKey: key, remoteRef: { key: path, property } })),
    },
  });
}

function dump(objects, file) {
  let chunk = "";
  for (const object of objects) {
    chunk += `---\n${yaml.dump(object.toJSON(), { noRefs: true, lineWidth: -1 })}`;
    if (chunk.length >= CHUNK) {
      write(file, chunk);
      chunk = "";
    }
  }
  write(file, chunk);
}

// A pipe may take less than it is offered.
function write(file, text) {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(file, bytes, done);
  }
}

function values(count, out) {
  const file = openSync(out ?? "/dev/null", "w");
  // Compiled schemas and hot code are the peer's normal state in a long run.
  const warm = Array.from({ length: WARM_UP }, (_, index) => build(index));
  warm.forEach((object) => object.validate());
  const nowhere = openSync("/dev/null", "w");
  dump(warm, nowhere);
  closeSync(nowhere);

  const start = performance.now();
  const objects = Array.from({ length: count }, (_, index) => build(index));
  const built = performance.now();
  objects.forEach((object) => object.validate());
  const validated = performance.now();
  dump(objects, file);
  const dumped = performance.now();
  closeSync(file);
  const seconds = (from, to) => (to - from) / 1000;
  console.log(
    JSON.stringify({
      build: seconds(start, built),
      validate: seconds(built, validated),
      dump: seconds(validated, dumped),
    }),
  );
}

function document(path) {
  const read = yaml.load(readFileSync(path, "utf8"));
  const objects = read.externalSecrets.map(lower);
  objects.forEach((object) => object.validate());
  dump(objects, 1);
}

const [mode, first, second] = process.argv.slice(2);
if (mode === "values") {
  values(Number(first), second);
} else {
  document(first);
}
