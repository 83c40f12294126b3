//! Names of secrets at GitHub.

use keyloom_runtime::Secret;
use keyloom_runtime::http::header::{ACCEPT, AUTHORIZATION, HeaderValue};
use keyloom_runtime::http::{Answer, Http, Method, Request, Url, header, is_passing};
use serde::Deserialize;

use crate::error::Error;
use crate::pages::Pages;

const CLOUD: &str = "https://api.github.com";
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
    /// What the environment says: `GITHUB_TOKEN`, and `GITHUB_API_URL`, before the server of the connection and github.com.
    pub(crate) fn find(get: impl Fn(&str) -> Option<String>, server: Option<&str>) -> Result<Self, Error> {
        let get =
            |name: &str| get(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        let wrong = |words: &str| Error::Environment(words.to_owned());
        let token = get("GITHUB_TOKEN").map(Secret::new).ok_or_else(|| wrong("GITHUB_TOKEN is not set"))?;
        let mut header = HeaderValue::from_str(&format!("Bearer {}", token.expose()))
            .map_err(|_| wrong("GITHUB_TOKEN holds characters that no header can"))?;
        header.set_sensitive(true);
        let of_server = server.map(|host| format!("https://{host}/api/v3"));
        let api = get("GITHUB_API_URL").or(of_server).unwrap_or_else(|| CLOUD.to_owned());
        let api = Url::parse(&api).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let api = api.ok_or_else(|| wrong("GITHUB_API_URL, or the host of the connection, leads nowhere"))?;
        Ok(Self { api, token: header })
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
            401 => "; is GITHUB_TOKEN still good?",
            403 => "; may GITHUB_TOKEN read the names of these secrets?",
            404 => "; is it spelled so, and may GITHUB_TOKEN see it?",
            _ => "",
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
    is_passing(answer) || (answer.status == 403 && answer.headers.contains_key(header::RETRY_AFTER))
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
            Github::find(|name| Some(if name == "GITHUB_TOKEN" { token } else { api }.to_owned()), server)
        };
        let from = |token, api| at(token, api, None);
        let server = Some("ghe.example:8443");
        assert_eq!(at("t", "", server).unwrap().api.as_str(), "https://ghe.example:8443/api/v3");
        assert_eq!(at("t", "http://127.0.0.1:1", server).unwrap().api.as_str(), "http://127.0.0.1:1/");
        assert_eq!(from(" canary\n", "").unwrap().api.as_str(), "https://api.github.com/");
        assert_eq!(
            from("t", "https://ghe.example/api/v3").unwrap().api.as_str(),
            "https://ghe.example/api/v3"
        );
        assert!(!format!("{:?}", from("canary", "").unwrap()).contains("canary"));
        for (token, api) in [(" ", ""), ("can\nary", ""), ("t", "canary"), ("t", "ftp://canary")] {
            assert!(!from(token, api).unwrap_err().to_string().contains("canary"));
        }
    }
}
