//! [`Corked`]: a connection whose small writes go out together.
//!
//! HTTP/2 writes the headers of a call, its message and its end as each comes up: a packet and a wakeup of the other side
//! for each. What is written here waits until every task that can run has run, which takes no time that anyone sees.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tonic::transport::server::Connected;

/// Bytes that wait at most; what is longer goes out at once.
const HELD: usize = 16 * 1024;

/// A connection that gathers what is written until it is flushed and all other tasks had their turn.
#[derive(Debug)]
pub(crate) struct Corked<C> {
    connection: C,
    held: Vec<u8>,
    /// Whether the others had their turn since the flush was wished.
    waited: bool,
}

impl<C> Corked<C> {
    pub(crate) fn new(connection: C) -> Self {
        Self { connection, held: Vec::new(), waited: false }
    }
}

impl<C: AsyncWrite + Unpin> Corked<C> {
    /// Writes what waits.
    fn poll_let_go(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut written = 0;
        let result = loop {
            match self.held.get(written..) {
                None | Some([]) => break Poll::Ready(Ok(())),
                Some(rest) => match Pin::new(&mut self.connection).poll_write(cx, rest) {
                    Poll::Ready(Ok(0)) => break Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                    Poll::Ready(Ok(count)) => written += count,
                    Poll::Ready(Err(error)) => break Poll::Ready(Err(error)),
                    Poll::Pending => break Poll::Pending,
                },
            }
        };
        self.held.drain(..written);
        result
    }
}

impl<C: AsyncWrite + Unpin> AsyncWrite for Corked<C> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if this.held.len() + bytes.len() > HELD {
            ready!(this.poll_let_go(cx))?;
            if bytes.len() > HELD {
                return Pin::new(&mut this.connection).poll_write(cx, bytes);
            }
        }
        this.held.extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if !this.held.is_empty() && !this.waited {
            this.waited = true;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        ready!(this.poll_let_go(cx))?;
        this.waited = false;
        Pin::new(&mut this.connection).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_let_go(cx))?;
        Pin::new(&mut this.connection).poll_shutdown(cx)
    }
}

impl<C: AsyncRead + Unpin> AsyncRead for Corked<C> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().connection).poll_read(cx, buffer)
    }
}

impl<C: Connected> Connected for Corked<C> {
    type ConnectInfo = C::ConnectInfo;

    fn connect_info(&self) -> Self::ConnectInfo {
        self.connection.connect_info()
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use proptest::prelude::*;

    use super::*;

    /// Takes a few bytes at a time, and sometimes none.
    #[derive(Default)]
    struct Narrow {
        width: usize,
        writes: Vec<Vec<u8>>,
        turn: bool,
    }

    impl AsyncWrite for Narrow {
        fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
            let this = self.get_mut();
            this.turn = !this.turn;
            if !this.turn {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            let taken = bytes.get(..this.width).unwrap_or(bytes);
            this.writes.push(taken.to_vec());
            Poll::Ready(Ok(taken.len()))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    async fn write(corked: &mut Corked<Narrow>, bytes: &[u8]) {
        let mut written = 0;
        while let Some(rest @ [_, ..]) = bytes.get(written..) {
            written += poll_fn(|cx| Pin::new(&mut *corked).poll_write(cx, rest)).await.unwrap();
        }
    }

    async fn flush(corked: &mut Corked<Narrow>) {
        poll_fn(|cx| Pin::new(&mut *corked).poll_flush(cx)).await.unwrap();
    }

    #[tokio::test]
    async fn what_comes_before_a_flush_goes_out_as_one() {
        let mut corked = Corked::new(Narrow { width: usize::MAX, ..Narrow::default() });
        for bytes in ["head", "ers", "message"] {
            write(&mut corked, bytes.as_bytes()).await;
        }
        assert!(corked.connection.writes.is_empty());
        flush(&mut corked).await;
        assert_eq!(corked.connection.writes, [b"headersmessage".to_vec()]);
    }

    #[tokio::test]
    async fn a_flush_lets_the_others_write_first() {
        let mut corked = Corked::new(Narrow { width: usize::MAX, ..Narrow::default() });
        write(&mut corked, b"headers").await;
        let first = poll_fn(|cx| Poll::Ready(Pin::new(&mut corked).poll_flush(cx))).await;
        assert!(first.is_pending());
        write(&mut corked, b"message").await;
        flush(&mut corked).await;
        assert_eq!(corked.connection.writes.len(), 1);
    }

    proptest! {
        #[test]
        fn every_byte_arrives_in_order(
            writes in prop::collection::vec((0_usize..40_000, any::<bool>()), 0..12),
            width in 1_000_usize..50_000,
        ) {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let mut corked = Corked::new(Narrow { width, ..Narrow::default() });
            let mut expected = Vec::new();
            runtime.block_on(async {
                for (number, (length, flushed)) in writes.into_iter().enumerate() {
                    let bytes = vec![u8::try_from(number).unwrap(); length];
                    write(&mut corked, &bytes).await;
                    expected.extend(bytes);
                    if flushed {
                        flush(&mut corked).await;
                    }
                }
                flush(&mut corked).await;
            });
            prop_assert_eq!(corked.connection.writes.concat(), expected);
        }
    }
}
