//! A bench of receivers of webhooks: an Infisical whose values change at a rate, and how long a receiver takes until it has
//! each new one.
//!
//! Receivers are programs that are started with [`Receiver`]'s arguments. They load all folders, listen on the port, and write
//! `ready` to standard output; whenever a secret whose name begins with `NUMBER_` has another value, they write the value on a
//! line of its own. The values are numbers of events and no secrets. All receivers tell it in this one way, which costs each of them
//! the same.

mod board;
mod fake;
pub mod floor;
mod http;
mod sender;

use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use board::Board;
use fake::Fake;
use sender::{Phase, Sent, Sides};

use crate::process;

/// What webhooks are signed with.
pub const KEY: &str = "the key of the webhooks";
/// How long a receiver may take to be ready.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long the last values may take, when nothing more is sent.
const GRACE: Duration = Duration::from_secs(5);
/// Before memory is read of a receiver that has nothing to do.
const REST: Duration = Duration::from_secs(1);
const WARM_UP_RATE: f64 = 200.0;

/// What is measured.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// The receiver's program and its arguments; those of [`Receiver`] are added.
    pub command: Vec<String>,
    /// Whether it looks at signatures; then it must refuse one of another key.
    pub verifies: bool,
    /// How many folders it reads.
    pub folders: usize,
    /// How many secrets are in each, that with the number among them.
    pub secrets: usize,
    /// Milliseconds that the server takes for each answer.
    pub latency: u64,
    /// Events before anything is measured, 200 in a second.
    pub warm_up: u64,
    /// Events in a second, over the folders in turn.
    pub rate: f64,
    /// How many; none leaves the receiver alone and reads its memory.
    pub count: u64,
}

/// What came of it. Times are in microseconds, the shortest first.
#[derive(Clone, Debug, Serialize)]
pub struct Cost {
    /// Seconds from the start of the process until it had loaded all folders.
    pub ready: f64,
    /// From when each webhook was due until its value was visible.
    pub visible: Vec<u64>,
    /// From when the last webhook was due until the last value was visible.
    pub settled: u64,
    /// Events whose value never showed.
    pub lost: usize,
    /// Webhooks that were not taken.
    pub refused: u64,
    /// How long the server itself took for each folder that it was asked for.
    pub server: Vec<u64>,
    /// How much later than it was due each webhook was sent.
    pub late: Vec<u64>,
    /// Seconds of processor time while events were sent, in the receiver's code and in the kernel's.
    pub cpu: f64,
    /// Memory that was resident in the end, in bytes.
    pub resident: u64,
    /// Most memory that was resident at one time, in bytes.
    pub peak: u64,
}

/// What a receiver is told: `URL PORT FOLDERS`.
#[derive(Clone, Debug)]
pub struct Receiver {
    /// Where Infisical is.
    pub url: String,
    /// Where it is to listen.
    pub port: u16,
    /// How many folders it reads.
    pub folders: usize,
}

impl Receiver {
    /// Reads the arguments.
    ///
    /// # Errors
    /// Others than these three.
    pub fn read(args: impl Iterator<Item = String>) -> io::Result<Self> {
        let args: Vec<String> = args.collect();
        let [url, port, folders] = args.as_slice() else {
            return Err(io::Error::other("usage: RECEIVER URL PORT FOLDERS"));
        };
        let number = |text: &str| text.parse().map_err(io::Error::other);
        Ok(Self {
            url: url.clone(),
            port: port.parse().map_err(io::Error::other)?,
            folders: number(folders)?,
        })
    }

    /// Where Infisical listens.
    fn address(&self) -> io::Result<SocketAddr> {
        self.url.trim_start_matches("http://").parse().map_err(io::Error::other)
    }
}

/// The project of a folder, by its number from 0. Each has one of its own: in one project, a change of one folder may show in
/// any other, through imports and references, and a receiver may ask for those too.
pub fn project(folder: usize) -> String {
    format!("7d0c6f3e-1a2b-4c3d-9e8f-{folder:012}")
}

/// The path of a folder, by its number from 0.
pub fn path(folder: usize) -> String {
    format!("/folders/{folder:06}")
}

/// The name of the secret that holds a folder's number.
pub fn key(folder: usize) -> String {
    format!("NUMBER_{folder:06}")
}

/// Which folder an event changes.
fn folder(number: u64, folders: usize) -> usize {
    (number % folders.max(1) as u64) as usize
}

/// A line on standard output, at once.
///
/// # Errors
/// Nobody reads it.
pub fn told(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(format!("{line}\n").as_bytes())?;
    out.flush()
}

/// Starts the receiver, sends events, and measures.
///
/// # Errors
/// A receiver that does not start, or ends.
pub fn measure(task: &Task) -> io::Result<Cost> {
    let fake = Fake::start(task.folders, task.secrets, Duration::from_millis(task.latency))?;
    let first = task.warm_up + 1;
    let board = Arc::new(Mutex::new(Board::new(task.folders, first)));
    let (receiver, ready) = Running::start(task, &fake, &board)?;
    let sides = Sides { receiver: receiver.address, fake: &fake, board: &board, folders: task.folders };
    if task.verifies && !sender::refuses_forged(receiver.address)? {
        return Err(io::Error::other(format!("{:?} takes a webhook that is not signed", task.command)));
    }
    let id = receiver.child.id();
    sender::send(sides, Phase { first: 1, count: task.warm_up, rate: WARM_UP_RATE })?;
    settle(&board);
    fake.spans();
    if task.count == 0 {
        thread::sleep(REST);
    }
    let (before, start) = (process::cpu(id)?, Instant::now());
    let Sent { refused, late } = sender::send(sides, Phase { first, count: task.count, rate: task.rate })?;
    settle(&board);
    let cpu = process::cpu(id)?.saturating_sub(before);
    let due = start + Duration::from_secs_f64(task.count.saturating_sub(1) as f64 / task.rate);
    let board = held(&board);
    Ok(Cost {
        ready,
        visible: microseconds(board.taken()),
        settled: board.last().map_or(0, |last| last.saturating_duration_since(due).as_micros() as u64),
        lost: board.pending(),
        refused,
        server: microseconds(fake.spans()),
        late: microseconds(late),
        cpu: cpu.as_secs_f64(),
        resident: process::resident(id)?,
        peak: process::peak(id)?,
    })
}

/// Waits until all values are visible, or for as long as they may take.
fn settle(board: &Mutex<Board>) {
    let start = Instant::now();
    while held(board).pending() > 0 && start.elapsed() < GRACE {
        thread::sleep(Duration::from_millis(5));
    }
}

fn held(board: &Mutex<Board>) -> std::sync::MutexGuard<'_, Board> {
    board.lock().unwrap_or_else(PoisonError::into_inner)
}

fn microseconds(mut spans: Vec<Duration>) -> Vec<u64> {
    spans.sort_unstable();
    spans.into_iter().map(|span| span.as_micros() as u64).collect()
}

/// A receiver. Dropping it kills it.
struct Running {
    child: Child,
    address: SocketAddr,
}

impl Running {
    /// Starts it, and waits until it is ready; in how many seconds it was.
    fn start(task: &Task, fake: &Fake, board: &Arc<Mutex<Board>>) -> io::Result<(Self, f64)> {
        let (program, args) = task.command.split_first().ok_or_else(|| io::Error::other("no command"))?;
        // Somebody may take the port before the receiver does, which then fails, and says so.
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let start = Instant::now();
        let mut child = Command::new(program)
            .args(args)
            .args([format!("http://{}", fake.address), address.port().to_string(), task.folders.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| io::Error::other(format!("{program}: {error}")))?;
        let out = child.stdout.take().ok_or_else(|| io::Error::other("no standard output"))?;
        let running = Self { child, address };
        let (tell, ready) = mpsc::channel();
        let board = Arc::clone(board);
        thread::spawn(move || listen(out, &board, &tell));
        let ready = ready.recv_timeout(PATIENCE);
        ready.map_err(|_| io::Error::other(format!("{:?} does not get ready", task.command)))?;
        Ok((running, start.elapsed().as_secs_f64()))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Notes what the receiver tells, when it tells it.
fn listen(out: ChildStdout, board: &Mutex<Board>, ready: &mpsc::Sender<()>) {
    for line in BufReader::new(out).lines().map_while(Result::ok) {
        let now = Instant::now();
        match line.parse() {
            Ok(number) => held(board).seen(number, now),
            // Nobody waits for the second one.
            Err(_) if line == "ready" => drop(ready.send(())),
            Err(_) => {}
        }
    }
}
