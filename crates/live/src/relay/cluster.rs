//! The API server: what the relay asks of it, which is no more than its role lets it.

use std::collections::BTreeMap;
use std::time::Duration;

use kube::core::params::{ListParams, Patch, PatchParams};
use kube::core::request::Request;
use kube::{Client, Config};
use serde::de::DeserializeOwned;
use serde_json::json;

use super::admits::{Labels, asks_for_labels};
use super::failure::Failure;
use super::objects::{ExternalSecretSpec, List, Namespace, Object, StoreSpec};
use super::stores::{Hosts, Stores};
use super::world::{Target, World};

/// Objects on one page.
const PAGE: u32 = 500;
/// Pages of one list.
const MOST_PAGES: usize = 1_000;
/// Whatever takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(20);
/// Who set the annotation, as the API server notes it.
const MANAGER: &str = "keyloom-relay";
/// Where the operator's kinds are served.
const OPERATOR: &str = "/apis/external-secrets.io/v1";

/// A cluster that one is logged in to.
#[derive(Clone)]
pub(crate) struct Cluster(Client);

impl Cluster {
    /// The cluster of `KUBECONFIG` or `~/.kube/config`, or else that in which this runs.
    pub(crate) async fn find() -> Result<Self, Failure> {
        let config = Config::infer().await.map_err(|error| Failure::config(&error))?;
        Self::of(config)
    }

    /// The cluster of a configuration.
    pub(crate) fn of(mut config: Config) -> Result<Self, Failure> {
        config.read_timeout = Some(PATIENCE);
        config.reset_reader_on_write = true;
        // Pauses are the queue's.
        config.default_retry = false;
        Client::try_from(config).map(Self).map_err(Failure::of)
    }

    /// All stores that read Infisical, and all ExternalSecrets.
    pub(crate) async fn look(&self, hosts: &Hosts) -> Result<World, Failure> {
        let (own, cluster, secrets) = tokio::try_join!(
            self.list::<Object<StoreSpec>>(format!("{OPERATOR}/secretstores")),
            self.cluster_stores(),
            self.list::<Object<ExternalSecretSpec>>(format!("{OPERATOR}/externalsecrets")),
        )?;
        let stores = Stores::new(own, cluster, hosts);
        let asks = stores.all().any(|store| asks_for_labels(&store.conditions));
        let labels = if asks { self.labels().await? } else { None };
        Ok(World { stores, secrets, labels })
    }

    /// The operator can be installed without this kind.
    async fn cluster_stores(&self) -> Result<Vec<Object<StoreSpec>>, Failure> {
        match self.list(format!("{OPERATOR}/clustersecretstores")).await {
            Err(failure) if failure.status == Some(404) => Ok(Vec::new()),
            other => other,
        }
    }

    /// Nothing where they may not be read: then no namespace is ruled out by its labels.
    async fn labels(&self) -> Result<Labels, Failure> {
        let namespaces: Vec<Namespace> = match self.list("/api/v1/namespaces".to_owned()).await {
            Err(failure) if failure.status == Some(403) => return Ok(None),
            other => other?,
        };
        let labels =
            namespaces.into_iter().map(|it| (it.metadata.name, it.metadata.labels.unwrap_or_default()));
        Ok(Some(labels.collect()))
    }

    async fn list<T: DeserializeOwned>(&self, path: String) -> Result<Vec<T>, Failure> {
        let request = Request::new(path);
        let mut params = ListParams::default().limit(PAGE);
        let mut all = Vec::new();
        for _ in 0..MOST_PAGES {
            let asked = request.list(&params).map_err(Failure::request)?;
            let mut page: List<T> = self.send(asked).await?;
            all.append(&mut page.items);
            match page.metadata.next.filter(|next| !next.is_empty()) {
                Some(next) => params = params.continue_token(&next),
                None => return Ok(all),
            }
        }
        Err(Failure::endless(MOST_PAGES))
    }

    /// Sets the annotation that has the operator sync. Nothing is made where the object is gone.
    pub(crate) async fn sync(&self, target: &Target, value: &str) -> Result<(), Failure> {
        let (path, name) = match target {
            Target::ExternalSecret { namespace, name } => {
                (format!("{OPERATOR}/namespaces/{namespace}/externalsecrets"), name)
            }
            Target::ClusterExternalSecret { name, .. } => {
                (format!("{OPERATOR}/clusterexternalsecrets"), name)
            }
        };
        let mut patch = json!({"metadata": {"annotations": {(target.annotation()): value}}});
        if let Target::ClusterExternalSecret { uid, .. } = target {
            // The API server refuses to change it, and so to annotate another one than that which is meant.
            patch["metadata"]["uid"] = json!(uid);
        }
        let params = PatchParams { field_manager: Some(MANAGER.to_owned()), ..PatchParams::default() };
        let asked =
            Request::new(path).patch(name, &params, &Patch::Merge(patch)).map_err(Failure::request)?;
        // Of the answer, which is the whole object, nothing is kept.
        let _: BTreeMap<String, serde::de::IgnoredAny> = self.send(asked).await?;
        Ok(())
    }

    async fn send<T: DeserializeOwned>(&self, request: http::Request<Vec<u8>>) -> Result<T, Failure> {
        match tokio::time::timeout(PATIENCE, self.0.request(request)).await {
            Ok(answer) => answer.map_err(Failure::of),
            Err(_) => Err(Failure::slow(PATIENCE)),
        }
    }
}
