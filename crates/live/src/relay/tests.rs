//! The relay beside an API server that stands in.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicUsize;

use keyloom_runtime::webhook::Hint;
use keyloom_stand_ins::web::{Reply, Request, Web};
use kube::Config;
use serde_json::{Value, json};

use super::*;

const CLUSTER: &str = include_str!("world/cluster.json");
/// More of the simulated time than anything here takes.
const STEPS: usize = 5_000;

/// An API server with the objects of `cluster.json`, which answers badly as long as a test wants it to.
struct Stand {
    web: Web,
    relay: Arc<Relay>,
    clock: Clock,
    told: Arc<Mutex<Vec<String>>>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

/// A request that the API server got: method and path, then all of it.
type Asked = (String, Request);

fn stand(answer: impl Fn(&str, usize) -> Option<Reply> + Send + Sync + 'static) -> Stand {
    let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
    let cluster: Value = serde_json::from_str(CLUSTER).unwrap();
    let counts = Mutex::new(BTreeMap::<String, usize>::new());
    let log = Arc::clone(&asked);
    let web = Web::start(move |request| {
        let name = format!("{} {}", request.method, request.path.last().unwrap());
        log.lock().unwrap().push((name.clone(), request.clone()));
        let count = {
            let mut counts = counts.lock().unwrap();
            let count = counts.entry(name.clone()).or_default();
            *count += 1;
            *count
        };
        answer(&name, count).unwrap_or_else(|| usual(&name, request, &cluster))
    })
    .unwrap();
    let clock = Clock::simulated(Duration::from_secs(1_767_225_600));
    let told: Arc<Mutex<Vec<String>>> = Arc::default();
    let lines = Arc::clone(&told);
    let client = Cluster::of(Config::new(web.url().parse().unwrap())).unwrap();
    let scope = Scope { projects: Projects::parse(["1=web-shop"]).unwrap(), hosts: Hosts::default() };
    let relay = Relay::new(
        client,
        scope,
        clock.clone(),
        Arc::new(move |told: Told| lines.lock().unwrap().push(told.to_string())),
    );
    Stand { web, relay: Arc::new(relay), clock, told, asked }
}

/// What the API server answers when nothing is wrong: a page holds one object.
fn usual(name: &str, request: &Request, cluster: &Value) -> Reply {
    let list = match name {
        "GET secretstores" => &cluster["secretStores"],
        "GET clustersecretstores" => &cluster["clusterSecretStores"],
        "GET externalsecrets" => &cluster["externalSecrets"],
        _ => return Reply::json(200, json!({"kind": "ExternalSecret", "spec": {"a": "b"}})),
    };
    let page: usize = request.parameter("continue").map_or(0, |it| it.parse().unwrap());
    let more = page + 1 < list.as_array().unwrap().len();
    let next = if more { (page + 1).to_string() } else { String::new() };
    Reply::json(200, json!({"metadata": {"continue": next}, "items": [list[page]]}))
}

fn refusal(code: u16) -> Reply {
    let body = json!({"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code,
        "reason": "Refused", "message": "not\nnow"});
    Reply::json(code, body)
}

fn webhook(path: &str, body: &'static str) -> Accepted {
    let hint = Hint {
        project: Some("1".to_owned()),
        environment: Some("prod".to_owned()),
        path: Some(path.to_owned()),
    };
    let body = body.as_bytes().into();
    Accepted { event: Event::Modified(hint), body, signature: None, handed_on: false }
}

impl Stand {
    /// Runs until that is so.
    async fn until(&self, what: impl Fn(&Self) -> bool) {
        let running = tokio::spawn({
            let relay = Arc::clone(&self.relay);
            async move { relay.run().await }
        });
        for _ in 0..STEPS {
            if what(self) {
                running.abort();
                return;
            }
            self.clock.advance(Duration::from_millis(100));
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        panic!("never so: {:?} {:?}", self.told(), self.names());
    }

    fn told(&self) -> Vec<String> {
        self.told.lock().unwrap().clone()
    }

    fn names(&self) -> Vec<String> {
        self.asked.lock().unwrap().iter().map(|(name, _)| name.clone()).collect()
    }

    fn patches(&self) -> Vec<Request> {
        let asked = self.asked.lock().unwrap();
        asked.iter().filter(|(name, _)| name.starts_with("PATCH")).map(|(_, it)| it.clone()).collect()
    }

    fn is_idle(&self) -> bool {
        self.relay.ready.load(Ordering::Relaxed) && self.relay.queue().next().is_none()
    }

    fn counted(&self, name: &str) -> u64 {
        let text = self.relay.metrics.text();
        let line = text.lines().find_map(|line| line.strip_prefix(&format!("keyloom_relay_{name} ")));
        line.unwrap().parse().unwrap()
    }
}

#[tokio::test]
async fn who_reads_the_folder_is_annotated_and_nobody_else() {
    let stand = stand(|_, _| None);
    stand.relay.take(&webhook("/databases/main", "canary 1"));
    stand.relay.take(&webhook("/ci", "canary 2"));
    stand.until(|it| it.is_idle() && it.counted("syncs_total") == 2).await;
    let patches = stand.patches();
    let mut written: Vec<String> = patches.iter().map(|it| it.path.join("/")).collect();
    written.sort();
    assert_eq!(
        written,
        [
            "apis/external-secrets.io/v1/clusterexternalsecrets/everywhere",
            "apis/external-secrets.io/v1/namespaces/shop/externalsecrets/database",
        ]
    );
    for patch in &patches {
        assert_eq!(patch.header("content-type"), Some("application/merge-patch+json"));
        assert_eq!(patch.parameter("fieldManager"), Some("keyloom-relay"));
        let metadata = match patch.path.last().map(String::as_str) {
            Some("everywhere") => {
                let annotation = value(b"canary 2");
                json!({"annotations": {"external-secrets.io/force-sync": annotation}, "uid": "u1"})
            }
            _ => json!({"annotations": {"force-sync": value(b"canary 1")}}),
        };
        assert_eq!(patch.json(), json!({"metadata": metadata}));
    }
    let told = stand.told();
    assert_eq!(
        told,
        [
            "the cluster can be looked at",
            "prod:/ci changed: syncs ClusterExternalSecret everywhere",
            "prod:/databases/main changed: syncs ExternalSecret shop/database; never synced again: ExternalSecret shop/once \
             (refreshInterval 0)",
        ]
    );
    let metrics = stand.relay.metrics.text();
    assert!(metrics.contains("keyloom_relay_webhooks_total{event=\"secrets.modified\"} 2\n"), "{metrics}");
    assert!(!metrics.contains("canary") && !told.iter().any(|line| line.contains("canary")));
    assert_eq!(stand.counted("syncs_total"), 2);
    // Labels of namespaces are asked for where a store has a selector, and here none has.
    assert!(!stand.names().contains(&"GET namespaces".to_owned()));
    drop(stand.web);
}

#[tokio::test]
async fn an_api_server_that_fails_for_a_while_loses_nothing() {
    let stand = stand(|name, count| match (name, count) {
        // The first look is that of the beginning.
        ("GET externalsecrets", 1 | 18..=20) => Some(refusal(503)),
        ("PATCH database", 1..=3) => Some(refusal(429)),
        _ => None,
    });
    stand.until(Stand::is_idle).await;
    stand.relay.take(&webhook("/databases/main", "1"));
    stand.until(|it| it.is_idle() && it.counted("syncs_total") == 1).await;
    assert_eq!(stand.patches().len(), 4);
    assert_eq!((stand.counted("looks_failed_total"), stand.counted("syncs_failed_total")), (4, 3));
    let told = stand.told();
    assert_eq!(
        told[0],
        "error: cannot look at the cluster: the API server answers 503: not now; trying again"
    );
    assert_eq!(told[1], "the cluster can be looked at");
    assert!(told.iter().any(|line| line.starts_with("error: ExternalSecret shop/database: ")), "{told:?}");
    assert!(stand.relay.ready.load(Ordering::Relaxed));
}

#[tokio::test]
async fn what_is_gone_or_forbidden_is_not_tried_for_ever() {
    let stand = stand(|name, _| match name {
        "PATCH database" => Some(refusal(404)),
        "PATCH everywhere" => Some(refusal(403)),
        _ => None,
    });
    stand.relay.take(&webhook("/databases/main", "1"));
    stand.relay.take(&webhook("/ci", "2"));
    stand.until(|it| it.is_idle() && it.counted("syncs_given_up_total") == 1).await;
    assert_eq!((stand.counted("syncs_total"), stand.patches().len()), (0, 11));
    let last = stand.told().pop().unwrap();
    assert!(
        last.starts_with("error: ClusterExternalSecret everywhere: the API server answers 403"),
        "{last}"
    );
    assert!(last.contains("--print-rbac") && last.contains("given up"), "{last}");
}

#[tokio::test]
async fn a_cluster_without_the_cluster_wide_kind_and_without_rights_on_namespaces_will_do() {
    let selecting = || {
        let condition = json!({"namespaceSelector": {"matchLabels": {"team": "web"}}});
        let scope = json!({"projectSlug": "web-shop", "environmentSlug": "prod", "secretsPath": "/"});
        let store = json!({"metadata": {"name": "shared"}, "spec": {"conditions": [condition],
            "provider": {"infisical": {"secretsScope": scope}}}});
        Reply::json(200, json!({"items": [store]}))
    };
    let without = stand(|name, _| (name == "GET clustersecretstores").then(|| refusal(404)));
    without.relay.take(&webhook("/ci", "1"));
    without.until(|it| it.is_idle() && it.told().len() == 2).await;
    assert_eq!(without.told()[1], "prod:/ci changed: nothing reads it");
    let forbidden = stand(move |name, _| match name {
        "GET clustersecretstores" => Some(selecting()),
        "GET namespaces" => Some(refusal(403)),
        _ => None,
    });
    forbidden.relay.take(&webhook("/ci", "1"));
    forbidden.until(|it| it.is_idle() && it.told().len() == 2).await;
    assert_eq!(
        forbidden.told()[1],
        "prod:/ci changed: syncs ExternalSecret other/not-admitted, ClusterExternalSecret everywhere"
    );
}

#[tokio::test]
async fn events_that_change_nothing_are_counted_and_that_is_all() {
    let stand = stand(|_, _| None);
    for event in [Event::Unknown, Event::Test(Hint::default()), Event::RotationFailed(Hint::default())] {
        stand.relay.take(&Accepted { event, ..webhook("/", "1") });
    }
    stand.until(Stand::is_idle).await;
    assert_eq!(stand.told(), ["a test webhook arrived", "the cluster can be looked at"]);
    assert_eq!(stand.counted("looks_total"), 1);
}

#[tokio::test]
async fn a_burst_is_few_looks_and_fewer_syncs() {
    static LOOKS: AtomicUsize = AtomicUsize::new(0);
    let stand = stand(|name, _| {
        LOOKS.fetch_add(usize::from(name == "GET clustersecretstores"), Ordering::Relaxed);
        None
    });
    stand.until(Stand::is_idle).await;
    for _ in 0..10_000 {
        stand.relay.take(&webhook("/databases/main", "earlier"));
    }
    stand.relay.take(&webhook("/databases/main", "last"));
    stand.until(|it| it.is_idle() && it.counted("syncs_total") > 0).await;
    let patches = stand.patches();
    // It was started twice, and looks then too.
    assert_eq!((patches.len(), LOOKS.load(Ordering::Relaxed)), (1, 3));
    assert_eq!(patches[0].json()["metadata"]["annotations"]["force-sync"], value(b"last"));
}
