//! What is written to Infisical, and what is not.

use keyloom_connections::Generic;
use keyloom_fake_infisical::{Access, FakeInfisical};
use keyloom_runtime::Secret;
use keyloom_runtime::connections::{Backend, Connections, FailureKind, Over};

use super::{backend, generic, identity, reader, said, settings, start};

#[tokio::test]
async fn what_is_written_is_read_back() {
    for (v3, v4, slug) in
        [(true, true, false), (true, false, false), (true, false, true), (false, true, true)]
    {
        let fake = start(identity().may(Access::Write, "shop"));
        fake.change_settings(|settings| (settings.v3, settings.v4) = (v3, v4));
        let mut settings = settings(&fake);
        if slug {
            settings.project_id = "shop".to_owned();
        }
        let backend = backend(settings);
        for name in ["my-postgres", "new", "imported", "ä b%/?#+1"] {
            for value in ["canary-a", "canary-b \\\"quoted\\\""] {
                let text = Secret::new(generic(value));
                backend.write(name, &text, Over::Anything).await.unwrap();
                assert_eq!(backend.read(name).await.unwrap().expose(), text.expose(), "{name}");
            }
        }
        assert!(!format!("{backend:?} {:?}", fake.requests()).contains("canary"));
    }
}

#[tokio::test]
async fn one_that_is_there_is_not_replaced_where_nobody_says_so() {
    for (v3, v4) in [(true, true), (true, false), (false, true)] {
        let fake = start(identity().may(Access::Write, "shop"));
        fake.change_settings(|settings| (settings.v3, settings.v4) = (v3, v4));
        let backend = backend(settings(&fake));
        let (first, second) = (Secret::new(generic("canary-a")), Secret::new(generic("canary-b")));
        backend.write("new", &first, Over::Nothing).await.unwrap();
        let failure = backend.write("new", &second, Over::Nothing).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Exists);
        assert_eq!(
            said(&failure).split_once("there is").unwrap().1,
            format!(
                " a `new` in project `{}`, environment `prod`, path `/connections` already; look at what is there, and say that it may be \
                 replaced (--force)",
                FakeInfisical::project_id("shop")
            )
        );
        assert_eq!(backend.read("new").await.unwrap().expose(), first.expose());
        backend.write("new", &second, Over::Anything).await.unwrap();
        assert_eq!(backend.read("new").await.unwrap().expose(), second.expose());
    }
}

/// The server would put the value of another secret there.
#[tokio::test]
async fn what_looks_like_a_reference_comes_back_as_it_was() {
    let fake = start(identity().may(Access::Write, "shop"));
    let connections = Connections::new(backend(settings(&fake)));
    for value in ["a${my-postgres}b", "${dev.my-postgres}", "$${my-postgres}"] {
        let backend = connections.backend();
        backend.write(value, &Secret::new(generic(value)), Over::Nothing).await.unwrap();
        let read: Generic = connections.get(value).await.unwrap();
        assert_eq!(read.value.expose(), value);
        let failure = backend.write("new", &Secret::new(value.to_owned()), Over::Nothing).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Unsupported);
        assert!(!said(&failure).contains(value), "{failure}");
    }
}

#[tokio::test]
async fn what_may_not_be_written_is_said() {
    let (_fake, backend) = reader();
    let failure =
        backend.write("my-postgres", &Secret::new("canary".to_owned()), Over::Anything).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Denied);
    assert!(
        said(&failure).starts_with("failed to write secret to Infisical: looked for `my-postgres` in"),
        "{failure}"
    );
    assert!(failure.remedy == "let the identity create and edit secrets there", "{failure}");
    let fake = start(identity().may(Access::Write, "shop"));
    fake.change_settings(|settings| settings.change_policy = true);
    let failure = super::backend(settings(&fake))
        .write("new", &Secret::new("{}".to_owned()), Over::Anything)
        .await
        .unwrap_err();
    assert!(said(&failure).contains("waits for approval; have it approved in Infisical"), "{failure}");
}
