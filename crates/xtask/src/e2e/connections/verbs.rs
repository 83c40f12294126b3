//! `keyloom connection` and `keyloom run`, with the fake Infisical for a backend and real servers behind the connections.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::world::{CANARY, LIMIT, World, behind};
use crate::Result;
use crate::e2e::mariadb;
use crate::e2e::options::Options;
use crate::e2e::postgres::Database;
use crate::e2e::process::{Group, Said, free_port, kill, wait_until};
use crate::e2e::report::Report;

const PUT: &str = "connections are put, listed, got and put again";
const TEST: &str = "connections are tried up to an answer of PostgreSQL, MariaDB, Redis and HTTP";
const FAULTS: &str = "a connection that fails says at which step, and what to do";
const RUN: &str = "a command runs with connections, and signals and exit codes are its own";
const LEFT: &str = "no value of a connection is said, or left on a disk";

/// Whether any of these was asked for.
pub(super) fn are_wanted(options: &Options) -> bool {
    [PUT, TEST, FAULTS, RUN, LEFT].iter().any(|check| options.selects(check))
}

/// Runs the checks that were asked for.
pub(super) fn run(database: &Database, options: &Options, report: &mut Report) -> Result<()> {
    if !are_wanted(options) {
        return Ok(());
    }
    if !mariadb::is_installed() {
        return report.fail(TEST, mariadb::MISSING);
    }
    let mut world = World::start(database)?;
    // Each begins with what those before it have written.
    for (check, wrong) in [
        (PUT, world.put()),
        (TEST, world.test()),
        (FAULTS, world.faults()),
        (RUN, world.run()),
        (LEFT, world.left()),
    ] {
        if options.selects(check) {
            report.conclude(check, wrong)?;
        }
    }
    Ok(())
}

impl World {
    fn put(&mut self) -> Result<Vec<String>> {
        let mut wrong = Vec::new();
        for (name, text) in self.connections.clone() {
            let said = self.put_one(name, &text.to_string(), &[])?;
            expect(&mut wrong, &format!("put {name}"), &said, 0, &["is written to infisical"]);
        }
        let mut names: Vec<_> = self.connections.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        let said = self.keyloom(&["connection", "list"])?;
        if said.out.lines().collect::<Vec<_>>() != names {
            wrong.push(format!("list: {}", said.all));
        }
        let said = self.keyloom(&["connection", "list", "--types", "--output", "json"])?;
        expect(&mut wrong, "list --types", &said, 0, &["\"google_cloud_platform\"", "\"snowflake\""]);
        // What is given is what is there.
        for (name, _) in self.connections.clone() {
            let mut get = self.command(&["connection", "get", name, "--output", "json"]);
            let given = Group::start(&mut get)?.wait(LIMIT)?;
            let said = self.put_one(name, given.out.trim(), &[])?;
            expect(
                &mut wrong,
                &format!("put {name} again"),
                &said,
                0,
                &["is there already, with the same fields"],
            );
        }
        let said = self.keyloom(&["connection", "get", "my-postgres"])?;
        expect(&mut wrong, "get", &said, 0, &["(hidden)", "postgres"]);
        let said = self.put_one(
            "my-secret",
            &json!({"type": "generic", "details": {"value": format!("{CANARY} 2")}}).to_string(),
            &[],
        )?;
        expect(&mut wrong, "put another one", &said, 1, &["--force", "value: changes"]);
        // The flag goes before the variable.
        let mut flag = self.command(&["connection", "list", "--secrets-backend", "infisical"]);
        flag.env("BRUIN_SECRETS_BACKEND", "file");
        let said = self.say(flag)?;
        expect(&mut wrong, "the flag before the variable", &said, 0, &["my-postgres"]);
        Ok(wrong)
    }

    fn test(&mut self) -> Result<Vec<String>> {
        let mut wrong = Vec::new();
        for (name, words) in [
            ("my-postgres", "connection.connect: SELECT 1 is answered"),
            ("my-mysql", "connection.connect: SELECT 1 is answered"),
            ("my-redis", "connection.connect: PING is answered"),
            ("my-http", "connection.connect: GET is answered with 200"),
            ("my-snowflake", "nothing here speaks to `snowflake`"),
        ] {
            let said = self.keyloom(&["connection", "test", name, "--url", "--timeout", "30"])?;
            expect(&mut wrong, &format!("test {name}"), &said, 0, &[words, "BRUIN_INFISICAL_ENVIRONMENT"]);
        }
        let mut trusted = self.command(&["connection", "test", "my-redis-tls", "--url"]);
        trusted.env("SSL_CERT_FILE", &self.redis.authority);
        let said = self.say(trusted)?;
        expect(&mut wrong, "test my-redis-tls", &said, 0, &["connection.connect: PING is answered"]);
        let said = self.keyloom(&["connection", "test", "my-postgres", "my-bigquery", "--output", "json"])?;
        let ok = serde_json::from_str::<Value>(&said.out).is_ok_and(|it| it["ok"] == true);
        if !ok {
            wrong.push(format!("test --output json: {}", said.all));
        }
        Ok(wrong)
    }

    fn faults(&mut self) -> Result<Vec<String>> {
        let mut wrong = Vec::new();
        let closed = format!("http://127.0.0.1:{}", free_port()?);
        // 2 where the backend cannot be asked, as of all verbs.
        for (variable, value, code, words) in [
            ("BRUIN_INFISICAL_HOST", closed.as_str(), 2, "failed   backend.host: "),
            (
                "BRUIN_INFISICAL_CLIENT_SECRET",
                CANARY,
                2,
                "failed   backend.login: failed to authenticate with Infisical",
            ),
            ("BRUIN_INFISICAL_SECRET_PATH", "/nowhere", 2, "failed   backend.place: "),
            ("BRUIN_INFISICAL_ENVIRONMENT", "nowhere", 2, "failed   backend.place: "),
            (
                "BRUIN_INFISICAL_CLIENT_ID",
                "",
                2,
                "failed   backend.settings: failed to initialize infisical client: BRUIN_INFISICAL_CLIENT_ID env variable not set",
            ),
        ] {
            let mut command = self.command(&["connection", "test", "my-postgres"]);
            command.env(variable, value);
            let said = self.say(command)?;
            expect(&mut wrong, variable, &said, code, &[words]);
        }
        let said = self.keyloom(&["connection", "test", "my-postgre"])?;
        expect(
            &mut wrong,
            "a name that is none",
            &said,
            1,
            &["failed   secret.exists: failed to read secret from Infisical", "my-postgres"],
        );
        wrong.extend(self.redis_faults()?);
        for (name, of) in [("my-postgres", "bad-postgres"), ("my-mysql", "bad-mysql")] {
            let mut text = self
                .connections
                .iter()
                .find(|(it, _)| *it == name)
                .map(|(_, text)| text.clone())
                .unwrap_or_default();
            text["details"]["password"] = json!(format!("{CANARY} of nobody"));
            self.put_one(of, &text.to_string(), &[])?;
            let said = self.keyloom(&["connection", "test", of])?;
            expect(
                &mut wrong,
                of,
                &said,
                1,
                &["failed   connection.connect: ", "`username` and `password` are right"],
            );
        }
        Ok(wrong)
    }

    /// Over TLS: an authority that nobody trusts, a certificate for another host, a password that is wrong.
    fn redis_faults(&mut self) -> Result<Vec<String>> {
        let mut wrong = Vec::new();
        let said = self.keyloom(&["connection", "test", "my-redis-tls", "--url"])?;
        let words = [
            "the certificate of the server is not trusted: no authority that is trusted made it",
            "SSL_CERT_FILE",
        ];
        expect(&mut wrong, "an authority that is not trusted", &said, 1, &words);
        let tls_port = self.redis.tls_port;
        for (what, place, words) in [
            ("another host", format!("{CANARY}@localhost:{tls_port}"), "it is for another host"),
            (
                "a wrong password",
                format!("{CANARY}-wrong@127.0.0.1:{tls_port}"),
                "password in the address are right",
            ),
        ] {
            let text = json!({"type": "generic", "details": {"value": format!("rediss://:{place}/0")}});
            self.put_one("bad-redis", &text.to_string(), &["--force"])?;
            let mut command = self.command(&["connection", "test", "bad-redis", "--url"]);
            command.env("SSL_CERT_FILE", &self.redis.authority);
            let said = self.say(command)?;
            expect(&mut wrong, what, &said, 1, &["failed   connection.connect: ", words]);
        }
        Ok(wrong)
    }

    fn run(&mut self) -> Result<Vec<String>> {
        let mut wrong = Vec::new();
        let psql = "PGHOST=$MY_POSTGRES_HOST PGPORT=$MY_POSTGRES_PORT PGUSER=$MY_POSTGRES_USERNAME \
                    PGPASSWORD=$MY_POSTGRES_PASSWORD PGDATABASE=$MY_POSTGRES_DATABASE exec psql -tAc 'select 6 * 7'";
        let all = "my-postgres,my-snowflake,my-bigquery,my-secret";
        let said = self.keyloom(&["run", "--connections", all, "--", "sh", "-c", psql])?;
        expect(&mut wrong, "psql", &said, 0, &["42\n"]);
        let own = ["HOST=host", "PORT=port", "USER=username", "PASSWORD=password", "DATABASE=database"];
        let own = own.map(|it| format!("--env=PG{}", it.replace('=', "=my-postgres.")));
        let own: Vec<_> = own.iter().map(String::as_str).collect();
        let said = self.keyloom(&[&["run"], &own[..], &["--", "psql", "-tAc", "select 6 * 7"]].concat())?;
        expect(&mut wrong, "psql without a shell", &said, 0, &["42\n"]);
        let bare = "test -z \"$BRUIN_INFISICAL_CLIENT_SECRET\" && test \"$MY_SNOWFLAKE_WAREHOUSE\" = my-warehouse && exit 7";
        let said = self.keyloom(&["run", "--connections", all, "--", "sh", "-c", bare])?;
        expect(&mut wrong, "no credentials", &said, 7, &[]);
        let keyloom = self.keyloom.display().to_string();
        let said = self.keyloom(&["run", "-c", all, "--", &keyloom, "connection", "test", "my-postgres"])?;
        expect(&mut wrong, "a keyloom within", &said, 0, &["SELECT 1 is answered", "environment"]);
        for (signal, code) in
            [("INT", 31), ("TERM", 32), ("HUP", 33), ("QUIT", 34), ("USR1", 35), ("USR2", 36), ("WINCH", 37)]
        {
            let ready = self.dir.path().join("servers").join(signal);
            let script = format!(
                "trap 'exit {code}' {signal}; touch {}; while :; do sleep 0.05; done",
                ready.display()
            );
            let args = ["run", "--connections", "my-secret", "--", "sh", "-c", &script];
            // A shell cannot trap what whoever began the checks ignores, such as SIGINT in the background.
            let mut command = behind("env", &["--default-signal"], &self.command(&args));
            let group = Group::start(&mut command)?;
            wait_until(LIMIT, || Ok(ready.exists().then_some(())))?;
            // It stops and goes on as it is told.
            kill("STOP", &group.id().to_string())?;
            kill("CONT", &group.id().to_string())?;
            kill(signal, &group.id().to_string())?;
            let said = group.wait(LIMIT)?;
            self.said.push_str(&said.all);
            expect(&mut wrong, signal, &said, code, &[]);
        }
        for (args, code) in [
            (&["my-secret", "no-such-command"][..], 127),
            (&["my-secret", "/etc/passwd"], 126),
            (&["nope", "true"], 125),
        ] {
            let said = self.keyloom(&["run", "--connections", args[0], "--", args[1]])?;
            expect(&mut wrong, args[1], &said, code, &[]);
        }
        Ok(wrong)
    }

    /// What was said, what the server logged, and what lies in the folders of whoever ran it.
    fn left(&mut self) -> Result<Vec<String>> {
        let mut wrong = Vec::new();
        let postgres = self.connections.first().and_then(|(_, it)| it["details"]["password"].as_str());
        let secrets = [CANARY, postgres.unwrap_or(CANARY)];
        for (whose, text) in [("keyloom", &self.said), ("the server", &self.infisical.log())] {
            for line in text.lines().filter(|line| secrets.iter().any(|it| line.contains(it))) {
                wrong.push(format!("{whose} says a value: {line}"));
            }
        }
        for folder in ["home", "work"] {
            wrong.extend(
                files(&self.dir.path().join(folder))?
                    .iter()
                    .map(|it| format!("left behind: {}", it.display())),
            );
        }
        Ok(wrong)
    }
}

fn expect(wrong: &mut Vec<String>, what: &str, said: &Said, code: i32, words: &[&str]) {
    wrong.extend(said.unless(code, words).map(|how| format!("{what}: {how}")));
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { all.extend(files(&path)?) } else { all.push(path) }
    }
    Ok(all)
}
