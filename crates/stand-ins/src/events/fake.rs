//! An Infisical whose values are numbers of events: it logs anybody in, and answers every question for a folder after the
//! same time.

use std::io::{self, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::http::Message;
use super::{key, path, project};

/// Stands where the number goes.
const PLACE: &str = "\"@\"";

/// A running one. It lives as long as its process.
#[derive(Debug)]
pub(super) struct Fake {
    pub(super) address: SocketAddr,
    state: Arc<State>,
}

#[derive(Debug)]
struct State {
    /// The number that each folder's secret holds.
    numbers: Vec<AtomicU64>,
    /// The further secrets of every folder, as they are written.
    others: String,
    latency: Duration,
    /// From the last byte of a question to the last one of its answer.
    spans: Mutex<Vec<Duration>>,
}

impl Fake {
    /// Starts one that has so many folders, each with so many secrets.
    pub(super) fn start(folders: usize, secrets: usize, latency: Duration) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let numbers = (0..folders).map(|_| AtomicU64::new(0)).collect();
        let state = Arc::new(State { numbers, others: others(secrets), latency, spans: Mutex::default() });
        let shared = Arc::clone(&state);
        thread::Builder::new().name("fake".to_owned()).spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                // A connection that breaks is the other side's business.
                thread::spawn(move || drop(state.serve(&stream)));
            }
        })?;
        Ok(Self { address, state })
    }

    /// The folder's secret holds this number from now on, or a later one.
    pub(super) fn set(&self, folder: usize, number: u64) {
        self.state.numbers[folder].fetch_max(number, Ordering::SeqCst);
    }

    /// How long each answer for a folder took since this was asked last.
    pub(super) fn spans(&self) -> Vec<Duration> {
        std::mem::take(&mut *self.state.spans.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl State {
    fn serve(&self, stream: &TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let (mut reader, mut writer) = (BufReader::new(stream), stream);
        while let Some(request) = Message::read(&mut reader)? {
            let asked = Instant::now();
            let (path, query) = request.second().split_once('?').unwrap_or((request.second(), ""));
            let answer = match path {
                "/api/v1/auth/universal-auth/login" => Some(token()),
                "/api/v4/secrets" => self.folder(query),
                _ => None,
            };
            let is_folder = answer.is_some() && path == "/api/v4/secrets";
            writer.write_all(written(answer).as_bytes())?;
            if is_folder {
                self.spans.lock().unwrap_or_else(PoisonError::into_inner).push(asked.elapsed());
            }
        }
        Ok(())
    }

    /// What is in a folder when the time is over that an answer takes.
    fn folder(&self, query: &str) -> Option<String> {
        let path = query.split('&').find_map(|pair| pair.strip_prefix("secretPath="))?;
        let folder: usize = path.rsplit(|it: char| !it.is_ascii_digit()).next()?.parse().ok()?;
        let number = self.numbers.get(folder)?;
        let before = number.load(Ordering::SeqCst);
        thread::sleep(self.latency);
        Some(secrets(folder, before, &self.others))
    }
}

fn token() -> String {
    json!({"accessToken": "token", "expiresIn": 2_592_000, "accessTokenMaxTTL": 2_592_000, "tokenType": "Bearer"})
        .to_string()
}

fn secrets(folder: usize, number: u64, others: &str) -> String {
    let own = secret(folder, &key(folder), "@").to_string().replace(PLACE, &format!("\"{number}\""));
    format!("{{\"secrets\":[{own}{others}],\"imports\":[]}}")
}

/// All but the first secret of a folder, each behind a comma.
fn others(secrets: usize) -> String {
    let other = |number: usize| {
        let value = format!("{:032x}", number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        format!(",{}", secret(0, &format!("SERVICE_{number:06}_TOKEN"), &value))
    };
    (1..secrets).map(other).collect()
}

fn secret(folder: usize, key: &str, value: &str) -> Value {
    let (id, at) = ("5f0c8a0e-2b3d-4c1e-9a7f-0123456789ab", "2026-01-01T00:00:00.000Z");
    json!({
        "id": id, "_id": id, "workspace": project(folder), "environment": "prod", "version": 1, "type": "shared",
        "secretKey": key, "secretValue": value, "secretValueHidden": false, "secretComment": "",
        "secretReminderNote": null, "secretReminderRepeatDays": null, "skipMultilineEncoding": false,
        "createdAt": at, "updatedAt": at, "isRotatedSecret": false, "rotationId": null,
        "secretPath": path(folder), "secretMetadata": [], "tags": [],
    })
}

/// An answer as it is sent; of nothing, that there is no such thing.
fn written(body: Option<String>) -> String {
    let (status, body) = match body {
        Some(body) => ("200 OK", body),
        None => (
            "404 Not Found",
            json!({"statusCode": 404, "message": "nothing", "error": "NotFound"}).to_string(),
        ),
    };
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}

#[cfg(test)]
mod tests {
    use super::super::http::Connection;
    use super::*;

    #[test]
    fn a_folder_has_its_number_and_takes_its_time() {
        let latency = Duration::from_millis(5);
        let fake = Fake::start(3, 2, latency).unwrap();
        fake.set(2, 7);
        fake.set(2, 5);
        let mut connection = Connection::open(fake.address).unwrap();
        let mut ask = |target: &str| {
            let answer =
                connection.ask(format!("GET {target} HTTP/1.1\r\nhost: a\r\n\r\n").as_bytes()).unwrap();
            (answer.second().to_owned(), serde_json::from_slice::<Value>(&answer.body).unwrap())
        };
        let (status, body) =
            ask("/api/v4/secrets?projectId=p&secretPath=%2Ffolders%2F000002&recursive=false");
        assert_eq!(status, "200");
        assert_eq!(
            (&body["secrets"][0]["secretKey"], &body["secrets"][0]["secretValue"]),
            (&json!(key(2)), &json!("7"))
        );
        assert_eq!(body["secrets"][1]["secretKey"], "SERVICE_000001_TOKEN");
        assert_eq!(body["secrets"].as_array().map(Vec::len), Some(2));
        assert_eq!(ask("/api/v4/secrets?secretPath=%2Ffolders%2F000003").0, "404");
        assert_eq!(ask("/").0, "404");
        let spans = fake.spans();
        assert!(spans.len() == 1 && spans[0] >= latency, "{spans:?}");
        assert_eq!(fake.spans(), []);
    }
}
