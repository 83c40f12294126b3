//! As much of HTTP as both ends of a bench need: messages with a length, one after the other on a connection that stays.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// More than any body of a bench has.
const LIMIT: usize = 64 * 1024 * 1024;
/// Whoever does not answer for so long does not answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// A request or an answer.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Message {
    /// The first line, such as `GET / HTTP/1.1`.
    pub(super) first: String,
    pub(super) body: Vec<u8>,
}

impl Message {
    /// The next message; none when the other side is done.
    pub(super) fn read(stream: &mut impl BufRead) -> io::Result<Option<Self>> {
        let Some(first) = line(stream)? else { return Ok(None) };
        let mut length = 0;
        loop {
            let header = line(stream)?.ok_or(io::ErrorKind::UnexpectedEof)?;
            if header.is_empty() {
                break;
            }
            let (name, value) = header.split_once(':').unwrap_or((&header, ""));
            if name.eq_ignore_ascii_case("transfer-encoding") {
                return Err(io::Error::other("a body without a length"));
            }
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse().map_err(io::Error::other)?;
            }
        }
        if length > LIMIT {
            return Err(io::Error::other("a body without an end"));
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body)?;
        Ok(Some(Self { first, body }))
    }

    /// What stands behind the method, or the status.
    pub(super) fn second(&self) -> &str {
        self.first.split(' ').nth(1).unwrap_or_default()
    }
}

fn line(stream: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    line.truncate(line.trim_end().len());
    Ok(Some(line))
}

/// A connection that asks.
#[derive(Debug)]
pub(super) struct Connection(BufReader<TcpStream>);

impl Connection {
    pub(super) fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self(BufReader::new(stream)))
    }

    /// Sends a request, which is whole, and waits for its answer.
    pub(super) fn ask(&mut self, request: &[u8]) -> io::Result<Message> {
        self.0.get_mut().write_all(request)?;
        Message::read(&mut self.0)?.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_follow_one_another() {
        let mut stream: &[u8] =
            b"POST /a HTTP/1.1\r\nhost: b\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 202 Accepted\r\n\r\n";
        let first = Message::read(&mut stream).unwrap().unwrap();
        assert_eq!((first.second(), first.body.as_slice()), ("/a", b"{}".as_slice()));
        assert_eq!(Message::read(&mut stream).unwrap().unwrap().second(), "202");
        assert_eq!(Message::read(&mut stream).unwrap(), None);
    }

    #[test]
    fn what_is_torn_or_endless_is_an_error() {
        for text in [
            "GET / HTTP/1.1\r\n",
            "GET / HTTP/1.1\r\ncontent-length: 3\r\n\r\nab",
            "GET / HTTP/1.1\r\ncontent-length: x\r\n\r\n",
            "GET / HTTP/1.1\r\ncontent-length: 99999999999\r\n\r\n",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        ] {
            assert!(Message::read(&mut text.as_bytes()).is_err(), "{text}");
        }
    }
}
