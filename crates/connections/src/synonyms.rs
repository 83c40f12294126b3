//! Words that are written for others: what other tools call the same thing.

/// Fields that mean the same, without the characters that join words; the ones that a kind has are suggested for the others.
const FIELDS: [&[&str]; 27] = [
    &["username", "user", "login", "uid", "userid", "dbuser"],
    &["password", "pass", "passwd", "pwd", "pw", "secret", "dbpassword", "passcode"],
    &["database", "dbname", "db", "databasename", "initialcatalog", "keyspace", "dataset"],
    &["host", "hostname", "server", "servername", "address", "addr", "endpoint", "account", "hosts"],
    &["port", "portnumber"],
    &["sslmode", "ssl", "tls", "tlsmode", "usessl", "usetls", "secure"],
    &["schema", "schemaname", "searchpath", "currentschema"],
    &["poolmaxconns", "maxconns", "maxconnections", "poolsize", "maxpoolsize"],
    &[
        "apikey",
        "apitoken",
        "accesstoken",
        "token",
        "key",
        "bearertoken",
        "authtoken",
        "personalapikey",
        "secretkey",
    ],
    &["accesskeyid", "accesskey", "awsaccesskeyid", "keyid"],
    &["secretaccesskey", "secretkey", "awssecretaccesskey"],
    &["sessiontoken", "awssessiontoken"],
    &["region", "awsregion", "regionname", "defaultregion"],
    &["serviceaccountjson", "credentialsjson", "credentials", "keyjson", "keyfilejson"],
    &["serviceaccountfile", "credentialsfile", "credentialspath", "keyfile", "keypath", "keyfilepath"],
    &["useapplicationdefaultcredentials", "useadc", "adc"],
    &["projectid", "project", "gcpproject"],
    &["location", "dataregion"],
    &["privatekeypath", "privatekeyfile", "keyfile", "keypath"],
    &["bucketname", "bucket"],
    &["tenantid", "tenant"],
    &["url", "uri", "baseurl", "endpointurl", "link"],
    &["path", "file", "filepath", "filename", "httppath"],
    &["clientid", "appid", "applicationid"],
    &["clientsecret", "appsecret"],
    &["bootstrapservers", "brokers", "servers"],
    &["subdomain", "domain", "site", "instance"],
];

/// Words of other tools, and the type that they mean; they are no aliases, for Bruin does not know them.
const TYPES: [(&str, &str); 22] = [
    ("alloydb", "postgres"),
    ("azuredatalake", "adls"),
    ("azuresql", "mssql"),
    ("bigquery", "google_cloud_platform"),
    ("bq", "google_cloud_platform"),
    ("cockroachdb", "postgres"),
    ("elastic", "elasticsearch"),
    ("gcp", "google_cloud_platform"),
    ("googlecloud", "google_cloud_platform"),
    ("googlecloudstorage", "gcs"),
    ("gsheets", "google_sheets"),
    ("mariadb", "mysql"),
    ("microsoftsqlserver", "mssql"),
    ("mongodbatlas", "mongo_atlas"),
    ("pg", "postgres"),
    ("pgsql", "postgres"),
    ("planetscale", "planetscale_mysql"),
    ("postgresql", "postgres"),
    ("psql", "postgres"),
    ("secret", "generic"),
    ("sheets", "google_sheets"),
    ("sqlserver", "mssql"),
];

/// The field, of those that there are, that another word means; both without the characters that join words.
pub(crate) fn field<'a>(word: &str, known: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    let fold = crate::suggest::fold;
    FIELDS
        .iter()
        .filter(|group| group.contains(&word))
        .find_map(|group| group.iter().find_map(|other| known.clone().find(|known| fold(known) == *other)))
}

/// The type that another word means, without the characters that join words.
pub(crate) fn kind(word: &str) -> Option<&'static str> {
    TYPES.iter().find(|(other, _)| *other == word).map(|(_, meant)| *meant)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::Kind;

    #[test]
    fn what_is_meant_exists() {
        let fields: Vec<_> =
            Kind::all().flat_map(|kind| kind.fields).map(|field| crate::suggest::fold(field.name)).collect();
        for group in FIELDS {
            assert!(group.iter().any(|word| fields.iter().any(|field| field == word)), "{group:?}");
        }
        for (word, meant) in TYPES {
            assert!(Kind::of(meant).is_some() && Kind::of(word).is_none(), "{word}");
        }
        assert!(TYPES.is_sorted());
    }

    #[test]
    fn words_of_other_tools() {
        let postgres = Kind::of("postgres").unwrap();
        for (written, meant) in [
            ("user", "username"),
            ("userName", "username"),
            ("pwd", "password"),
            ("dbname", "database"),
            ("hostname", "host"),
            ("sslmode", "ssl_mode"),
            ("pasword", "password"),
            ("maxConnections", "pool_max_conns"),
        ] {
            assert_eq!(postgres.suggest_field(written), Some(meant), "{written}");
        }
        assert_eq!(postgres.suggest_field("banana"), None);
        assert_eq!(Kind::of("jira").unwrap().suggest_field("apiKey"), Some("api_token"));
        assert_eq!(Kind::suggest("PostgreSQL"), Some("postgres"));
        assert_eq!(Kind::suggest("Postgres"), Some("postgres"));
        assert_eq!(Kind::suggest("BigQuery"), Some("google_cloud_platform"));
    }
}
