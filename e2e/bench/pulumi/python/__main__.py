"""The peer of `cargo xtask bench pulumi` in Python: the component ExternalSecret in Pulumi's official host.

It registers the very resources that Keyloom's plugin registers; the bench compares them before it measures.
"""

from typing import Any, Optional, TypedDict

import pulumi
from pulumi.provider.experimental import component_provider_host


class SecretStoreRef(TypedDict):
    name: pulumi.Input[str]
    kind: pulumi.Input[str]
    provider: pulumi.Input[str]
    service: Optional[pulumi.Input[str]]


class SecretReference(TypedDict):
    key: pulumi.Input[str]
    path: pulumi.Input[str]
    property: pulumi.Input[str]


class ExternalSecretArgs(TypedDict):
    namespace: pulumi.Input[str]
    secretStoreRef: pulumi.Input[SecretStoreRef]
    refreshInterval: pulumi.Input[str]
    targetSecretName: pulumi.Input[str]
    data: pulumi.Input[list[SecretReference]]


class ExternalSecret(pulumi.ComponentResource):
    namespace: pulumi.Output[str]
    targetSecretName: pulumi.Output[str]

    def __init__(
        self, name: str, args: ExternalSecretArgs, opts: Optional[pulumi.ResourceOptions] = None
    ) -> None:
        super().__init__("keyloom:index:ExternalSecret", name, dict(args), opts)
        pulumi.CustomResource(
            "kubernetes:external-secrets.io/v1:ExternalSecret",
            name,
            manifest(name, args),
            pulumi.ResourceOptions(parent=self),
        )
        self.namespace = pulumi.Output.from_input(args["namespace"])
        self.targetSecretName = pulumi.Output.from_input(args["targetSecretName"])
        self.register_outputs({"namespace": self.namespace, "targetSecretName": self.targetSecretName})


def manifest(name: str, args: ExternalSecretArgs) -> dict[str, Any]:
    store = pulumi.Output.from_input(args["secretStoreRef"])
    return {
        "apiVersion": "external-secrets.io/v1",
        "kind": "ExternalSecret",
        "metadata": {"name": name, "namespace": args["namespace"]},
        "spec": {
            "secretStoreRef": {"name": store["name"], "kind": store["kind"]},
            "refreshInterval": pulumi.Output.from_input(args["refreshInterval"]).apply(duration),
            "target": {
                "name": args["targetSecretName"],
                "creationPolicy": "Owner",
                "deletionPolicy": "Retain",
            },
            "data": pulumi.Output.from_input(args["data"]).apply(lambda data: [entry(it) for it in data]),
        },
    }


def duration(written: str) -> str:
    """Whole minutes are all that the inputs have."""
    return written + "0s"


def entry(reference: SecretReference) -> dict[str, Any]:
    return {
        "secretKey": reference["key"],
        "remoteRef": {"key": reference["path"], "property": reference["property"]},
    }


if __name__ == "__main__":
    component_provider_host([ExternalSecret], "keyloom")
