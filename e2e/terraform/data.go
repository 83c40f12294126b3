package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// ReadDataSource finds what was asked for, and of it nothing but empty texts: who asks must get something to go on.
func (s *server) ReadDataSource(_ context.Context, request *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	schema := s.schema.DataSourceSchemas[request.TypeName]
	config, err := request.Config.Unmarshal(schema.ValueType())
	if err != nil {
		return nil, err
	}
	read, err := tftypes.Transform(config, func(path *tftypes.AttributePath, value tftypes.Value) (tftypes.Value, error) {
		attribute := attributeAt(schema, path)
		if attribute == nil || !attribute.Computed || !value.IsNull() || !value.Type().Is(tftypes.String) {
			return value, nil
		}
		return tftypes.NewValue(tftypes.String, ""), nil
	})
	if err != nil {
		return nil, err
	}
	state, err := tfprotov6.NewDynamicValue(schema.ValueType(), read)
	return &tfprotov6.ReadDataSourceResponse{State: &state}, err
}
