//! Databases.

use crate::Literal::{Int, Text};
use crate::Secret;

connections! {
    /// PostgreSQL.
    Postgres = "postgres" {
        username: String,
        password: Secret,
        host: String,
        port: u16 = Int(5432),
        database: String,
        schema: Option<String>,
        pool_max_conns: i64 = Int(10),
        ssl_mode: String = Text("allow"),
    }

    /// MongoDB.
    Mongo = "mongo" {
        username: String,
        password: Secret,
        host: String,
        port: u16 = Int(27017),
        database: Option<String>,
    }
}
