//! Warehouses.

use crate::Rule::{Json, OneOf, Path};
use crate::Secret;

connections! {
    /// Snowflake.
    Snowflake = "snowflake" {
        account: String,
        username: Option<String>,
        password: Option<Secret>,
        region: Option<String>,
        role: Option<String>,
        database: Option<String>,
        schema: Option<String>,
        warehouse: Option<String>,
        private_key_path: Option<String>,
        private_key: Option<Secret>,
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
        OneOf(&[
            &["service_account_file"],
            &["service_account_json"],
            &["access_token"],
            &["use_application_default_credentials"],
        ]),
        Json("service_account_json"),
        Path("service_account_file"),
    ]
}
