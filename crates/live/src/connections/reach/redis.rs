//! Redis.

use redis::Client;

use super::Refusal;
use super::place::chain;

/// Logs in and has a PING answered.
///
/// # Errors
/// Why not.
pub(super) async fn ask(url: &str) -> Result<String, Refusal> {
    // Its words may quote the address.
    let client = Client::open(url)
        .map_err(|_| "it is no address of Redis; write redis://USER:PASSWORD@HOST:PORT/NUMBER".to_owned())?;
    let mut connection = client.get_multiplexed_async_connection().await.map_err(|error| said(&error))?;
    let pong: String = redis::cmd("PING").query_async(&mut connection).await.map_err(|error| said(&error))?;
    if pong == "PONG" {
        Ok("PING is answered".to_owned())
    } else {
        Err("PING is not answered with PONG".to_owned())
    }
}

fn said(error: &redis::RedisError) -> Refusal {
    format!("{}; see that host, port, user and password in the address are right", chain(error))
}
