package main

import (
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// What `terraform providers schema -json` prints of a provider.
type provider struct {
	Provider  schema            `json:"provider"`
	Resources map[string]schema `json:"resource_schemas"`
	Data      map[string]schema `json:"data_source_schemas"`
	Ephemeral map[string]schema `json:"ephemeral_resource_schemas"`
}

type schema struct {
	Version int64 `json:"version"`
	Block   block `json:"block"`
}

type block struct {
	Attributes map[string]attribute `json:"attributes"`
	Blocks     map[string]nested    `json:"block_types"`
	Deprecated bool                 `json:"deprecated"`
}

type nested struct {
	Mode  string `json:"nesting_mode"`
	Min   int64  `json:"min_items"`
	Max   int64  `json:"max_items"`
	Block block  `json:"block"`
}

type attribute struct {
	Type       json.RawMessage `json:"type"`
	Nested     *object         `json:"nested_type"`
	Required   bool            `json:"required"`
	Optional   bool            `json:"optional"`
	Computed   bool            `json:"computed"`
	Sensitive  bool            `json:"sensitive"`
	WriteOnly  bool            `json:"write_only"`
	Deprecated bool            `json:"deprecated"`
}

type object struct {
	Mode       string               `json:"nesting_mode"`
	Attributes map[string]attribute `json:"attributes"`
}

var attributeModes = map[string]tfprotov6.SchemaObjectNestingMode{
	"single": tfprotov6.SchemaObjectNestingModeSingle,
	"list":   tfprotov6.SchemaObjectNestingModeList,
	"set":    tfprotov6.SchemaObjectNestingModeSet,
	"map":    tfprotov6.SchemaObjectNestingModeMap,
}

var blockModes = map[string]tfprotov6.SchemaNestedBlockNestingMode{
	"single": tfprotov6.SchemaNestedBlockNestingModeSingle,
	"group":  tfprotov6.SchemaNestedBlockNestingModeGroup,
	"list":   tfprotov6.SchemaNestedBlockNestingModeList,
	"set":    tfprotov6.SchemaNestedBlockNestingModeSet,
	"map":    tfprotov6.SchemaNestedBlockNestingModeMap,
}

func (p provider) server() (*server, error) {
	config, err := p.Provider.made()
	if err != nil {
		return nil, err
	}
	made := &tfprotov6.GetProviderSchemaResponse{Provider: config, ServerCapabilities: &tfprotov6.ServerCapabilities{}}
	sections := []struct {
		from map[string]schema
		to   *map[string]*tfprotov6.Schema
	}{
		{p.Resources, &made.ResourceSchemas},
		{p.Data, &made.DataSourceSchemas},
		{p.Ephemeral, &made.EphemeralResourceSchemas},
	}
	for _, section := range sections {
		*section.to = map[string]*tfprotov6.Schema{}
		for name, schema := range section.from {
			if (*section.to)[name], err = schema.made(); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return &server{schema: made}, nil
}

func (s schema) made() (*tfprotov6.Schema, error) {
	block, err := s.Block.made()
	return &tfprotov6.Schema{Version: s.Version, Block: block}, err
}

func (b block) made() (*tfprotov6.SchemaBlock, error) {
	attributes, err := attributesMade(b.Attributes)
	if err != nil {
		return nil, err
	}
	made := &tfprotov6.SchemaBlock{Attributes: attributes, Deprecated: b.Deprecated}
	for name, inner := range b.Blocks {
		block, err := inner.Block.made()
		if err != nil {
			return nil, err
		}
		made.BlockTypes = append(made.BlockTypes, &tfprotov6.SchemaNestedBlock{
			TypeName: name, Block: block, Nesting: blockModes[inner.Mode], MinItems: inner.Min, MaxItems: inner.Max,
		})
	}
	return made, nil
}

func attributesMade(all map[string]attribute) ([]*tfprotov6.SchemaAttribute, error) {
	var made []*tfprotov6.SchemaAttribute
	for name, written := range all {
		attribute := &tfprotov6.SchemaAttribute{
			Name: name, Required: written.Required, Optional: written.Optional, Computed: written.Computed,
			Sensitive: written.Sensitive, WriteOnly: written.WriteOnly, Deprecated: written.Deprecated,
		}
		if written.Nested != nil {
			inner, err := attributesMade(written.Nested.Attributes)
			if err != nil {
				return nil, err
			}
			attribute.NestedType = &tfprotov6.SchemaObject{Attributes: inner, Nesting: attributeModes[written.Nested.Mode]}
		} else {
			kind, err := typeMade(written.Type)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			attribute.Type = kind
		}
		made = append(made, attribute)
	}
	return made, nil
}

// typeMade reads a type: "string", ["set", "string"], ["object", {...}].
func typeMade(text json.RawMessage) (tftypes.Type, error) {
	var name string
	if json.Unmarshal(text, &name) == nil {
		switch name {
		case "string":
			return tftypes.String, nil
		case "number":
			return tftypes.Number, nil
		case "bool":
			return tftypes.Bool, nil
		}
		return nil, fmt.Errorf("no type %q", name)
	}
	var parts []json.RawMessage
	if err := json.Unmarshal(text, &parts); err != nil || len(parts) != 2 || json.Unmarshal(parts[0], &name) != nil {
		return nil, fmt.Errorf("no type %s", text)
	}
	if name == "object" {
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(parts[1], &fields); err != nil {
			return nil, err
		}
		kinds := map[string]tftypes.Type{}
		for field, text := range fields {
			kind, err := typeMade(text)
			if err != nil {
				return nil, err
			}
			kinds[field] = kind
		}
		return tftypes.Object{AttributeTypes: kinds}, nil
	}
	inner, err := typeMade(parts[1])
	if err != nil {
		return nil, err
	}
	switch name {
	case "list":
		return tftypes.List{ElementType: inner}, nil
	case "set":
		return tftypes.Set{ElementType: inner}, nil
	case "map":
		return tftypes.Map{ElementType: inner}, nil
	}
	return nil, fmt.Errorf("no type %q", name)
}
