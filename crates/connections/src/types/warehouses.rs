//! Warehouses.

use crate::Literal::Int;
use crate::Rule::{Json, NotBoth, OneOf, Path, Together};
use crate::{Object, Secret};

connections! {
    /// Snowflake.
    Snowflake = "snowflake" {
        account: String,
        username: Option<String>,
        password "Password, or the passphrase of the private key.": Option<Secret>,
        region "Region, such as `eu-central-1`; not needed where the account says it.": Option<String>,
        role: Option<String>,
        database: Option<String>,
        schema: Option<String>,
        warehouse: Option<String>,
        private_key_path: Option<String>,
        private_key "Private key, in PEM; it is used rather than `private_key_path`.": Option<Secret>,
        token: Option<Secret>,
    } [OneOf(&[&["password"], &["private_key"], &["private_key_path"], &["token"]])]

    /// Google Cloud, BigQuery among others.
    GoogleCloudPlatform = "google_cloud_platform" {
        service_account_json: Option<Secret>,
        service_account_file: Option<String>,
        access_token: Option<Secret>,
        project_id: Option<String>,
        location: Option<String>,
        use_application_default_credentials: Option<bool>,
        max_billable_bytes: Option<i64>,
        max_query_cost: Option<f64>,
        max_billable_bytes_soft: Option<i64>,
        max_query_cost_soft: Option<f64>,
    } [
        OneOf(&[&["service_account_file"], &["service_account_json"], &["access_token"], &["use_application_default_credentials"]]),
        Json("service_account_json"),
        Path("service_account_file"),
    ]

    /// Databricks SQL.
    Databricks = "databricks" {
        token: Option<Secret>,
        path "HTTP path of the warehouse, such as `/sql/1.0/warehouses/0123`.": String,
        host: String,
        port: u16 = Int(443),
        catalog: Option<String>,
        schema: Option<String>,
        client_id: Option<String>,
        client_secret: Option<Secret>,
    } [OneOf(&[&["token"], &["client_id", "client_secret"]])]

    /// ClickHouse.
    Clickhouse = "clickhouse" {
        username: String,
        password "Password; none is an empty one.": Option<Secret>,
        host: String,
        port "Port on which the server listens; usually 9000, or 9440 with TLS.": u16,
        database "Name of the database; none is the server's own.": Option<String>,
        http_port "Port of its HTTP interface; usually 8123, or 8443 with TLS.": Option<u16>,
        secure "Whether TLS is used: 1, or 0.": Option<i64>,
    }

    /// Apache Doris.
    Doris = "doris" {
        username: String,
        password: Secret,
        host: String,
        port: u16 = Int(9030),
        database: String,
        driver: Option<String>,
        ssl_ca_path: Option<String>,
        ssl_cert_path: Option<String>,
        ssl_key_path: Option<String>,
    } [Together(&["ssl_cert_path", "ssl_key_path"])]

    /// StarRocks.
    Starrocks = "starrocks" {
        host: String,
        username: String,
        password: Option<Secret>,
        port "Port on which the server listens; usually 9030.": Option<u16>,
        database: Option<String>,
        catalog "Name of an external catalog.": Option<String>,
        ssl "How TLS is used: `true`, or `skip-verify`.": Option<String>,
        http_port "Port of the HTTP interface of a front end; usually 8030.": Option<u16>,
        replication_num: Option<i64>,
    }

    /// Azure Synapse Analytics.
    Synapse = "synapse" {
        username: String,
        password: Secret,
        host: String,
        port: u16 = Int(1433),
        database: String,
        options "Options of the driver, as a query.": Option<String>,
    }

    /// A warehouse of Microsoft Fabric.
    Fabric = "fabric" {
        host: String,
        port: u16 = Int(1433),
        database: String,
        username: Option<String>,
        password: Option<Secret>,
        options "Options of the driver, as a query.": Option<String>,
        use_azure_default_credential: Option<bool>,
        client_id: Option<String>,
        client_secret: Option<Secret>,
        tenant_id: Option<String>,
        lakehouse "The lakehouse: `workspace_id` and `lakehouse_id`.": Option<Object>,
    } [
        OneOf(&[&["client_id", "client_secret"], &["use_azure_default_credential"], &["username", "password"]]),
    ]

    /// Amazon Athena.
    Athena = "athena" {
        access_key_id: Option<Secret>,
        secret_access_key: Option<Secret>,
        session_token: Option<Secret>,
        query_results_path: String,
        region "Region of AWS, such as `eu-west-1`.": Option<String>,
        database: Option<String>,
        profile: Option<String>,
    } [
        OneOf(&[&["profile"], &["access_key_id", "secret_access_key"]]),
        NotBoth(&["profile"], &["access_key_id", "secret_access_key"]),
    ]

    /// MotherDuck.
    Motherduck = "motherduck" {
        token: Secret,
        database: Option<String>,
    }
}
