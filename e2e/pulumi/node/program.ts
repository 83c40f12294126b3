// The declaration of ../keyloom.yaml in TypeScript, run by Pulumi's automation API.
//
// Usage: node program.js preview|up|destroy STACK [KEY=VALUE of the stack's configuration]...
import { InlineProgramArgs, LocalWorkspace } from "@pulumi/pulumi/automation";

import * as keyloom from "./sdk";

async function declare() {
    const namespace = "e2e-pulumi";
    const store = new keyloom.SecretStore("aws", {
        namespace,
        provider: "aws",
        aws: {
            service: "SecretsManager",
            region: "us-east-1",
            auth: {
                secretRef: {
                    accessKeyIDSecretRef: { name: "aws-access", key: "access-key-id" },
                    secretAccessKeySecretRef: { name: "aws-access", key: "secret-access-key" },
                },
            },
        },
    });
    const secretStoreRef = store.ref;
    const postgres = new keyloom.DatabaseCredentials("postgres", {
        namespace,
        secretStoreRef,
        targetSecretName: "postgres-creds",
        path: "/databases/postgres",
        keys: { database: "dbname" },
        envPrefix: "DB_",
        url: { key: "DATABASE_URL", scheme: "postgresql" },
    });
    new keyloom.ApiKey("stripe", {
        namespace,
        secretStoreRef,
        path: "/external/stripe",
        property: "secret",
        keyName: "STRIPE_API_KEY",
    });
    new keyloom.TlsCertificate("app-tls", {
        namespace,
        secretStoreRef,
        refreshInterval: "30m",
        labels: { team: "web" },
        path: "/certificates/app",
    });
    new keyloom.ExternalSecret("external-apis", {
        namespace,
        secretStoreRef,
        targetSecretName: "api-credentials",
        data: [
            { key: "stripe_key", path: "/payments/stripe" },
            { key: "twilio_sid", path: "sms/twilio", property: "account_sid" },
        ],
        constants: { REGION: "eu" },
    });
    new keyloom.ExternalSecret("orders", {
        namespace,
        secretStoreRef,
        connection: {
            name: "my-orders",
            type: "postgres",
            path: "/connections/orders",
            envPrefix: "ORDERS_",
            as: { schema: "PGSCHEMA", ssl_mode: false },
            url: { key: "ORDERS_URL" },
        },
    });
    return { secretName: postgres.targetSecretName };
}

async function main() {
    const [verb, stackName, ...settings] = process.argv.slice(2);
    const args: InlineProgramArgs = { stackName, projectName: "roads", program: declare };
    const stack = await LocalWorkspace.createOrSelectStack(args);
    for (const setting of settings) {
        const at = setting.indexOf("=");
        await stack.setConfig(setting.slice(0, at), { value: setting.slice(at + 1) });
    }
    const onOutput = (text: string) => process.stdout.write(text);
    switch (verb) {
        case "preview":
            return stack.preview({ onOutput });
        case "up":
            return stack.up({ onOutput });
        case "destroy":
            return stack.destroy({ onOutput });
        default:
            throw new Error(`no such verb: ${verb}`);
    }
}

main().catch(error => {
    console.error(error.message);
    process.exitCode = 1;
});
