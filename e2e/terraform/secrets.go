package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// secretsManager is AWS Secrets Manager at an address of its own, such as a test server's. Calls are not signed: whoever answers
// there takes everybody, and reads the region out of the header.
type secretsManager struct {
	url    string
	region string
}

// described is what is known of a secret.
type described struct {
	ARN         string
	Name        string
	Description string
	DeletedDate json.Number
	Tags        []tag
}

type tag struct {
	Key   string
	Value string
}

// refusal is an answer that is none.
type refusal struct {
	code    string
	message string
}

func (r *refusal) Error() string { return r.code + ": " + r.message }

// call asks for one action. What was sent is in no error, for it may hold a value.
func (s *secretsManager) call(ctx context.Context, action string, arguments map[string]any, answer any) error {
	body, err := json.Marshal(arguments)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-amz-json-1.1")
	request.Header.Set("X-Amz-Target", "secretsmanager."+action)
	scope := "test/20260101/" + s.region + "/secretsmanager/aws4_request"
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+scope+", SignedHeaders=host, Signature=0")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		var said struct {
			Type    string `json:"__type"`
			Message string `json:"message"`
		}
		if err := json.Unmarshal(text, &said); err != nil {
			return fmt.Errorf("%s: %s", action, response.Status)
		}
		return &refusal{code: said.Type[strings.LastIndex(said.Type, "#")+1:], message: said.Message}
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(text, answer)
}

// describe finds a secret; nil where there is none, or one that is about to go.
func (s *secretsManager) describe(ctx context.Context, id string) (*described, error) {
	var found described
	err := s.call(ctx, "DescribeSecret", map[string]any{"SecretId": id}, &found)
	if refused, ok := err.(*refusal); ok && refused.code == "ResourceNotFoundException" {
		return nil, nil
	}
	if err != nil || found.DeletedDate != "" {
		return nil, err
	}
	return &found, nil
}
