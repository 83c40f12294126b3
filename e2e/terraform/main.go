// A Terraform provider that knows a schema: `terraform validate` and `plan` then say what they would say with the real one, as
// far as the schema tells.
//
// It reads `schema.json` beside its own executable, one provider of what `terraform providers schema -json` prints, and is
// called terraform-provider-NAME. What is not known yet, it plans as unknown. Secrets of AWS Secrets Manager it makes, where
// AWS_ENDPOINT_URL says of whom; of all else it makes nothing.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve() error {
	executable, err := os.Executable()
	if err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(filepath.Dir(executable), "schema.json"))
	if err != nil {
		return err
	}
	var file struct {
		Providers map[string]provider `json:"provider_schemas"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return err
	}
	for address, schema := range file.Providers {
		made, err := schema.server()
		if err != nil {
			return err
		}
		return tf6server.Serve(address, func() tfprotov6.ProviderServer { return made })
	}
	return fmt.Errorf("no provider in the schema")
}

// server answers from a schema. Calls that it does not have are those of the interface that it embeds, which is nil: none of
// them is made by `validate`, `plan` or `apply` of what it makes.
type server struct {
	tfprotov6.ProviderServer
	schema *tfprotov6.GetProviderSchemaResponse
	// Where secrets are made; nil where nothing is.
	secrets *secretsManager
}

func (s *server) GetMetadata(context.Context, *tfprotov6.GetMetadataRequest) (*tfprotov6.GetMetadataResponse, error) {
	response := &tfprotov6.GetMetadataResponse{ServerCapabilities: &tfprotov6.ServerCapabilities{}}
	for name := range s.schema.ResourceSchemas {
		response.Resources = append(response.Resources, tfprotov6.ResourceMetadata{TypeName: name})
	}
	for name := range s.schema.DataSourceSchemas {
		response.DataSources = append(response.DataSources, tfprotov6.DataSourceMetadata{TypeName: name})
	}
	for name := range s.schema.EphemeralResourceSchemas {
		response.EphemeralResources = append(response.EphemeralResources, tfprotov6.EphemeralResourceMetadata{TypeName: name})
	}
	return response, nil
}

func (s *server) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return s.schema, nil
}

func (s *server) GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov6.GetResourceIdentitySchemasResponse{}, nil
}

func (s *server) ValidateProviderConfig(_ context.Context, request *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return &tfprotov6.ValidateProviderConfigResponse{
		PreparedConfig: request.Config,
		Diagnostics:    check(s.schema.Provider, request.Config),
	}, nil
}

func (s *server) ConfigureProvider(_ context.Context, request *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	if url := os.Getenv("AWS_ENDPOINT_URL"); url != "" {
		config, err := attributesOf(s.schema.Provider.ValueType(), request.Config)
		if err != nil {
			return nil, err
		}
		s.secrets = &secretsManager{url: url, region: text(config["region"])}
	}
	return &tfprotov6.ConfigureProviderResponse{}, nil
}

func (s *server) StopProvider(context.Context, *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	return &tfprotov6.StopProviderResponse{}, nil
}

func (s *server) ValidateResourceConfig(_ context.Context, request *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	found := check(s.schema.ResourceSchemas[request.TypeName], request.Config)
	return &tfprotov6.ValidateResourceConfigResponse{Diagnostics: found}, nil
}

func (s *server) ValidateDataResourceConfig(_ context.Context, request *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	found := check(s.schema.DataSourceSchemas[request.TypeName], request.Config)
	return &tfprotov6.ValidateDataResourceConfigResponse{Diagnostics: found}, nil
}

func (s *server) ValidateEphemeralResourceConfig(_ context.Context, request *tfprotov6.ValidateEphemeralResourceConfigRequest) (*tfprotov6.ValidateEphemeralResourceConfigResponse, error) {
	found := check(s.schema.EphemeralResourceSchemas[request.TypeName], request.Config)
	return &tfprotov6.ValidateEphemeralResourceConfigResponse{Diagnostics: found}, nil
}

// PlanResourceChange plans what a configuration leaves to the provider as unknown, and keeps nothing that is write-only.
func (s *server) PlanResourceChange(_ context.Context, request *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	schema := s.schema.ResourceSchemas[request.TypeName]
	proposed, err := request.ProposedNewState.Unmarshal(schema.ValueType())
	if err != nil {
		return nil, err
	}
	prior, err := request.PriorState.Unmarshal(schema.ValueType())
	if err != nil {
		return nil, err
	}
	planned, err := tftypes.Transform(proposed, func(path *tftypes.AttributePath, value tftypes.Value) (tftypes.Value, error) {
		attribute := attributeAt(schema, path)
		switch {
		case attribute == nil:
			return value, nil
		case attribute.WriteOnly:
			return tftypes.NewValue(value.Type(), nil), nil
		case attribute.Computed && value.IsNull() && prior.IsNull():
			return tftypes.NewValue(value.Type(), tftypes.UnknownValue), nil
		default:
			return value, nil
		}
	})
	if err != nil {
		return nil, err
	}
	state, err := tfprotov6.NewDynamicValue(schema.ValueType(), planned)
	if err != nil {
		return nil, err
	}
	return &tfprotov6.PlanResourceChangeResponse{PlannedState: &state, RequiresReplace: replaced(request.TypeName, prior, planned)}, nil
}

// replaced names what cannot be changed in place, of what this provider makes.
func replaced(name string, prior, planned tftypes.Value) []*tftypes.AttributePath {
	attributes := map[string][]string{secretType: {"name"}, versionType: {"secret_id", "secret_string_wo_version"}}[name]
	if prior.IsNull() || planned.IsNull() {
		return nil
	}
	var before, after map[string]tftypes.Value
	if prior.As(&before) != nil || planned.As(&after) != nil {
		return nil
	}
	var changed []*tftypes.AttributePath
	for _, attribute := range attributes {
		if !before[attribute].Equal(after[attribute]) {
			changed = append(changed, tftypes.NewAttributePath().WithAttributeName(attribute))
		}
	}
	return changed
}
