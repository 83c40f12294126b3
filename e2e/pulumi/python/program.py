"""The declaration of ../keyloom.yaml in Python, run by Pulumi's automation API.

Usage: program.py preview|up|destroy STACK [KEY=VALUE of the stack's configuration]...
"""

import sys
from typing import cast

import pulumi
from pulumi import automation

import pulumi_keyloom as keyloom

NAMESPACE = "e2e-pulumi"


def declare() -> None:
    store = keyloom.SecretStore(
        "aws",
        namespace=NAMESPACE,
        provider=keyloom.StoreProvider.AWS,
        aws={
            "service": keyloom.AwsService.SECRETS_MANAGER,
            "region": "us-east-1",
            "auth": {
                "secret_ref": {
                    "access_key_id_secret_ref": {"name": "aws-access", "key": "access-key-id"},
                    "secret_access_key_secret_ref": {"name": "aws-access", "key": "secret-access-key"},
                },
            },
        },
    )
    # Pulumi's Python types tell an output's object from an input's, though one is given as the other.
    secret_store_ref = cast("pulumi.Output[keyloom.SecretStoreRefArgs]", store.ref)
    postgres = keyloom.DatabaseCredentials(
        "postgres",
        namespace=NAMESPACE,
        secret_store_ref=secret_store_ref,
        target_secret_name="postgres-creds",
        path="/databases/postgres",
        keys={"database": "dbname"},
        env_prefix="DB_",
        url={"key": "DATABASE_URL", "scheme": "postgresql"},
    )
    keyloom.ApiKey(
        "stripe",
        namespace=NAMESPACE,
        secret_store_ref=secret_store_ref,
        path="/external/stripe",
        property="secret",
        key_name="STRIPE_API_KEY",
    )
    keyloom.TlsCertificate(
        "app-tls",
        namespace=NAMESPACE,
        secret_store_ref=secret_store_ref,
        refresh_interval="30m",
        labels={"team": "web"},
        path="/certificates/app",
    )
    keyloom.ExternalSecret(
        "external-apis",
        namespace=NAMESPACE,
        secret_store_ref=secret_store_ref,
        target_secret_name="api-credentials",
        data=[
            {"key": "stripe_key", "path": "/payments/stripe"},
            {"key": "twilio_sid", "path": "sms/twilio", "property": "account_sid"},
        ],
        constants={"REGION": "eu"},
    )
    keyloom.ExternalSecret(
        "orders",
        namespace=NAMESPACE,
        secret_store_ref=secret_store_ref,
        connection={
            "name": "my-orders",
            "type": keyloom.ConnectionType.POSTGRES,
            "path": "/connections/orders",
            "env_prefix": "ORDERS_",
            "as_": {"schema": "PGSCHEMA", "ssl_mode": False},
            "url": {"key": "ORDERS_URL"},
        },
    )
    pulumi.export("secretName", postgres.target_secret_name)


def main() -> None:
    verb, stack_name, *settings = sys.argv[1:]
    stack = automation.create_or_select_stack(stack_name=stack_name, project_name="roads", program=declare)
    for setting in settings:
        key, value = setting.split("=", 1)
        stack.set_config(key, automation.ConfigValue(value))
    if verb == "preview":
        stack.preview(on_output=print)
    elif verb == "up":
        stack.up(on_output=print)
    elif verb == "destroy":
        stack.destroy(on_output=print)
    else:
        sys.exit(f"no such verb: {verb}")


if __name__ == "__main__":
    try:
        main()
    except automation.CommandError as error:
        sys.exit(str(error))
