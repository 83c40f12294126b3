// The declaration of ../keyloom.yaml in Go, run by Pulumi's automation API.
//
// Usage: program preview|up|destroy STACK [KEY=VALUE of the stack's configuration]...
package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optdestroy"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/keyloom/keyloom/sdk/go/keyloom"
)

const namespace = "e2e-pulumi"

func declare(ctx *pulumi.Context) error {
	service := keyloom.AwsServiceSecretsManager
	store, err := keyloom.NewSecretStore(ctx, "aws", &keyloom.SecretStoreArgs{
		Namespace: pulumi.String(namespace),
		Provider:  keyloom.StoreProviderAws,
		Aws: &keyloom.AwsConfigArgs{
			Service: &service,
			Region:  pulumi.String("us-east-1"),
			Auth: &keyloom.AwsAuthArgs{
				SecretRef: &keyloom.AwsSecretRefArgs{
					AccessKeyIDSecretRef:     key("access-key-id"),
					SecretAccessKeySecretRef: key("secret-access-key"),
				},
			},
		},
	})
	if err != nil {
		return err
	}
	postgres, err := keyloom.NewDatabaseCredentials(ctx, "postgres", &keyloom.DatabaseCredentialsArgs{
		Namespace:        pulumi.String(namespace),
		SecretStoreRef:   store.Ref,
		TargetSecretName: pulumi.String("postgres-creds"),
		Path:             pulumi.String("/databases/postgres"),
		Keys:             &keyloom.DatabaseCredentialsKeysArgs{Database: pulumi.String("dbname")},
		EnvPrefix:        pulumi.String("DB_"),
		Url:              &keyloom.ConnectionUrlArgs{Key: pulumi.String("DATABASE_URL"), Scheme: pulumi.String("postgresql")},
	})
	if err != nil {
		return err
	}
	_, err = keyloom.NewApiKey(ctx, "stripe", &keyloom.ApiKeyArgs{
		Namespace:      pulumi.String(namespace),
		SecretStoreRef: store.Ref,
		Path:           pulumi.String("/external/stripe"),
		Property:       pulumi.String("secret"),
		KeyName:        pulumi.String("STRIPE_API_KEY"),
	})
	if err != nil {
		return err
	}
	halfAnHour := "30m"
	_, err = keyloom.NewTlsCertificate(ctx, "app-tls", &keyloom.TlsCertificateArgs{
		Namespace:       pulumi.String(namespace),
		SecretStoreRef:  store.Ref,
		RefreshInterval: &halfAnHour,
		Labels:          map[string]pulumi.StringInput{"team": pulumi.String("web")},
		Path:            pulumi.String("/certificates/app"),
	})
	if err != nil {
		return err
	}
	_, err = keyloom.NewExternalSecret(ctx, "external-apis", &keyloom.ExternalSecretArgs{
		Namespace:        pulumi.String(namespace),
		SecretStoreRef:   store.Ref,
		TargetSecretName: pulumi.String("api-credentials"),
		Data: []keyloom.SecretReferenceArgs{
			{Key: pulumi.String("stripe_key"), Path: pulumi.String("/payments/stripe")},
			{Key: pulumi.String("twilio_sid"), Path: pulumi.String("sms/twilio"), Property: pulumi.String("account_sid")},
		},
		Constants: map[string]pulumi.StringInput{"REGION": pulumi.String("eu")},
	})
	if err != nil {
		return err
	}
	_, err = keyloom.NewExternalSecret(ctx, "orders", &keyloom.ExternalSecretArgs{
		Namespace:      pulumi.String(namespace),
		SecretStoreRef: store.Ref,
		Connection: &keyloom.ConnectionArgs{
			Name:      pulumi.String("my-orders"),
			Type:      keyloom.ConnectionTypePostgres,
			Path:      pulumi.String("/connections/orders"),
			EnvPrefix: pulumi.String("ORDERS_"),
			As:        map[string]pulumi.Input{"schema": pulumi.String("PGSCHEMA"), "ssl_mode": pulumi.Bool(false)},
			Url:       &keyloom.ConnectionHelperUrlArgs{Key: pulumi.String("ORDERS_URL")},
		},
	})
	if err != nil {
		return err
	}
	ctx.Export("secretName", postgres.TargetSecretName)
	return nil
}

// A key of the Secret that the operator logs in with.
func key(name string) keyloom.SecretKeySelectorArgs {
	return keyloom.SecretKeySelectorArgs{Name: pulumi.String("aws-access"), Key: pulumi.String(name)}
}

func main() {
	if err := run(context.Background(), os.Args[1], os.Args[2], os.Args[3:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, verb, name string, settings []string) error {
	stack, err := auto.UpsertStackInlineSource(ctx, name, "roads", declare)
	if err != nil {
		return err
	}
	for _, setting := range settings {
		key, value, _ := strings.Cut(setting, "=")
		if err := stack.SetConfig(ctx, key, auto.ConfigValue{Value: value}); err != nil {
			return err
		}
	}
	switch verb {
	case "preview":
		_, err = stack.Preview(ctx, optpreview.ProgressStreams(os.Stdout))
	case "up":
		_, err = stack.Up(ctx, optup.ProgressStreams(os.Stdout))
	case "destroy":
		_, err = stack.Destroy(ctx, optdestroy.ProgressStreams(os.Stdout))
	default:
		err = fmt.Errorf("no such verb: %s", verb)
	}
	return err
}
