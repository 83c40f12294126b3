//! `keyloom connection` with connections in a file and in variables.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

mod support;

#[cfg(not(feature = "live"))]
#[test]
fn without_the_feature_the_verbs_say_how_to_get_it() {
    for (args, code) in
        [(&["connection", "list"][..], 2), (&["run", "--connections", "a", "--", "true"], 125)]
    {
        let run = support::run(args);
        assert_eq!((run.code, run.out.as_str()), (code, ""), "{args:?}");
        assert!(run.err.contains("cargo install") && run.err.contains("--features live"), "{}", run.err);
    }
}

#[test]
fn a_wrong_command_line_says_what_is_missing() {
    for (args, code, words) in [
        (&["run", "--", "true"][..], 125, "--connections"),
        (&["run", "--connections", "a"], 125, "COMMAND"),
        (&["--color", "never", "run", "--bad"], 125, "--bad"),
        (&["connection", "get"], 2, "NAME"),
        (&["connection", "get", "a", "--field", "f", "--output", "json"], 2, "--field"),
        (&["connection", "put", "a", "--set", "a=b"], 2, "--type"),
        (&["connection", "put", "a", "--type", "generic", "--file", "f"], 2, "--file"),
        (&["connection", "test"], 2, "NAME"),
        (&["connection", "test", "a", "--timeout", "0"], 2, "--timeout"),
    ] {
        let run = support::run(args);
        assert_eq!((run.code, run.out.as_str()), (code, ""), "{args:?}: {}", run.err);
        assert!(run.err.contains(words), "{args:?}: {}", run.err);
    }
}

#[cfg(all(feature = "live", unix))]
mod live {
    use std::process::{Command, Stdio};

    use super::support::connections::{CANARY, POSTGRES, at, put, run};
    use super::support::finished;

    /// AWS's own chain is asked for what is not said; here it has no machine to ask.
    #[test]
    fn a_region_that_nobody_knows_is_a_setting_that_fails() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("config"), "[profile here]\nregion = eu-west-3\n").unwrap();
        for (set, found) in [
            (&[][..], None),
            (&[("AWS_REGION", "eu-west-1")], Some("eu-west-1")),
            (&[("AWS_PROFILE", "here")], Some("eu-west-3")),
            (&[("AWS_PROFILE", "here"), ("BRUIN_AWS_REGION", "eu-west-2")], Some("eu-west-2")),
        ] {
            let args = ["connection", "test", "a", "--secrets-backend", "aws", "--output", "json"];
            let mut command = at(dir.path(), &args);
            for (name, _) in std::env::vars_os() {
                if name.to_string_lossy().starts_with("AWS_") {
                    command.env_remove(name);
                }
            }
            command.envs([("AWS_CONFIG_FILE", "config"), ("AWS_SHARED_CREDENTIALS_FILE", "none")]);
            command.env("AWS_EC2_METADATA_DISABLED", "true").envs(set.iter().copied());
            let run = finished(command.stdin(Stdio::null()).output().unwrap());
            let said: serde_json::Value = serde_json::from_str(&run.out).unwrap();
            let (settings, region) = (&said["settings"], &said["settings"]["values"][1]);
            assert_eq!((run.code, region["name"].as_str()), (2, Some("region")), "{}", run.out);
            assert_eq!(region["value"].as_str(), found, "{}", run.out);
            let why = settings["found"][0].as_str().unwrap_or_default();
            if found.is_some() {
                assert_eq!((&settings["state"], &region["shown"]), (&"ok".into(), &"value".into()));
            } else {
                assert_eq!((&settings["state"], &region["shown"]), (&"failed".into(), &"left-to".into()));
                assert!(why.contains("BRUIN_AWS_REGION") && why.contains(" AWS_REGION"), "{why}");
            }
        }
    }

    #[test]
    fn what_is_put_is_got_and_tested() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path();
        assert_eq!(put(dir, "my-db", POSTGRES, &[]).code, 0);
        let list = run(dir, &["connection", "list", "--types"]);
        assert_eq!((list.code, list.out.as_str()), (0, "my-db  postgres\n"));
        let shown = run(dir, &["connection", "get", "my-db"]);
        assert_eq!(shown.code, 0);
        assert!(
            shown.out.contains("password        (hidden)") && !shown.out.contains(CANARY),
            "{}",
            shown.out
        );
        let metadata = run(dir, &["connection", "get", "my-db", "--output", "metadata"]);
        assert!(metadata.out.contains("\"value\": 1\n"), "{}", metadata.out);
        assert!(metadata.out.contains("\"it's me\"") && !metadata.out.contains(CANARY), "{}", metadata.out);
        for form in ["text", "metadata"] {
            let shown = run(dir, &["connection", "get", "my-db", "--show", "--output", form]);
            assert!(shown.code == 0 && !shown.out.contains(CANARY), "{form}: {}", shown.out);
        }
        let field = run(dir, &["connection", "get", "my-db", "--field", "password"]);
        assert_eq!(field.out, "canary $(id) '");
        let json = run(dir, &["connection", "get", "my-db", "--output", "json"]);
        assert_eq!(put(dir, "again", &json.out, &[]).code, 0);
        assert_eq!(run(dir, &["connection", "get", "again", "--output", "json"]).out, json.out);
        let nowhere = [&["connection", "test", "my-db"][..], &["--secrets-backend", "nowhere"]].concat();
        let unasked = run(dir, &nowhere);
        assert_eq!(unasked.code, 2, "{}", unasked.out);
        let tested = run(dir, &["connection", "test", "my-db", "--no-connect"]);
        assert_eq!(tested.code, 0, "{}", tested.out);
        let twice = run(dir, &["connection", "test", "my-db", "my-db", "--no-connect"]);
        assert_eq!((twice.code, &twice.out), (0, &tested.out));
        let refused = run(dir, &["connection", "test", "my-db", "--output", "json"]);
        assert_eq!(refused.code, 1, "{}", refused.out);
        assert!(
            refused.out.contains("connection.connect") && !refused.out.contains(CANARY),
            "{}",
            refused.out
        );
    }

    #[test]
    fn what_is_wrong_in_a_list_is_told_and_changes_the_exit_code() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path();
        put(
            dir,
            "old",
            r#"{"type": "mongodb", "details": {"host": "h", "username": "u", "password": "canary"}}"#,
            &[],
        );
        for form in ["text", "json"] {
            let list = run(dir, &["connection", "list", "--types", "--output", form]);
            assert_eq!(list.code, 0, "{}", list.err);
            assert!(list.out.contains("the type is called `mongo`, not `mongodb`"), "{}", list.out);
        }
        let broken = POSTGRES.replace("password", "pasword");
        std::fs::write(dir.join("connections.json"), format!(r#"{{"my-db": {broken}}}"#)).unwrap();
        let list = run(dir, &["connection", "list", "--types"]);
        let get = run(dir, &["connection", "get", "my-db"]);
        assert_eq!((list.code, get.code), (1, 1));
        for said in [list.out, get.err] {
            assert!(said.contains("`details.password` is missing"), "{said}");
            assert!(said.contains("`pasword`; did you mean `password`?") && !said.contains(CANARY), "{said}");
        }
    }

    #[test]
    fn a_shell_reads_the_variables() {
        let dir = tempfile::tempdir().unwrap();
        put(dir.path(), "my-db", POSTGRES, &[]);
        let script = format!(
            "eval \"$('{}' connection get my-db --output env)\"; printf %s \"$MY_DB_PASSWORD$MY_DB_PORT\"",
            env!("CARGO_BIN_EXE_keyloom")
        );
        let mut sh = at(dir.path(), &[]);
        let environment: Vec<_> =
            sh.get_envs().map(|(name, value)| (name.to_owned(), value.map(ToOwned::to_owned))).collect();
        sh = Command::new("sh");
        sh.current_dir(dir.path()).args(["-c", &script]);
        for (name, value) in environment {
            match value {
                Some(value) => sh.env(name, value),
                None => sh.env_remove(name),
            };
        }
        assert_eq!(finished(sh.output().unwrap()).out, "canary $(id) '1");
    }

    #[test]
    fn nothing_is_replaced_that_nobody_said_may_be_and_nothing_wrong_is_written() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path();
        let wrong = put(dir, "my-db", r#"{"type": "postgres", "details": {"port": "canary"}}"#, &[]);
        assert_eq!(wrong.code, 1);
        for words in ["`details.username` is missing", "`details.port` is a text", "nothing is written"] {
            assert!(wrong.err.contains(words), "{}", wrong.err);
        }
        assert!(!dir.join("connections.json").exists());
        let made = put(dir, "my-db", POSTGRES, &[]);
        assert_eq!(made.code, 0);
        assert!(made.err.contains("(postgres) is written to the file connections.json"), "{}", made.err);
        let other = POSTGRES.replace("canary", "canary 2").replace("shop", "store");
        let kept = put(dir, "my-db", &other, &[]);
        assert_eq!(kept.code, 1);
        assert!(
            kept.err.contains("--force") && kept.err.contains("  password: changes\n  database: changes"),
            "{}",
            kept.err
        );
        let before = std::fs::read_to_string(dir.join("connections.json")).unwrap();
        assert!(!before.contains("canary 2"));
        // It is read twice.
        let shared = std::os::unix::fs::PermissionsExt::from_mode(0o640);
        std::fs::set_permissions(dir.join("connections.json"), shared).unwrap();
        let replaced = put(dir, "my-db", &other, &["--force"]);
        assert_eq!(replaced.code, 0);
        assert!(
            replaced.err.contains("(postgres) is replaced in the file connections.json"),
            "{}",
            replaced.err
        );
        assert_eq!(
            replaced.err.matches("the group of connections.json may read").count(),
            1,
            "{}",
            replaced.err
        );
        assert_eq!(run(dir, &["connection", "get", "my-db", "--field", "database"]).out, "store");
        assert!(put(dir, "my-db", &other, &[]).err.contains("is there already, with the same fields"));
    }

    #[test]
    fn flags_make_a_connection_and_secrets_are_none_of_them() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path();
        let open = run(dir, &["connection", "put", "t", "--type", "generic", "--set", "value=canary"]);
        assert_eq!(open.code, 2);
        assert!(
            open.err.contains("--set-from-env value=VARIABLE") && !open.err.contains(CANARY),
            "{}",
            open.err
        );
        let unset =
            run(dir, &["connection", "put", "t", "--type", "generic", "--set-from-env", "value=canary"]);
        assert!(
            unset.err.contains("no variable that is set") && !unset.err.contains(CANARY),
            "{}",
            unset.err
        );
        let args = ["connection", "put", "t", "--type", "generic", "--set-from-env", "value=TOKEN"];
        let made = finished(at(dir, &args).env("TOKEN", CANARY).stdin(Stdio::null()).output().unwrap());
        assert_eq!((made.code, made.out.as_str()), (0, ""), "{}", made.err);
        assert_eq!(run(dir, &["connection", "get", "t", "--field", "value"]).out, CANARY);
        let empty = run(dir, &["connection", "put", "u"]);
        assert_eq!(empty.code, 1, "{}", empty.err);
    }

    #[test]
    fn the_flag_counts_before_the_variable() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path();
        put(dir, "my-db", POSTGRES, &[]);
        for args in [
            &["connection", "list"][..],
            &["connection", "get", "my-db", "--field", "port"],
            &["connection", "test", "my-db", "--no-connect"],
            &["connection", "put", "my-db", "--type", "generic", "--set-from-env", "value=PATH", "--force"],
            &["run", "--connections", "my-db", "--", "true"],
        ] {
            let (verb, rest) = if args[0] == "run" { args.split_at(1) } else { args.split_at(2) };
            let flag = [verb, &["--secrets-backend", "file"], rest].concat();
            let with = |args: &[&str], variable: &str| {
                let mut command = at(dir, args);
                finished(
                    command.env("BRUIN_SECRETS_BACKEND", variable).stdin(Stdio::null()).output().unwrap(),
                )
            };
            assert_eq!(with(&flag, "infisical").code, 0, "{args:?}");
            assert_eq!(with(args, "file").code, 0, "{args:?}");
            let missing = with(args, "infisical");
            assert!(missing.code > 0, "{args:?}");
            let said = missing.err + &missing.out;
            for name in ["CLIENT_ID", "CLIENT_SECRET", "PROJECT_ID", "ENVIRONMENT"] {
                let words = format!(
                    "failed to initialize infisical client: BRUIN_INFISICAL_{name} env variable not set"
                );
                assert!(said.contains(&words), "{args:?}: {said}");
            }
            assert!(with(args, "").code > 0);
        }
    }

    #[test]
    fn a_reader_that_goes_away_is_no_failure() {
        let dir = tempfile::tempdir().unwrap();
        put(dir.path(), "my-db", POSTGRES, &[]);
        let keyloom = env!("CARGO_BIN_EXE_keyloom");
        for verb in ["connection list", "connection get my-db", "connection test my-db --no-connect"] {
            let script = format!("{{ '{keyloom}' {verb}; echo $? >&2; }} | head -c 0");
            let mut sh = Command::new("sh");
            sh.current_dir(dir.path()).args(["-c", &script]).env("BRUIN_SECRETS_BACKEND", "file");
            assert_eq!(finished(sh.output().unwrap()).err, "0\n", "{verb}");
        }
    }
}
