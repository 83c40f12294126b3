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

func declare(ctx *pulumi.Context) error {
	return nil
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

var _ = keyloom.NewApiKey
