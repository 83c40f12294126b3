//! Names of attributes in the two spellings: Terraform's own, and the one of JSON and of Pulumi's bridge.

/// An attribute in camelCase: `connection_id` is `connectionId`.
pub fn camel(snake: &str) -> String {
    let mut camel = String::with_capacity(snake.len());
    let mut upper = false;
    for c in snake.chars() {
        match c {
            '_' => upper = true,
            c if std::mem::take(&mut upper) => camel.push(c.to_ascii_uppercase()),
            c => camel.push(c),
        }
    }
    camel
}

/// An attribute as Terraform spells it: `roleArn` is `role_arn`.
pub fn snake(camel: &str) -> String {
    let mut snake = String::with_capacity(camel.len() + 4);
    for c in camel.chars() {
        if c.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_bridge() {
        for (terraform, pulumi) in [
            ("connection_id", "connectionId"),
            ("app_connection_1password", "appConnection1password"),
            ("aws_secrets_manager_secret_name", "awsSecretsManagerSecretName"),
            ("name", "name"),
        ] {
            assert_eq!(camel(terraform), pulumi);
        }
    }

    #[test]
    fn spellings_lead_to_each_other() {
        for (document, provider) in
            [("roleArn", "role_arn"), ("awsKmsKeyId", "aws_kms_key_id"), ("host", "host")]
        {
            assert_eq!(snake(document), provider);
            assert_eq!(camel(provider), document);
        }
    }
}
