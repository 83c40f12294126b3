// Credentials from the stack's configuration, and Outputs where a text is written. It is compiled; `program.ts` is run.
import * as pulumi from "@pulumi/pulumi";

import * as keyloom from "./sdk";

export function declare(kubernetes: pulumi.ProviderResource, namespace: pulumi.Output<string>) {
    const config = new pulumi.Config();
    const store = new keyloom.SecretStore(
        "infisical",
        {
            namespace,
            provider: "infisical",
            infisical: {
                projectSlug: "web-shop",
                environment: pulumi.getStack(),
                auth: {
                    universalAuth: {
                        clientId: { value: config.requireSecret("clientId") },
                        clientSecret: { value: config.requireSecret("clientSecret") },
                    },
                },
            },
        },
        { providers: [kubernetes], protect: true },
    );
    new keyloom.ApiKey("stripe", {
        namespace,
        secretStoreRef: store.ref,
        path: pulumi.interpolate`/payments/${namespace}/stripe`,
        keyName: "STRIPE_API_KEY",
    });
    // A store that is made elsewhere.
    new keyloom.TlsCertificate("app-tls", {
        namespace,
        secretStoreRef: { name: "platform", kind: "ClusterSecretStore", provider: "vault", path: "kv" },
        path: "certificates/app",
    });
}
