//! What fields are, once for all types that have them.

/// Makes `about!(FIELD)`, which is the words of a field as a literal; a field without words does not compile.
macro_rules! glossary {
    ($( $name:ident: $words:literal, )*) => {
        macro_rules! about {
            $( ($name) => { $words }; )*
        }
        pub(crate) use about;
    };
}

glossary! {
    access_token: "Access token.",
    client_id: "Client id.",
    client_secret: "Client secret.",
    account: "Account.",
    database: "Name of the database.",
    host: "Host name or address.",
    location: "Location of the data.",
    max_billable_bytes: "How many bytes a query may be billed for at most.",
    max_billable_bytes_soft: "From how many billed bytes on a query is warned of.",
    max_query_cost: "What a query may cost at most.",
    max_query_cost_soft: "From which cost on a query is warned of.",
    password: "Password.",
    pool_max_conns: "How many connections a pool holds at most.",
    port: "Port.",
    private_key: "Private key, in PEM.",
    private_key_path: "Path of a file with the private key.",
    project_id: "Id of the project.",
    region: "Region.",
    role: "Role.",
    schema: "Name of the schema.",
    service_account_file: "Path of a file with the key of a service account.",
    service_account_json: "Key of a service account, as JSON.",
    ssl_mode: "How TLS is used, such as `require`.",
    token: "Token.",
    use_application_default_credentials: "Whether the credentials of the environment are used (Application Default Credentials).",
    username: "Name of the user.",
    value: "The value.",
    warehouse: "Name of the warehouse.",
}
