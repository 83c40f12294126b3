//! Rotates the credentials of a database again and again while it is asked without a pause, and counts the queries that fail:
//! none in the order of this example, and some where the old connections are closed first.
//!
//! Where the server is, and its administrator, say `PGHOST`, `PGPORT`, `PGUSER` and `PGPASSWORD`. Infisical is one that
//! stands in. Ends with 1 where something is not as it should be.

mod load;
mod world;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use keyloom_example_rotation::{Database, Rotated};
use keyloom_runtime::Snapshot;
use load::Load;
use tokio::sync::mpsc;
use world::World;

const ROTATIONS: usize = 6;
/// How many connections a pool has, of the hundred that a server has by default.
const POOL: usize = 8;
/// How long the new user works before the next rotation.
const BETWEEN: Duration = Duration::from_millis(250);

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let report = |line: Outcome<String>| {
        let (text, code) = match line {
            Ok(text) => (text, ExitCode::SUCCESS),
            Err(error) => (format!("error: {error}"), ExitCode::FAILURE),
        };
        // Whoever closed standard output does not want to know.
        let _ = writeln!(io::stdout(), "{text}");
        code
    };
    let code = report(swapped().await);
    if code != ExitCode::SUCCESS {
        return code;
    }
    report(closed_first().await)
}

/// Opens, swaps, drains, and only then revokes.
async fn swapped() -> Outcome<String> {
    let world = World::start().await?;
    let database = Arc::new(open(&world).await?);
    let (tell, mut told) = mpsc::unbounded_channel();
    let (following, changes) = (Arc::clone(&database), world.secrets.changes());
    let follower = tokio::spawn(async move { following.follow(changes, |what| drop(tell.send(what))).await });
    let load = Load::start(&database);
    let (mut early, mut slowest) = (0, Duration::ZERO);
    for rotation in 0..ROTATIONS {
        let begun = Instant::now();
        // Every other time the new password is known here before it is where it counts.
        let ahead = rotation % 2 == 1;
        let old = world.rotate(ahead).await?;
        loop {
            match told.recv().await.ok_or("nobody follows the rotations")? {
                Rotated::Drained => break,
                Rotated::InUse => return Err("the old connections are not drained".into()),
                Rotated::Failed(_) => early += 1,
            }
        }
        slowest = slowest.max(begun.elapsed());
        world.revoke(&old).await?;
        tokio::time::sleep(BETWEEN).await;
        load.uses(&world.user())?;
    }
    let counted = load.stop().await;
    world.secrets.stop().await;
    follower.await?;
    let said = format!(
        "open, swap, drain: {counted}, {ROTATIONS} rotations, {early} credentials that came early, \
         the slowest drained after {} ms",
        slowest.as_millis()
    );
    if counted.failed > 0 || early == 0 {
        return Err(said.into());
    }
    Ok(said)
}

/// Closes the old connections first, as one should not: queries fail, and are counted as such.
async fn closed_first() -> Outcome<String> {
    let world = World::start().await?;
    let database = Arc::new(open(&world).await?);
    let load = Load::start(&database);
    for _ in 0..ROTATIONS {
        let mut changes = world.secrets.changes();
        let old = world.rotate(false).await?;
        changes.next().await.ok_or("nothing changed")?;
        database.pool().close();
        world.revoke(&old).await?;
        let drained = database.rotate(changes.snapshot()).await?;
        drained.drained(Duration::from_secs(60)).await;
        tokio::time::sleep(BETWEEN).await;
    }
    let counted = load.stop().await;
    world.secrets.stop().await;
    let said = format!("close, open: {counted}, {ROTATIONS} rotations");
    if counted.failed == 0 {
        return Err(format!("{said}: queries that fail are not noticed").into());
    }
    Ok(said)
}

async fn open(world: &World) -> Outcome<Database> {
    let secrets: Arc<Snapshot> = world.secrets.snapshot();
    Ok(Database::open(world.server.clone(), POOL, &secrets).await?)
}
