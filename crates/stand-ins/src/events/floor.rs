//! A receiver that checks nothing and keeps nothing: it asks for the folder that a webhook names, and tells the number in it.
//! What it takes is the least that the others can.

use std::io::{self, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Mutex, mpsc};
use std::thread;

use super::http::{Connection, Message};
use super::{Receiver, told};

/// Questions at once.
const WORKERS: usize = 32;

/// Receives until it is killed.
///
/// # Errors
/// The port is taken, or the server's address is none.
pub fn run(receiver: &Receiver) -> io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", receiver.port))?;
    let server = receiver.address()?;
    let (tell, paths) = mpsc::channel();
    let paths = Mutex::new(paths);
    told("ready")?;
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            let paths = &paths;
            // One that fails loses what it was asked for, which is told as lost.
            scope.spawn(move || drop(work(server, paths)));
        }
        for stream in listener.incoming().flatten() {
            let tell = tell.clone();
            // A connection that breaks is the other side's business.
            scope.spawn(move || drop(serve(&stream, &tell)));
        }
    });
    Ok(())
}

/// Answers webhooks, and hands on which folders they name.
fn serve(stream: &TcpStream, tell: &mpsc::Sender<String>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let (mut reader, mut writer) = (BufReader::new(stream), stream);
    while let Some(webhook) = Message::read(&mut reader)? {
        writer.write_all(b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n")?;
        let body = String::from_utf8_lossy(&webhook.body);
        let path = between(&body, "\"secretPath\":\"", "\"").unwrap_or_default();
        tell.send(path.to_owned()).map_err(io::Error::other)?;
    }
    Ok(())
}

/// Asks for folders and tells their numbers.
fn work(server: SocketAddr, paths: &Mutex<mpsc::Receiver<String>>) -> io::Result<()> {
    let mut connection = Connection::open(server)?;
    loop {
        let next = paths.lock().map_err(|_| io::Error::other("a thread panicked"))?.recv();
        let path = next.map_err(io::Error::other)?;
        let request = format!("GET /api/v4/secrets?secretPath={path} HTTP/1.1\r\nhost: localhost\r\n\r\n");
        let answer = connection.ask(request.as_bytes())?;
        let text = String::from_utf8_lossy(&answer.body);
        told(between(&text, "\"secretValue\":\"", "\"").unwrap_or_default())?;
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    text.split_once(before)?.1.split_once(after).map(|(it, _)| it)
}
