"""Credentials from the stack's configuration, and Outputs where a text is written. Its types are checked; `program.py` is run."""

from typing import cast

import pulumi

import pulumi_keyloom as keyloom


def declare(kubernetes: pulumi.ProviderResource, namespace: pulumi.Output[str]) -> None:
    config = pulumi.Config()
    store = keyloom.SecretStore(
        "infisical",
        namespace=namespace,
        provider=keyloom.StoreProvider.INFISICAL,
        infisical={
            "project_slug": "web-shop",
            "environment": pulumi.get_stack(),
            "auth": {
                "universal_auth": {
                    "client_id": {"value": config.require_secret("clientId")},
                    "client_secret": {"value": config.require_secret("clientSecret")},
                },
            },
        },
        opts=pulumi.ResourceOptions(providers=[kubernetes], protect=True),
    )
    # Pulumi's Python types tell an output's object from an input's, though one is given as the other.
    secret_store_ref = cast("pulumi.Output[keyloom.SecretStoreRefArgs]", store.ref)
    keyloom.ApiKey(
        "stripe",
        namespace=namespace,
        secret_store_ref=secret_store_ref,
        path=pulumi.Output.concat("/payments/", namespace, "/stripe"),
        key_name="STRIPE_API_KEY",
    )
    # A store that is made elsewhere.
    keyloom.TlsCertificate(
        "app-tls",
        namespace=namespace,
        secret_store_ref={
            "name": "platform",
            "kind": "ClusterSecretStore",
            "provider": "vault",
            "path": "kv",
        },
        path="certificates/app",
    )
