//! Engines that read lakes, and their catalogs.

use std::collections::BTreeMap;

use crate::Rule::{Json, NotBoth, OneOf, Path};
use crate::{Object, Secret};

connections! {
    /// DuckDB: a file, or a lakehouse.
    DuckDb = "duckdb" {
        path "Path of the file.": Option<String>,
        read_only: Option<bool>,
        lakehouse "The lakehouse: its `format`, catalog and storage.": Option<Object>,
    } [OneOf(&[&["path"], &["lakehouse"]])]

    /// Trino.
    Trino = "trino" {
        host: String,
        port "Port on which the server listens; usually 8080, or 443 with TLS.": u16,
        username: String,
        password: Option<Secret>,
        catalog: Option<String>,
        schema: Option<String>,
    }

    /// Dremio.
    Dremio = "dremio" {
        host: String,
        port "Port on which the server listens; usually 32010.": u16,
        username: Option<String>,
        password: Option<Secret>,
        token: Option<Secret>,
        database: Option<String>,
        tls: Option<bool>,
        tls_skip_verify: Option<bool>,
    } [NotBoth(&["token"], &["username", "password"])]

    /// Sail, which speaks Spark SQL.
    Sail = "sail" {
        host: String,
        port "Port on which the server listens; usually 50051.": u16,
        username: Option<String>,
        password: Option<Secret>,
        token: Option<Secret>,
        database: Option<String>,
        tls: Option<bool>,
        tls_skip_verify: Option<bool>,
    } [NotBoth(&["token"], &["username", "password"])]

    /// Apache Spark, by Spark Connect or Thrift.
    Spark = "spark" {
        uri: Secret,
        catalog: Option<String>,
        ingest_location: Option<String>,
        ingest_staging_area: Option<String>,
        options "Options of the session, by name.": Option<BTreeMap<String, Secret>>,
    }

    /// Tables of Apache Iceberg.
    Iceberg = "iceberg" {
        catalog_name: Option<String>,
        catalog "The catalog: its `type`, where it is, and how to log in.": Object,
        storage: Option<Object>,
        create_namespace: Option<bool>,
        table_location: Option<String>,
        table_path: Option<String>,
        table_properties: Option<BTreeMap<String, String>>,
        properties: Option<BTreeMap<String, String>>,
    }

    /// OneLake of Microsoft Fabric.
    OneLake = "onelake" {
        workspace_name: String,
        lakehouse_name: String,
        tenant_id: Option<String>,
        client_id: Option<String>,
        client_secret: Option<Secret>,
        sas_token: Option<Secret>,
        use_azure_default_credential: Option<bool>,
    } [
        OneOf(&[&["tenant_id", "client_id", "client_secret"], &["sas_token"], &["use_azure_default_credential"]]),
        NotBoth(&["tenant_id", "client_id", "client_secret"], &["sas_token", "use_azure_default_credential"]),
        NotBoth(&["sas_token"], &["use_azure_default_credential"]),
    ]

    /// Amazon EMR Serverless.
    EmrServerless = "emr_serverless" {
        access_key: Secret,
        secret_key: Secret,
        application_id: String,
        execution_role "ARN of the role as which runs are made.": String,
        region "Region of AWS, such as `eu-west-1`.": String,
        workspace "Where files of runs are kept, such as `s3://bucket/path`.": Option<String>,
    }

    /// Google Cloud Dataproc Serverless.
    DataprocServerless = "dataproc_serverless" {
        service_account_json: Option<Secret>,
        service_account_file: Option<String>,
        use_application_default_credentials: Option<bool>,
        project_id: String,
        region "Region of Google Cloud, such as `europe-west1`.": String,
        workspace "Where files of runs are kept, such as `gs://bucket/path`.": String,
        execution_role "Service account as which runs are made.": Option<String>,
        subnetwork_uri: Option<String>,
        network_tags: Option<Vec<String>>,
        kms_key: Option<String>,
        staging_bucket: Option<String>,
        metastore_service: Option<String>,
    } [
        OneOf(&[&["service_account_json"], &["service_account_file"], &["use_application_default_credentials"]]),
        Json("service_account_json"),
        Path("service_account_file"),
    ]
}
