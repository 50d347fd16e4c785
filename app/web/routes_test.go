package web

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden file anew")

func TestRoutesAreWhole(t *testing.T) {
	permission := regexp.MustCompile(`^(public|signed|[a-z]+:[a-z_]+)$`)
	seen := map[string]bool{}
	for _, r := range Routes() {
		key := r.Method + " " + r.Path
		require.False(t, seen[key], "%s stands twice", key)
		seen[key] = true
		require.Regexp(t, permission, string(r.Permission), key)
		require.True(t, strings.HasPrefix(r.Path, "/api/"), key)
		require.NotEmpty(t, r.Summary, key)
		require.NotNil(t, r.register, key)
		// Only reading may be public, except where a session or a firm begins and
		// where a customer answers by a link.
		if r.Permission == Public && r.Method != http.MethodGet {
			require.Contains(t, []string{"/api/session", "/api/session/refresh", "/api/invitations/accept", "/api/partners/register", "/api/session/discover", "/api/session/provider", "/api/session/return", "/api/password/forgot", "/api/password/reset", "/api/shared-quotes/{token}/ask", "/api/shared-quotes/{token}/accept"}, r.Path, "%s is public", key)
		}
	}
}

// TestOpenAPIDocumentsEveryRoute: each row has its operation, with the
// permission and a summary; what changes something has a described body or
// none, and its answer is described.
func TestOpenAPIDocumentsEveryRoute(t *testing.T) {
	raw, err := OpenAPI()
	require.NoError(t, err)
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string                                      `json:"operationId"`
			Summary     string                                      `json:"summary"`
			Permission  string                                      `json:"x-permission"`
			Responses   map[string]struct{ Content map[string]any } `json:"responses"`
			RequestBody *struct {
				Required bool           `json:"required"`
				Content  map[string]any `json:"content"`
			} `json:"requestBody"`
		} `json:"paths"`
	}
	require.NoError(t, json.Unmarshal(raw, &doc))
	operations, ids := 0, map[string]bool{}
	for _, methods := range doc.Paths {
		operations += len(methods)
	}
	require.Equal(t, len(Routes()), operations)
	for _, r := range Routes() {
		key := r.Method + " " + r.Path
		op, ok := doc.Paths[r.Path][strings.ToLower(r.Method)]
		require.True(t, ok, key)
		require.Equal(t, r.Summary, op.Summary, key)
		require.Equal(t, string(r.Permission), op.Permission, key)
		require.False(t, ids[op.OperationID], "%s: the operation id is taken", key)
		ids[op.OperationID] = true
		answered := false
		for code, answer := range op.Responses {
			answered = answered || (strings.HasPrefix(code, "2") && (len(answer.Content) > 0 || code == "204"))
		}
		require.True(t, answered, "%s: the answer is not described", key)
		if op.RequestBody != nil {
			require.Contains(t, op.RequestBody.Content, "application/json", key)
			require.Len(t, op.RequestBody.Content, 1, "%s takes JSON only", key)
		}
	}
}

func TestOpenAPIGolden(t *testing.T) {
	raw, err := OpenAPI()
	require.NoError(t, err)
	var got bytes.Buffer
	require.NoError(t, json.Indent(&got, raw, "", " "))
	got.WriteByte('\n')
	const file = "../../frontend/openapi.json"
	if *update {
		require.NoError(t, os.WriteFile(file, got.Bytes(), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.True(t, bytes.Equal(want, got.Bytes()), "the API has changed: go test ./app/web -run Golden -update, then make generate")
}
