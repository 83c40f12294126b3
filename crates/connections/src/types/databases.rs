//! Databases of rows and SQL.

use crate::Literal::{Int, Text};
use crate::Rule::{AtLeast, Json, OneOf, Path, Together, Word};
use crate::Secret;
use crate::kind::SSL_MODES;

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
    } [AtLeast("pool_max_conns", 1), Word("ssl_mode", SSL_MODES)]

    /// Amazon Redshift.
    Redshift = "redshift" {
        username: String,
        password: Secret,
        host: String,
        port: u16 = Int(5439),
        database: String,
        schema: Option<String>,
        ssl_mode: String = Text("allow"),
    } [Word("ssl_mode", SSL_MODES)]

    /// MySQL.
    Mysql = "mysql" {
        username: String,
        password: Secret,
        host: String,
        port: u16 = Int(3306),
        database: String,
        driver: Option<String>,
        ssl_ca_path: Option<String>,
        ssl_cert_path: Option<String>,
        ssl_key_path: Option<String>,
    } [Together(&["ssl_cert_path", "ssl_key_path"])]

    /// Microsoft SQL Server.
    Mssql = "mssql" {
        username: String,
        password: Secret,
        host: String,
        port: u16 = Int(1433),
        database: String,
        options "Options of the driver, as a query.": Option<String>,
    }

    /// Oracle Database.
    Oracle = "oracle" {
        username: String,
        password: Secret,
        host: String,
        port "Port on which the server listens, as a text; usually `1521`.": Option<String>,
        service_name: Option<String>,
        sid: Option<String>,
        role "Privilege with which the session begins, such as `SYSDBA`.": Option<String>,
        ssl: Option<bool>,
        ssl_verify "Whether the server's certificate is checked.": Option<bool>,
        prefetch_rows: Option<i64>,
        trace_file: Option<String>,
        wallet: Option<String>,
    } [OneOf(&[&["service_name"], &["sid"]])]

    /// IBM Db2.
    Db2 = "db2" {
        username: String,
        password: Secret,
        host: String,
        port "Port on which the server listens, as a text; usually `50000`.": Option<String>,
        database: String,
    }

    /// SAP HANA.
    Hana = "hana" {
        username: String,
        password: Secret,
        host: String,
        port "Port on which the server listens; usually 30015, or 443 in HANA Cloud.": Option<u16>,
        database "Name of the database (tenant).": String,
    }

    /// Vertica.
    Vertica = "vertica" {
        username: String,
        password: Secret,
        host: String,
        port: u16 = Int(5433),
        database: String,
        schema: Option<String>,
    }

    /// CrateDB.
    CrateDb = "cratedb" {
        username: String,
        password: Secret,
        host: String,
        port: u16 = Int(5432),
        ssl_mode "How TLS is used, such as `require`.": Option<String>,
    } [Word("ssl_mode", SSL_MODES)]

    /// PlanetScale, which speaks MySQL.
    PlanetscaleMysql = "planetscale_mysql" {
        username: String,
        password: Secret,
        host: String,
        port: u16 = Int(3306),
        database: String,
    }

    /// Vitess, by its gate (vtgate).
    Vitess = "vitess" {
        username: String,
        password: Secret,
        host: String,
        port: u16 = Int(15306),
        database "Name of the keyspace.": String,
        grpc_port: Option<u16>,
        grpc_host: Option<String>,
        grpc_tls: Option<bool>,
        ssl_ca_path: Option<String>,
        ssl_cert_path: Option<String>,
        ssl_key_path: Option<String>,
    } [Together(&["ssl_cert_path", "ssl_key_path"])]

    /// Google Cloud Spanner.
    Spanner = "spanner" {
        project_id: String,
        instance_id: String,
        database: String,
        service_account_json: Option<Secret>,
        service_account_file: Option<String>,
    } [
        OneOf(&[&["service_account_json"], &["service_account_file"]]),
        Json("service_account_json"),
        Path("service_account_file"),
    ]

    /// A file of SQLite.
    Sqlite = "sqlite" {
        path "Path of the file.": String,
    }
}
