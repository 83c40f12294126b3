package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"

	"github.com/keyloom/keyloom/sdk/go/keyloom"
)

// Credentials from the stack's configuration, and Outputs where a text is written. It is compiled; `declare` is run.
func credentials(ctx *pulumi.Context, kubernetes pulumi.ProviderResource, namespace pulumi.StringOutput) error {
	secrets := config.New(ctx, "")
	store, err := keyloom.NewSecretStore(ctx, "infisical", &keyloom.SecretStoreArgs{
		Namespace: namespace,
		Provider:  keyloom.StoreProviderInfisical,
		Infisical: &keyloom.InfisicalConfigArgs{
			ProjectSlug: pulumi.String("web-shop"),
			Environment: pulumi.String(ctx.Stack()),
			Auth: keyloom.InfisicalAuthArgs{
				UniversalAuth: &keyloom.UniversalAuthArgs{
					ClientId:     keyloom.SecretKeySelectorArgs{Value: secrets.RequireSecret("clientId")},
					ClientSecret: keyloom.SecretKeySelectorArgs{Value: secrets.RequireSecret("clientSecret")},
				},
			},
		},
	}, pulumi.Providers(kubernetes), pulumi.Protect(true))
	if err != nil {
		return err
	}
	_, err = keyloom.NewApiKey(ctx, "stripe", &keyloom.ApiKeyArgs{
		Namespace:      namespace,
		SecretStoreRef: store.Ref,
		Path:           pulumi.Sprintf("/payments/%s/stripe", namespace),
		KeyName:        pulumi.String("STRIPE_API_KEY"),
	})
	if err != nil {
		return err
	}
	// A store that is made elsewhere.
	_, err = keyloom.NewTlsCertificate(ctx, "app-tls", &keyloom.TlsCertificateArgs{
		Namespace: namespace,
		SecretStoreRef: keyloom.SecretStoreRefArgs{
			Name:     pulumi.String("platform"),
			Kind:     pulumi.String("ClusterSecretStore"),
			Provider: pulumi.String("vault"),
			Path:     pulumi.String("kv"),
		},
		Path: pulumi.String("certificates/app"),
	})
	return err
}

var _ = credentials
