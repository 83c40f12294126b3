//! Stores of files.

use crate::Rule::{Json, OneOf, Path, Together};
use crate::Secret;

connections! {
    /// Amazon S3, or a store that speaks like it.
    S3 = "s3" {
        bucket_name: Option<String>,
        path_to_file: Option<String>,
        access_key_id "Id of the access key.": Secret,
        secret_access_key: Secret,
        endpoint_url: Option<String>,
        layout: Option<String>,
    }

    /// Google Cloud Storage.
    Gcs = "gcs" {
        service_account_file: Option<String>,
        service_account_json: Option<Secret>,
        use_application_default_credentials: Option<bool>,
        bucket_name: Option<String>,
        path_to_file: Option<String>,
        layout: Option<String>,
    } [
        OneOf(&[&["service_account_file"], &["service_account_json"], &["use_application_default_credentials"]]),
        Json("service_account_json"),
        Path("service_account_file"),
    ]

    /// Azure Data Lake Storage.
    Adls = "adls" {
        account_name: String,
        tenant_id: Option<String>,
        client_id: Option<String>,
        client_secret: Option<Secret>,
        account_key: Option<Secret>,
        sas_token: Option<Secret>,
        layout: Option<String>,
    } [Together(&["tenant_id", "client_id", "client_secret"])]

    /// A server of SFTP.
    Sftp = "sftp" {
        host: String,
        port "Port on which the server listens; usually 22.": u16,
        username: String,
        password: Secret,
    }

    /// A file of comma-separated values.
    Csv = "csv" {
        path "Path of the file.": String,
        encoding: Option<String>,
        layout: Option<String>,
    }

    /// A file at an address.
    Http = "http" {
        url "Address of the file, with `http` or `https`.": String,
    }

    /// Airtable.
    Airtable = "airtable" {
        base_id: Option<String>,
        access_token: Secret,
    }

    /// Google Sheets.
    GoogleSheets = "google_sheets" {
        service_account_json: Option<Secret>,
        service_account_file: Option<String>,
    } [
        OneOf(&[&["service_account_file"], &["service_account_json"]]),
        Json("service_account_json"),
        Path("service_account_file"),
    ]

    /// Smartsheet.
    Smartsheet = "smartsheet" {
        access_token: Secret,
        smartsheet_id: Option<String>,
    }

    /// A document library of SharePoint.
    Sharepoint = "sharepoint" {
        tenant_id: String,
        client_id: String,
        client_secret: Secret,
        hostname: String,
        site "Name of the site.": String,
        library: Option<String>,
        max_file_size: Option<i64>,
        max_files: Option<i64>,
        download_timeout: Option<String>,
    }
}
