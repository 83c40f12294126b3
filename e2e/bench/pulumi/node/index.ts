// The peer of `cargo xtask bench pulumi` in Node: the component ExternalSecret in Pulumi's official host.
//
// It registers the very resources that Keyloom's plugin registers; the bench compares them before it measures. It is
// compiled before it runs, so that no time goes to a compiler.

import * as pulumi from "@pulumi/pulumi";
import { componentProviderHost } from "@pulumi/pulumi/provider/experimental";

export interface SecretStoreRef {
  name: pulumi.Input<string>;
  kind: pulumi.Input<string>;
  provider: pulumi.Input<string>;
  service?: pulumi.Input<string>;
}

export interface SecretReference {
  key: pulumi.Input<string>;
  path: pulumi.Input<string>;
  property: pulumi.Input<string>;
}

export interface ExternalSecretArgs {
  namespace: pulumi.Input<string>;
  secretStoreRef: pulumi.Input<SecretStoreRef>;
  refreshInterval: pulumi.Input<string>;
  targetSecretName: pulumi.Input<string>;
  data: pulumi.Input<pulumi.Input<SecretReference>[]>;
}

export class ExternalSecret extends pulumi.ComponentResource {
  public readonly namespace: pulumi.Output<string>;
  public readonly targetSecretName: pulumi.Output<string>;

  constructor(name: string, args: ExternalSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("keyloom:index:ExternalSecret", name, args as unknown as pulumi.Inputs, opts);
    new Child("kubernetes:external-secrets.io/v1:ExternalSecret", name, manifest(name, args), { parent: this });
    this.namespace = pulumi.output(args.namespace);
    this.targetSecretName = pulumi.output(args.targetSecretName);
    this.registerOutputs({ namespace: this.namespace, targetSecretName: this.targetSecretName });
  }
}

class Child extends pulumi.CustomResource {}

function manifest(name: string, args: ExternalSecretArgs): pulumi.Inputs {
  const store = pulumi.output(args.secretStoreRef);
  return {
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    metadata: { name, namespace: args.namespace },
    spec: {
      secretStoreRef: { name: store.name, kind: store.kind },
      // Whole minutes are all that the inputs have.
      refreshInterval: pulumi.output(args.refreshInterval).apply((written) => `${written}0s`),
      target: { name: args.targetSecretName, creationPolicy: "Owner", deletionPolicy: "Retain" },
      data: pulumi.output(args.data).apply((data) => data.map(entry)),
    },
  };
}

function entry(reference: { key: string; path: string; property: string }) {
  return { secretKey: reference.key, remoteRef: { key: reference.path, property: reference.property } };
}

componentProviderHost({ name: "keyloom", components: [ExternalSecret], dirname: __dirname });
