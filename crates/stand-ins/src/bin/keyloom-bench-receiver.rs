//! Keyloom's receiver of `cargo xtask bench live`: a [`Subscriber`] of all folders, in a runtime of one thread.

use std::error::Error;
use std::process::ExitCode;

use keyloom_runtime::{
    BaseUrl, Change, Credentials, Folder, Project, Secret, Settings, Subscriber, UniversalAuth, WebhookKeys,
    WebhookSettings,
};
use keyloom_stand_ins::events::{KEY, Receiver, path, project, told};
use keyloom_stand_ins::program::ended;
use tokio::runtime::Builder;

fn main() -> ExitCode {
    ended(run())
}

fn run() -> Result<(), Box<dyn Error>> {
    let receiver = Receiver::read(std::env::args().skip(1))?;
    let settings = settings(&receiver)?;
    Builder::new_current_thread().enable_all().build()?.block_on(async {
        let secrets = Subscriber::new(settings)?;
        secrets.subscribe_all(|changes| {
            let numbers = changes.iter().filter(|change| change.key.starts_with("NUMBER_"));
            numbers.filter_map(|Change { new, .. }| new.as_ref()).try_for_each(|new| Ok(told(new.expose())?))
        });
        secrets.start().await?;
        told("ready")?;
        std::future::pending().await
    })
}

fn settings(receiver: &Receiver) -> Result<Settings, Box<dyn Error>> {
    let secret = || Secret::new("bench".to_owned());
    let login =
        UniversalAuth { client_id: "bench".to_owned(), client_secret: secret(), organization_slug: None };
    let folder = |number| Folder {
        project: Project::new(&project(number)),
        environment: "prod".to_owned(),
        path: path(number),
    };
    let folders = (0..receiver.folders).map(folder).collect();
    let mut settings = Settings::new(BaseUrl::parse(&receiver.url)?, Credentials::Universal(login), folders);
    settings.webhook = Some(WebhookSettings {
        address: ([127, 0, 0, 1], receiver.port).into(),
        keys: WebhookKeys::Given(vec![Secret::new(KEY.to_owned())]),
        ..WebhookSettings::default()
    });
    Ok(settings)
}
