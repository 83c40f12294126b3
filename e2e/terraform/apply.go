package main

import (
	"context"
	"fmt"
	"math/big"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// What this provider makes, where it is told a Secrets Manager: secrets, and versions by write-only arguments.
const (
	secretType  = "aws_secretsmanager_secret"
	versionType = "aws_secretsmanager_secret_version"
)

// UpgradeResourceState reads what a state holds; it was written by this schema.
func (s *server) UpgradeResourceState(_ context.Context, request *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	schema := s.schema.ResourceSchemas[request.TypeName]
	value, err := request.RawState.Unmarshal(schema.ValueType())
	if err != nil {
		return nil, err
	}
	state, err := tfprotov6.NewDynamicValue(schema.ValueType(), value)
	return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: &state}, err
}

// ReadResource says whether what was made is still there.
func (s *server) ReadResource(ctx context.Context, request *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	if s.secrets == nil || request.TypeName != secretType {
		return &tfprotov6.ReadResourceResponse{NewState: request.CurrentState}, nil
	}
	kind := s.schema.ResourceSchemas[request.TypeName].ValueType()
	current, err := attributesOf(kind, request.CurrentState)
	if err != nil {
		return nil, err
	}
	found, err := s.secrets.describe(ctx, text(current["arn"]))
	if err != nil || found != nil {
		return &tfprotov6.ReadResourceResponse{NewState: request.CurrentState}, err
	}
	gone, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, nil))
	return &tfprotov6.ReadResourceResponse{NewState: &gone}, err
}

// ApplyResourceChange makes, changes or deletes.
func (s *server) ApplyResourceChange(ctx context.Context, request *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	if s.secrets == nil {
		return nil, fmt.Errorf("%s: this provider makes nothing where AWS_ENDPOINT_URL is not set", request.TypeName)
	}
	kind := s.schema.ResourceSchemas[request.TypeName].ValueType()
	var states [3]map[string]tftypes.Value
	for at, value := range []*tfprotov6.DynamicValue{request.PriorState, request.PlannedState, request.Config} {
		state, err := attributesOf(kind, value)
		if err != nil {
			return nil, err
		}
		states[at] = state
	}
	prior, planned, config := states[0], states[1], states[2]
	made, err := s.change(ctx, request.TypeName, prior, planned, config)
	if err != nil {
		return failed(request.PriorState, err), nil
	}
	value := tftypes.NewValue(kind, nil)
	if planned != nil {
		value = tftypes.NewValue(kind, filled(planned, made))
	}
	state, err := tfprotov6.NewDynamicValue(kind, value)
	return &tfprotov6.ApplyResourceChangeResponse{NewState: &state}, err
}

func failed(state *tfprotov6.DynamicValue, err error) *tfprotov6.ApplyResourceChangeResponse {
	said := &tfprotov6.Diagnostic{Severity: tfprotov6.DiagnosticSeverityError, Summary: err.Error()}
	return &tfprotov6.ApplyResourceChangeResponse{NewState: state, Diagnostics: []*tfprotov6.Diagnostic{said}}
}

// change does it, and says what became known.
func (s *server) change(ctx context.Context, name string, prior, planned, config map[string]tftypes.Value) (map[string]string, error) {
	switch {
	case name == secretType && prior == nil:
		return s.create(ctx, planned)
	case name == secretType && planned == nil:
		return nil, s.remove(ctx, prior)
	case name == secretType:
		return nil, s.update(ctx, prior, planned)
	case name == versionType && planned != nil:
		return s.put(ctx, planned, config)
	case name == versionType:
		// The real provider leaves the current version in place too.
		return nil, nil
	default:
		return nil, fmt.Errorf("%s: this provider makes no such thing", name)
	}
}

func (s *server) create(ctx context.Context, planned map[string]tftypes.Value) (map[string]string, error) {
	arguments := map[string]any{"Name": text(planned["name"]), "Tags": tags(planned["tags"])}
	if description := text(planned["description"]); description != "" {
		arguments["Description"] = description
	}
	if key := text(planned["kms_key_id"]); key != "" {
		arguments["KmsKeyId"] = key
	}
	var found described
	err := s.secrets.call(ctx, "CreateSecret", arguments, &found)
	return map[string]string{"id": found.ARN, "arn": found.ARN, "region": s.secrets.region}, err
}

func (s *server) update(ctx context.Context, prior, planned map[string]tftypes.Value) error {
	id := text(planned["arn"])
	if description := text(planned["description"]); description != text(prior["description"]) {
		change := map[string]any{"SecretId": id, "Description": description}
		if err := s.secrets.call(ctx, "UpdateSecret", change, nil); err != nil {
			return err
		}
	}
	return s.secrets.call(ctx, "TagResource", map[string]any{"SecretId": id, "Tags": tags(planned["tags"])}, nil)
}

func (s *server) remove(ctx context.Context, prior map[string]tftypes.Value) error {
	arguments := map[string]any{"SecretId": text(prior["arn"])}
	switch days := number(prior["recovery_window_in_days"]); days {
	case 0:
		arguments["ForceDeleteWithoutRecovery"] = true
	default:
		arguments["RecoveryWindowInDays"] = days
	}
	return s.secrets.call(ctx, "DeleteSecret", arguments, nil)
}

// put writes a value that no state keeps: a write-only argument is in the configuration alone.
func (s *server) put(ctx context.Context, planned, config map[string]tftypes.Value) (map[string]string, error) {
	id := text(planned["secret_id"])
	var made struct {
		ARN       string
		VersionId string
	}
	arguments := map[string]any{"SecretId": id, "SecretString": text(config["secret_string_wo"])}
	err := s.secrets.call(ctx, "PutSecretValue", arguments, &made)
	known := map[string]string{"id": id + "|" + made.VersionId, "arn": made.ARN, "secret_arn": made.ARN}
	known["version_id"], known["region"] = made.VersionId, s.secrets.region
	return known, err
}

// filled is the planned state without anything unknown: what became known, or nothing.
func filled(planned map[string]tftypes.Value, known map[string]string) map[string]tftypes.Value {
	state := map[string]tftypes.Value{}
	for name, value := range planned {
		switch said, is := known[name]; {
		case value.IsFullyKnown():
			state[name] = value
		case is:
			state[name] = tftypes.NewValue(tftypes.String, said)
		case name == "tags_all":
			state[name] = planned["tags"]
		case value.Type().Is(tftypes.Set{}):
			state[name] = tftypes.NewValue(value.Type(), []tftypes.Value{})
		default:
			state[name] = tftypes.NewValue(value.Type(), nil)
		}
	}
	return state
}

// attributesOf is a state as attributes by name; nil where there is none.
func attributesOf(kind tftypes.Type, state *tfprotov6.DynamicValue) (map[string]tftypes.Value, error) {
	value, err := state.Unmarshal(kind)
	if err != nil || value.IsNull() {
		return nil, err
	}
	var attributes map[string]tftypes.Value
	return attributes, value.As(&attributes)
}

func text(value tftypes.Value) string {
	var said string
	if value.IsKnown() && !value.IsNull() && value.As(&said) == nil {
		return said
	}
	return ""
}

func number(value tftypes.Value) int64 {
	var said big.Float
	if value.IsKnown() && !value.IsNull() && value.As(&said) == nil {
		whole, _ := said.Int64()
		return whole
	}
	return 0
}

func tags(value tftypes.Value) []tag {
	var said map[string]tftypes.Value
	if !value.IsKnown() || value.IsNull() || value.As(&said) != nil {
		return []tag{}
	}
	all := make([]tag, 0, len(said))
	for key, value := range said {
		all = append(all, tag{Key: key, Value: text(value)})
	}
	return all
}

// ImportResourceState takes up a secret that is there.
func (s *server) ImportResourceState(ctx context.Context, request *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	if s.secrets == nil || request.TypeName != secretType {
		return nil, fmt.Errorf("%s: this provider imports no such thing", request.TypeName)
	}
	found, err := s.secrets.describe(ctx, request.ID)
	if err != nil {
		return nil, err
	}
	if found == nil {
		return nil, fmt.Errorf("%s: no such secret, or one that is about to go", request.ID)
	}
	known := map[string]string{"id": found.ARN, "arn": found.ARN, "name": found.Name, "region": s.secrets.region}
	kind := s.schema.ResourceSchemas[request.TypeName].ValueType()
	object, ok := kind.(tftypes.Object)
	if !ok {
		return nil, fmt.Errorf("%s: no object", request.TypeName)
	}
	unknown := map[string]tftypes.Value{}
	for name, attribute := range object.AttributeTypes {
		unknown[name] = tftypes.NewValue(attribute, tftypes.UnknownValue)
	}
	// Tags are written anew by whoever applies what declares them.
	unknown["tags"] = tftypes.NewValue(object.AttributeTypes["tags"], nil)
	state, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, filled(unknown, known)))
	imported := &tfprotov6.ImportedResource{TypeName: request.TypeName, State: &state}
	return &tfprotov6.ImportResourceStateResponse{ImportedResources: []*tfprotov6.ImportedResource{imported}}, err
}
