//! Databases of documents, keys, columns and times.

use crate::Literal::{Int, Text};
use crate::Rule::OneOf;
use crate::Secret;

connections! {
    /// MongoDB.
    Mongo = "mongo" {
        username: String,
        password: Secret,
        host: String,
        port: u16 = Int(27017),
        database: Option<String>,
    }

    /// MongoDB Atlas, which is found by its name and has no port.
    MongoAtlas = "mongo_atlas" {
        username: String,
        password: Secret,
        host "Host name of the cluster, without a port.": String,
        database: Option<String>,
    }

    /// Couchbase.
    Couchbase = "couchbase" {
        username: String,
        password: Secret,
        host: String,
        bucket "Name of the bucket.": Option<String>,
        ssl: Option<bool>,
    }

    /// Apache Cassandra.
    Cassandra = "cassandra" {
        username: Option<String>,
        password: Option<Secret>,
        host: Option<String>,
        hosts: Option<Vec<String>>,
        port: u16 = Int(9042),
        keyspace: Option<String>,
        consistency: Option<String>,
        page_size: Option<i64>,
        timeout "How long an answer is waited for, such as `10s`.": Option<String>,
        connect_timeout "How long a connection is waited for, such as `5s`.": Option<String>,
        ssl: Option<bool>,
        disable_initial_host_lookup: Option<bool>,
    } [OneOf(&[&["host"], &["hosts"]])]

    /// Amazon DynamoDB.
    DynamoDb = "dynamodb" {
        access_key_id: Secret,
        secret_access_key: Secret,
        region "Region of AWS, such as `eu-west-1`.": String,
    }

    /// Elasticsearch.
    Elasticsearch = "elasticsearch" {
        username: Option<String>,
        password: Option<Secret>,
        host: String,
        port "Port on which the server listens; usually 9200.": u16,
        secure "Whether TLS is used, as a text: `true` or `false`.": String = Text("true"),
        verify_certs: String = Text("true"),
    }

    /// InfluxDB.
    InfluxDb = "influxdb" {
        host: String,
        port "Port on which the server listens; usually 8086.": Option<u16>,
        token: Secret,
        org: String,
        bucket "Name of the bucket.": String,
        secure "Whether TLS is used, as a text: `true` or `false`.": String = Text("true"),
    }
}
