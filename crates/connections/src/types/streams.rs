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
        region: String,
    }

    /// RabbitMQ.
    RabbitMq = "rabbitmq" {
        host: String,
        port "Port; without it that of AMQP, or of AMQP over TLS.": Option<u16>,
        username: String,
        password: Secret,
        vhost: Option<String>,
        tls: Option<bool>,
    }
}
