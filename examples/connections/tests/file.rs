//! The same connections from a file, as on the machine of whoever writes the application.

use std::io::Write;

use keyloom_connections::Postgres;
use keyloom_example_connections::describe;
use keyloom_runtime::connections::{Connections, File};

#[tokio::test]
async fn the_example_reads_them_from_a_file_too() {
    // A temporary file is its owner's alone, which one in a checkout is not.
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(include_bytes!("../connections.json")).unwrap();
    let connections = Connections::new(File::new(file.path()));
    assert_eq!(
        describe(&connections).await.unwrap(),
        [
            "my-snowflake: account my-account, warehouse my-warehouse",
            "my-bigquery: project my-gcp-project",
            "my-secret: 15 characters",
        ]
    );
    let postgres: Postgres = connections.get("my-postgres").await.unwrap();
    assert_eq!(
        (postgres.host.as_str(), postgres.port, postgres.schema.as_deref()),
        ("localhost", 5432, Some("public"))
    );
}
