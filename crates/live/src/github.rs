//! Names of secrets at GitHub.

use keyloom_runtime::http::header::{ACCEPT, AUTHORIZATION, HeaderValue};
use keyloom_runtime::http::{Answer, Http, Method, Request, Url, header, is_passing};
use keyloom_runtime::{Secret, trimmed};
use serde::Deserialize;

use crate::error::Error;
use crate::pages::Pages;

mod place;

const PER_PAGE: usize = 100;

/// How one gets at GitHub.
#[derive(Clone, Debug)]
pub(crate) struct Github {
    api: Url,
    token: HeaderValue,
}

/// Names of the secrets at one path of the interface.
pub(crate) struct Secrets<'h> {
    http: &'h Http,
    github: Github,
    /// Parts of the path, such as `repos`, `acme`, `my-app`, `actions`, `secrets`.
    path: Vec<String>,
    page: usize,
    read: usize,
    done: bool,
}

#[derive(Deserialize)]
struct Page {
    total_count: usize,
    secrets: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct Refusal {
    #[serde(default)]
    message: String,
}

impl Github {
    /// What the environment says: `GITHUB_TOKEN`, and where to, for the server that the connection has. Without one that is
    /// `GITHUB_API_URL`, or github.com.
    ///
    /// A declaration does not decide who is handed the token: a server gets it where `GITHUB_API_URL` or `GH_HOST` names it.
    pub(crate) fn find(get: impl Fn(&str) -> Option<String>, server: Option<&str>) -> Result<Self, Error> {
        let get = |name: &str| trimmed(get(name));
        let wrong = |words: &str| Error::Environment(words.to_owned());
        let token = get("GITHUB_TOKEN").map(Secret::new).ok_or_else(|| wrong("GITHUB_TOKEN is not set"))?;
        let mut header = HeaderValue::from_str(&format!("Bearer {}", token.expose()))
            .map_err(|_| wrong("GITHUB_TOKEN holds characters that no header can"))?;
        header.set_sensitive(true);
        Ok(Self { api: place::api(get, server)?, token: header })
    }

    pub(crate) fn secrets<'h>(self, http: &'h Http, path: &[&str]) -> Secrets<'h> {
        let path = path.iter().map(|part| (*part).to_owned()).collect();
        Secrets { http, github: self, path, page: 1, read: 0, done: false }
    }
}

impl Secrets<'_> {
    fn request(&self) -> Request {
        let mut url = self.github.api.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(&self.path);
        }
        url.query_pairs_mut()
            .append_pair("per_page", &PER_PAGE.to_string())
            .append_pair("page", &self.page.to_string());
        let mut request = Request::new(Method::GET, url);
        let headers = request.headers_mut();
        headers.insert(AUTHORIZATION, self.github.token.clone());
        headers.insert(ACCEPT, HeaderValue::from_static("application/vnd.github+json"));
        headers.insert("x-github-api-version", HeaderValue::from_static("2022-11-28"));
        request
    }

    fn refused(&self, answer: &Answer) -> Error {
        let message = serde_json::from_slice::<Refusal>(&answer.body).map(|refusal| refusal.message);
        let hint = match answer.status {
            403 | 429 if is_used_up(answer) => used_up(answer),
            401 => "; is GITHUB_TOKEN still good?".to_owned(),
            403 => "; may GITHUB_TOKEN read the names of these secrets?".to_owned(),
            404 => "; is it spelled so, and may GITHUB_TOKEN see it?".to_owned(),
            _ => String::new(),
        };
        Error::Github {
            status: answer.status,
            path: self.path.join("/"),
            message: message.map_or("the answer is not JSON".to_owned(), |text| one_line(&text)),
            hint,
        }
    }
}

impl Pages for Secrets<'_> {
    async fn next(&mut self) -> Result<Option<Vec<String>>, Error> {
        if self.done {
            return Ok(None);
        }
        let answer = self.http.read(|| Ok(self.request()), is_busy).await?;
        if answer.status != 200 {
            return Err(self.refused(&answer));
        }
        let wrong = |why: &str| Error::Answer { from: "GitHub", why: why.to_owned() };
        let page: Page =
            serde_json::from_slice(&answer.body).map_err(|_| wrong("it is no list of secrets"))?;
        self.read += page.secrets.len();
        self.page += 1;
        self.done = self.read >= page.total_count;
        // A plan that lacks names lacks deletions.
        if page.secrets.is_empty() && !self.done {
            return Err(wrong("it has fewer secrets than it says"));
        }
        Ok(Some(page.secrets.into_iter().map(|secret| secret.name).collect()))
    }
}

/// Where GitHub asks for a pause it answers 403 or 429 and says for how long.
fn is_busy(answer: &Answer) -> bool {
    match answer.status {
        403 | 429 if answer.headers.contains_key(header::RETRY_AFTER) => true,
        // That takes up to an hour.
        403 | 429 if is_used_up(answer) => false,
        _ => is_passing(answer),
    }
}

/// Whether no request is left for the hour.
fn is_used_up(answer: &Answer) -> bool {
    answer.headers.get("x-ratelimit-remaining").is_some_and(|left| left == "0")
}

/// That no request is left, and until when; GitHub tells it in seconds since 1970.
fn used_up(answer: &Answer) -> String {
    let reset =
        answer.headers.get("x-ratelimit-reset").and_then(|reset| reset.to_str().ok()?.parse::<u64>().ok());
    let until = reset.map(|reset| format!(" until {:02}:{:02} UTC", reset / 3600 % 24, reset / 60 % 60));
    format!(
        "; GITHUB_TOKEN has used up all requests that GitHub allows it{}",
        until.unwrap_or_else(|| " for this hour".to_owned())
    )
}

pub(crate) fn one_line(text: &str) -> String {
    text.chars().take(300).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_says_who_and_where() {
        let at = |token: &str, api: &str, server| {
            let get = |name: &str| match name {
                "GITHUB_TOKEN" => Some(token.to_owned()),
                "GITHUB_API_URL" => Some(api.to_owned()),
                _ => None,
            };
            Github::find(get, server)
        };
        let from = |token, api| at(token, api, None);
        let server = Some("ghe.example:8443");
        for api in ["", "http://127.0.0.1:1", "https://api.github.com", "https://ghe.example/api/v3"] {
            let error = at("t", api, server).unwrap_err().to_string();
            assert!(
                error.contains("is not sent there") && error.ends_with("set GH_HOST=ghe.example:8443"),
                "{error}"
            );
        }
        let api = "https://ghe.example:8443/api/v3";
        assert_eq!(at("t", api, server).unwrap().api.as_str(), api);
        assert_eq!(from("t", "http://127.0.0.1:1").unwrap().api.as_str(), "http://127.0.0.1:1/");
        assert_eq!(from(" canary\n", "").unwrap().api.as_str(), "https://api.github.com/");
        assert_eq!(
            from("t", "https://ghe.example/api/v3").unwrap().api.as_str(),
            "https://ghe.example/api/v3"
        );
        assert!(!format!("{:?}", from("canary", "").unwrap()).contains("canary"));
        for (token, api) in [
            (" ", ""),
            ("can\nary", ""),
            ("t", "canary"),
            ("t", "ftp://canary"),
            ("t", "http://canary.example"),
        ] {
            assert!(!from(token, api).unwrap_err().to_string().contains("canary"));
        }
    }
}
