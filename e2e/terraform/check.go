package main

import (
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// check says what the framework of real providers says beyond Terraform: a required attribute that is null, and one that is
// set although the provider alone sets it.
func check(schema *tfprotov6.Schema, config *tfprotov6.DynamicValue) []*tfprotov6.Diagnostic {
	if schema == nil || config == nil {
		return nil
	}
	value, err := config.Unmarshal(schema.ValueType())
	if err != nil {
		return []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityError, Summary: "Unreadable configuration", Detail: err.Error()}}
	}
	var found []*tfprotov6.Diagnostic
	report := func(path *tftypes.AttributePath, summary string) {
		found = append(found, &tfprotov6.Diagnostic{Severity: tfprotov6.DiagnosticSeverityError, Summary: summary, Attribute: path})
	}
	// Walking never fails: the function that it calls does not.
	_ = tftypes.Walk(value, func(path *tftypes.AttributePath, value tftypes.Value) (bool, error) {
		if attribute := attributeAt(schema, path); attribute != nil {
			switch {
			case attribute.Required && value.IsNull():
				report(path, "Missing Configuration for Required Attribute")
			case !attribute.Required && !attribute.Optional && !value.IsNull():
				report(path, "Invalid Configuration for Read-Only Attribute")
			}
		}
		return value.IsKnown(), nil
	})
	return found
}

// attributeAt finds the attribute that a path ends at; elements of lists, sets and maps are none.
func attributeAt(schema *tfprotov6.Schema, path *tftypes.AttributePath) *tfprotov6.SchemaAttribute {
	steps := path.Steps()
	if len(steps) == 0 {
		return nil
	}
	if _, named := steps[len(steps)-1].(tftypes.AttributeName); !named {
		return nil
	}
	attributes, blocks := schema.Block.Attributes, schema.Block.BlockTypes
	var at *tfprotov6.SchemaAttribute
	for _, step := range steps {
		name, named := step.(tftypes.AttributeName)
		if !named {
			continue
		}
		at = nil
		for _, attribute := range attributes {
			if attribute.Name == string(name) {
				at = attribute
			}
		}
		var inner *tfprotov6.SchemaNestedBlock
		for _, block := range blocks {
			if block.TypeName == string(name) {
				inner = block
			}
		}
		switch {
		case at != nil && at.NestedType != nil:
			attributes, blocks = at.NestedType.Attributes, nil
		case inner != nil:
			attributes, blocks = inner.Block.Attributes, inner.Block.BlockTypes
		default:
			attributes, blocks = nil, nil
		}
	}
	return at
}
