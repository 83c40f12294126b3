"""A component with a field that there is not, one that is missing, a wrong type, a bad word and two login methods. It goes
by no SDK, which would refuse it before the plugin sees it.

Usage: bad_inputs.py STACK [KEY=VALUE of the stack's configuration]...
"""

import sys
from typing import Any

import pulumi
from pulumi import automation


class Untyped(pulumi.ComponentResource):
    def __init__(self, kind: str, name: str, inputs: dict[str, Any]) -> None:
        super().__init__(f"keyloom:index:{kind}", name, inputs, remote=True)


def declare() -> None:
    reference = {"name": "id", "key": "key"}
    Untyped(
        "SecretStore",
        "app",
        {
            "provider": "infisical",
            "infisical": {
                "projectSlug": ["shop"],
                "caProvider": {"type": "Secrt", "name": "ca", "key": "ca.crt"},
                "auth": {
                    "universalAuth": {"clientId": reference, "clientSecret": reference},
                    "tokenAuth": {"accessToken": reference},
                },
            },
            "clusterScopd": True,
        },
    )


def main() -> None:
    stack_name, *settings = sys.argv[1:]
    stack = automation.create_or_select_stack(stack_name=stack_name, project_name="bad", program=declare)
    for setting in settings:
        key, value = setting.split("=", 1)
        stack.set_config(key, automation.ConfigValue(value))
    stack.preview(on_output=print)


if __name__ == "__main__":
    try:
        main()
    except automation.CommandError as error:
        sys.exit(str(error))
