//! `keyloom relay`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args as Group;

#[derive(Debug, Group)]
#[command(after_help = "\
It takes Infisical's signed webhooks at /infisical/webhook, asks the cluster which ExternalSecrets
read the folder that changed, and sets the annotation force-sync on exactly those, so that
External Secrets Operator reads them now and not after their refreshInterval. The cluster is that
of the kubeconfig, or else the one in which it runs. It reads no secret.

KEYLOOM_WEBHOOK_SECRET holds the key of the webhook, NEW,OLD while it is being replaced, unless
--webhook-secret-file names a file. WEBHOOK_PORT is the port, unless --listen says more.

Webhooks name a project by its id, stores by its slug: --project says which is which. A project
that no --project names may be any whose slug none of them says.

Examples:
  keyloom relay --print-rbac | kubectl apply -f -
  keyloom relay --project 7d0c6f3e-1a2b-4c3d-9e8f-001122334455=web-shop
  keyloom relay --webhook-secret-file /etc/keyloom/webhook --listen 127.0.0.1:8080")]
pub(crate) struct Relay {
    /// The slug of the project with this id; may be given several times.
    #[arg(long, value_name = "ID=SLUG")]
    pub(crate) project: Vec<String>,
    /// Look at stores with this hostAPI alone; may be given several times [default: at all of them]
    #[arg(long, value_name = "URL")]
    pub(crate) host: Vec<String>,
    /// A file with the keys of the webhook, one a line, the newest first; it is read again every ten seconds.
    #[arg(long, value_name = "FILE")]
    pub(crate) webhook_secret_file: Option<PathBuf>,
    /// Where webhooks arrive [default: [::]:8080]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<SocketAddr>,
    /// Print a service account with the rights that the relay needs, and do nothing else.
    #[arg(long)]
    pub(crate) print_rbac: bool,
}
