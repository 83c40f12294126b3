//! The part of GitHub's interface that tells the names of secrets: of repositories, their environments, and organizations.
//! Values it has none, as GitHub shows none.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::web::{Reply, Request, Web};

/// GitHub never gives more on one page.
const MOST: usize = 100;
/// What it gives when nobody says how many.
const USUAL: usize = 30;

/// What a GitHub has.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// The token that may read everything.
    pub token: String,
    /// Names of secrets, by `OWNER/REPOSITORY`, `OWNER/REPOSITORY/ENVIRONMENT` or `ORGANIZATION`.
    pub secrets: BTreeMap<String, Vec<String>>,
}

/// A running GitHub. Dropping it ends it.
#[derive(Debug)]
pub struct Github {
    web: Web,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Github {
    /// Starts one on a free port of this machine.
    ///
    /// # Errors
    /// No port, or no thread.
    pub fn start(state: State) -> io::Result<Self> {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let book = Arc::clone(&asked);
        let web = Web::start(move |request| {
            let reply = answer(&state, request);
            let line = format!("{} {} {}", request.method, request.path.join("/"), reply.status);
            book.lock().unwrap_or_else(PoisonError::into_inner).push(line);
            reply
        })?;
        Ok(Self { web, asked })
    }

    /// Where it listens; what `GITHUB_API_URL` is set to.
    pub fn url(&self) -> String {
        self.web.url()
    }

    /// What was asked so far: method, path and status.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn answer(state: &State, request: &Request) -> Reply {
    if request.header("authorization") != Some(&format!("Bearer {}", state.token)) {
        return refusal(401, "Bad credentials");
    }
    if request.header("x-github-api-version") != Some("2022-11-28") {
        return refusal(400, "no version of the interface is named");
    }
    let path: Vec<&str> = request.path.iter().map(String::as_str).collect();
    let of = match path.as_slice() {
        ["repos", owner, name, "actions", "secrets"] => format!("{owner}/{name}"),
        ["repos", owner, name, "environments", environment, "secrets"] => {
            format!("{owner}/{name}/{environment}")
        }
        ["orgs", organization, "actions", "secrets"] => (*organization).to_owned(),
        _ => return refusal(404, "Not Found"),
    };
    match state.secrets.get(&of) {
        Some(names) if request.method == "GET" => page(names, request),
        _ => refusal(404, "Not Found"),
    }
}

fn page(names: &[String], request: &Request) -> Reply {
    let number = |name, usual| request.parameter(name).and_then(|text| text.parse().ok()).unwrap_or(usual);
    let (size, page): (usize, usize) = (number("per_page", USUAL).clamp(1, MOST), number("page", 1).max(1));
    let secret = |name: &String| json!({"name": name, "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z"});
    let secrets: Vec<Value> = names.iter().skip((page - 1) * size).take(size).map(secret).collect();
    Reply::json(200, json!({"total_count": names.len(), "secrets": secrets}))
}

fn refusal(status: u16, message: &str) -> Reply {
    Reply::json(
        status,
        json!({"message": message, "documentation_url": "https://docs.github.com/rest", "status": status.to_string()}),
    )
}
