//! A database with two users, and an Infisical that says which of them works: what a rotation with two phases changes.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use keyloom_fake_infisical::{Access, Environment, FakeInfisical, Identity, Project as Seeded, Seed};
use keyloom_runtime::webhook::Hint;
use keyloom_runtime::{BaseUrl, Credentials, Folder, Project, Secret, Settings, Subscriber, UniversalAuth};
use tokio_postgres::{Client, Config, NoTls};

use crate::Outcome;

const USERS: [&str; 2] = ["keyloom_app_1", "keyloom_app_2"];
const PLACE: (&str, &str, &str) = ("shop", "prod", "/database");
/// How long a password may be known here before it is where it counts.
const AHEAD: Duration = Duration::from_millis(300);

pub(crate) struct World {
    pub(crate) server: Config,
    pub(crate) secrets: Subscriber,
    administrator: Client,
    infisical: FakeInfisical,
    /// The number of the user that works, and their password.
    current: Mutex<(usize, String)>,
}

/// A user whose time is over, and the password that must not work any longer.
pub(crate) struct Former {
    user: &'static str,
    password: String,
}

impl World {
    pub(crate) async fn start() -> Outcome<Self> {
        let variable = |name: &str| std::env::var(name).map_err(|_| format!("{name} is not set"));
        let mut server = Config::new();
        server.host(variable("PGHOST")?).port(variable("PGPORT")?.parse()?).dbname("postgres");
        let mut as_administrator = server.clone();
        as_administrator.user(variable("PGUSER")?).password(variable("PGPASSWORD")?);
        let (administrator, connection) = as_administrator.connect(NoTls).await?;
        // It ends with the client.
        tokio::spawn(connection);
        for user in USERS {
            let words = format!("DROP ROLE IF EXISTS {user}; CREATE ROLE {user} LOGIN");
            administrator.batch_execute(&words).await?;
        }
        let password = password();
        set_password(&administrator, USERS[0], &password).await?;
        let prod = Environment::new("prod")
            .folder(PLACE.2, &[("DATABASE_USER", USERS[0]), ("DATABASE_PASSWORD", &password)]);
        let identity = Identity::new("app").universal("client", "secret").may(Access::Read, "shop");
        let seed = Seed::new().project(Seeded::new("shop").environment(prod)).identity(identity);
        let infisical = FakeInfisical::start(seed)?;
        let secrets = subscriber(&infisical)?;
        secrets.start().await?;
        Ok(Self { server, secrets, administrator, infisical, current: Mutex::new((0, password)) })
    }

    /// The user that works.
    pub(crate) fn user(&self) -> String {
        USERS[self.current.lock().unwrap_or_else(PoisonError::into_inner).0].to_owned()
    }

    /// Gives the other user a new password, and says so in Infisical, after that or `ahead` of it. Whose time is over.
    pub(crate) async fn rotate(&self, ahead: bool) -> Outcome<Former> {
        let password = password();
        let (number, former) = {
            let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
            let number = 1 - current.0;
            let (before, old) = std::mem::replace(&mut *current, (number, password.clone()));
            (number, Former { user: USERS[before], password: old })
        };
        if !ahead {
            set_password(&self.administrator, USERS[number], &password).await?;
        }
        let values = [("DATABASE_USER", USERS[number]), ("DATABASE_PASSWORD", password.as_str())];
        self.infisical.set_secrets(PLACE, &values)?;
        self.secrets.hint(&Hint::default());
        if ahead {
            tokio::time::sleep(AHEAD).await;
            set_password(&self.administrator, USERS[number], &password).await?;
        }
        Ok(former)
    }

    /// Takes a password away, and every connection that it made. Nobody may be left who has one.
    pub(crate) async fn revoke(&self, former: &Former) -> Outcome<()> {
        let Former { user, password } = former;
        self.administrator.batch_execute(&format!("ALTER ROLE {user} PASSWORD NULL")).await?;
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1";
        self.administrator.execute(end, &[user]).await?;
        let mut config = self.server.clone();
        match config.user(*user).password(password).connect(NoTls).await {
            Ok(_) => Err(format!("the old password of {user} still works").into()),
            Err(_) => Ok(()),
        }
    }
}

fn subscriber(infisical: &FakeInfisical) -> Outcome<Subscriber> {
    let credentials = Credentials::Universal(UniversalAuth {
        client_id: "client".to_owned(),
        client_secret: Secret::new("secret".to_owned()),
        organization_slug: None,
    });
    let project = Project::new(&FakeInfisical::project_id("shop"));
    let folder = Folder { project, environment: PLACE.1.to_owned(), path: PLACE.2.to_owned() };
    let base = BaseUrl::parse(infisical.url())?;
    let settings =
        Settings { webhook: None, reconcile: None, ..Settings::new(base, credentials, vec![folder]) };
    Ok(Subscriber::new(settings)?)
}

async fn set_password(administrator: &Client, user: &str, password: &str) -> Outcome<()> {
    Ok(administrator.batch_execute(&format!("ALTER ROLE {user} PASSWORD '{password}'")).await?)
}

/// Another one each time, of letters and digits.
fn password() -> String {
    format!("{:032x}", fastrand::u128(..))
}
