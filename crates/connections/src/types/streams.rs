//! Streams and queues.

use crate::Secret;

connections! {
    /// Apache Kafka.
    Kafka = "kafka" {
        bootstrap_servers: String,
        group_id: String,
        security_protocol: Option<String>,
        sasl_mechanisms: Option<String>,
        sasl_username: Option<String>,
        sasl_password: Option<Secret>,
        batch_size "How many messages are read at once, as a text.": Option<String>,
        batch_timeout "How many seconds a batch is waited for, as a text.": Option<String>,
    }

    /// Amazon Kinesis.
    Kinesis = "kinesis" {
        access_key_id: Secret,
        secret_access_key: Secret,
        region "Region of AWS, such as `eu-west-1`.": String,
    }

    /// RabbitMQ.
    RabbitMq = "rabbitmq" {
        host: String,
        port "Port on which the server listens; usually 5672, or 5671 with TLS.": Option<u16>,
        username: String,
        password: Secret,
        vhost: Option<String>,
        tls: Option<bool>,
    }
}
