use super::*;

const NEEDED: [(&str, &str); 4] = [
    (HOST, "https://vault.example:8200"),
    (TOKEN, "canary-token"),
    (PATH, "connections/"),
    (MOUNT, "/secret/"),
];

fn from(set: &[(&str, &str)]) -> Result<VaultSettings, Vec<String>> {
    let get =
        |name: &str| set.iter().rev().find(|(one, _)| *one == name).map(|(_, value)| (*value).to_owned());
    Told::from_env(&get).map(|told| told.settings).map_err(|failures| {
        assert!(!format!("{failures:?}").contains("canary"), "{failures:?}");
        assert!(failures.iter().all(|failure| failure.kind == FailureKind::Settings));
        failures.iter().map(ToString::to_string).collect()
    })
}

/// The needed ones, and others over them.
fn with(set: &[(&str, &str)]) -> Result<VaultSettings, Vec<String>> {
    from(&[&NEEDED, set].concat())
}

#[test]
fn all_that_is_missing_is_said_at_once_in_the_words_of_the_contract() {
    let failures = Told::from_env(&|_| None).err().unwrap();
    let whats: Vec<_> = failures.into_iter().map(|failure| failure.what).collect();
    assert_eq!(
        whats,
        [
            "failed to initialize vault client: BRUIN_VAULT_HOST env variable not set",
            "failed to initialize vault client: BRUIN_VAULT_PATH env variable not set",
            "failed to initialize vault client: BRUIN_VAULT_MOUNT_PATH env variable not set",
            "failed to initialize vault client: BRUIN_VAULT_TOKEN or BRUIN_VAULT_ROLE env variable not set",
        ]
    );
    for (name, _) in NEEDED {
        assert_eq!(with(&[(name, " ")]).unwrap_err().len(), 1, "{name}");
    }
}

#[test]
fn defaults_are_those_of_bruin() {
    let settings = with(&[]).unwrap();
    assert_eq!((settings.mount.as_str(), settings.path.as_str()), ("secret", "connections"));
    assert_eq!(settings.namespace, None);
    assert_eq!((settings.timeout, settings.retries), (Duration::from_secs(30), 3));
    let pauses = (settings.shortest_pause, settings.longest_pause);
    assert_eq!(pauses, (Duration::from_millis(200), Duration::from_secs(2)));
    let said = with(&[(TIMEOUT_OF, "1m"), (RETRIES, "0"), (WAIT_MIN, "1s"), (WAIT_MAX, "1s")]).unwrap();
    assert_eq!(
        (said.timeout, said.retries, said.shortest_pause),
        (Duration::from_secs(60), 0, said.longest_pause)
    );
    assert_eq!(with(&[(PATH, "/"), (NAMESPACE, "team/a")]).unwrap().path, "");
}

#[test]
fn what_is_wrong_is_said_and_not_quoted() {
    for (name, value) in [
        (HOST, "canary"),
        (HOST, "http://canary.example"),
        (HOST, "http://vault.vault.svc:8200"),
        (TOKEN, "canary\u{e9}\ncanary"),
        (NAMESPACE, "canary\ncanary"),
        (AUTHORITY, "/nowhere/authority.pem"),
        (TIMEOUT_OF, "canary"),
        (WAIT_MIN, "10"),
        (WAIT_MIN, "3s"),
        (WAIT_MAX, "-1s"),
        (RETRIES, "canary"),
        (RETRIES, "101"),
    ] {
        let wrong = with(&[(name, value)]).unwrap_err();
        assert_eq!(wrong.len(), 1, "{name}={value}: {wrong:?}");
        assert!(
            wrong[0].starts_with("failed to initialize vault client: ") && wrong[0].contains("VAULT"),
            "{wrong:?}"
        );
    }
    assert_eq!(
        with(&[(HOST, "canary"), (RETRIES, "x"), (TIMEOUT_OF, "x"), (PATH, "")]).unwrap_err().len(),
        4,
        "all at once"
    );
    let in_pod = with(&[(HOST, "http://vault.vault.svc:8200"), (IN_POD, "10.0.0.1")]);
    assert_eq!(in_pod.unwrap().address.as_str(), "http://vault.vault.svc:8200/");
}

#[test]
fn what_is_set_for_this_goes_before_what_is_set_for_vaults_own_tools() {
    let token = |settings: VaultSettings| match settings.auth {
        VaultAuth::Token(token) => token.expose().to_owned(),
        VaultAuth::Kubernetes { role, mount, .. } => format!("{role} of {mount}"),
    };
    let own = [(OWN_HOST, "https://own.example"), (OWN_TOKEN, "canary-own")];
    let all = with(&own).unwrap();
    assert_eq!(
        (all.address.host_str(), token(all.clone()).as_str()),
        (Some("vault.example"), "canary-token")
    );
    let alone = from(&[&own[..], &NEEDED[2..]].concat()).unwrap();
    assert_eq!(
        (alone.address.host_str(), token(alone.clone()).as_str()),
        (Some("own.example"), "canary-own")
    );
    let role = with(&[own[0], own[1], (TOKEN, ""), (ROLE, "app")]).unwrap();
    assert_eq!(token(role), "app of kubernetes");
    assert_eq!(
        token(with(&[(TOKEN, ""), (ROLE, "app"), (K8S_MOUNT, "/k8s/prod/")]).unwrap()),
        "app of k8s/prod"
    );
}

#[test]
fn a_token_of_another_server_is_not_sent() {
    let own = [(TOKEN, ""), (OWN_TOKEN, "canary-own")];
    let elsewhere = with(&[own[0], own[1], (OWN_HOST, "https://own.example")]).unwrap_err();
    assert!(elsewhere[0].contains("is another server than VAULT_ADDR"), "{elsewhere:?}");
    assert!(with(&[own[0], own[1], (OWN_HOST, "https://VAULT.example:8200/")]).is_ok());
    assert!(with(&own).is_ok(), "without VAULT_ADDR there is no other server");
}

#[test]
fn settings_are_shown_with_who_said_them_and_without_the_token() {
    let set = [
        (OWN_HOST, "https://own.example"),
        (OWN_TOKEN, "canary-own"),
        (PATH, "connections"),
        (MOUNT, "secret"),
    ];
    let get = |name: &str| set.iter().find(|(one, _)| *one == name).map(|(_, value)| (*value).to_owned());
    let shown = Told::from_env(&get).ok().unwrap().shown;
    let shown: Vec<_> = shown
        .iter()
        .map(|setting| format!("{}={:?} by {}", setting.name, setting.shown, setting.origin))
        .collect();
    assert_eq!(
        shown,
        [
            r#"host=Value("https://own.example/") by VAULT_ADDR"#,
            "namespace=Unset by the default",
            r#"mount path=Value("secret") by BRUIN_VAULT_MOUNT_PATH"#,
            r#"path=Value("connections") by BRUIN_VAULT_PATH"#,
            "token=Credential by VAULT_TOKEN",
        ]
    );
}
