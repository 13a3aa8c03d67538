package target

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"

	"riveter/apply"
	"riveter/client"
	"riveter/plan"
	"riveter/plan/value"
)

const (
	maxBody    = 8 << 20 // of an answer, in bytes
	maxExcerpt = 500     // of an answer in an error
)

// request sends a raw HTTP request to the actor. What it gives is the body of the answer.
func (c *call) request(ctx context.Context, spec *plan.Request) (cty.Value, error) {
	parts := c.args[0].(map[string]any)
	request, err := newRequest(ctx, c.to, parts)
	if err != nil {
		return cty.NilVal, err
	}
	a, err := ask(c.handle, request)
	if err != nil {
		return cty.NilVal, inDoubt(err)
	}
	if a.refusal == nil && isGood(a.status, spec.Status) {
		return a.body, nil
	}
	err = fmt.Errorf("%s %s was answered with status %d%s", request.Method, parts["path"], a.status, a.excerpt(c.step.Settings.Sensitive))
	switch {
	case isInDoubt(a.refusal):
		return cty.NilVal, fmt.Errorf("%w: %w", apply.ErrInDoubt, err)
	case a.refusal == nil:
		return a.body, err // it is a result, which may be a secret
	}
	return cty.NilVal, err
}

func isGood(status int, good []int) bool {
	if len(good) > 0 {
		return slices.Contains(good, status)
	}
	return isSuccess(status)
}

func isSuccess(status int) bool { return status >= 200 && status < 300 }

func newRequest(ctx context.Context, method string, parts map[string]any) (*http.Request, error) {
	var body []byte
	contentType := ""
	if v, ok := parts["json"]; ok {
		plain, err := plainJSON(v)
		if err != nil {
			return nil, fmt.Errorf("json: %w", err)
		}
		if body, err = json.Marshal(plain); err != nil {
			return nil, fmt.Errorf("json: %w", err)
		}
		contentType = "application/json"
	} else if text, ok := parts["body"].(string); ok {
		body, contentType = []byte(text), "text/plain; charset=utf-8"
	}
	path, _ := parts["path"].(string)
	request, err := http.NewRequestWithContext(ctx, method, "http://actor"+path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("request: %w", err)
	}
	request.URL.RawQuery = escapeQuery(request.URL.RawQuery)
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	headers, _ := parts["headers"].(map[string]any)
	for name, value := range headers {
		if text, ok := value.(string); ok {
			request.Header.Set(name, text)
		}
	}
	return request, nil
}

// escapeQuery escapes what no query can hold, as browsers do: net/url leaves a query as it is, and a space would end the line that it
// is in.
func escapeQuery(query string) string {
	var b strings.Builder
	for _, c := range []byte(query) {
		if c <= ' ' || c > '~' || strings.IndexByte(`"<>`, c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// plainJSON refuses what JSON cannot carry, and writes dates as JavaScript does.
func plainJSON(v any) (any, error) {
	switch v := v.(type) {
	case *big.Int, []byte, client.Undefined:
		return nil, fmt.Errorf("a bigint, bytes and undefined have no form in JSON; send a text or a number")
	case time.Time:
		return v.UTC().Format("2006-01-02T15:04:05.000Z"), nil
	case []any:
		plain := make([]any, len(v))
		for i, element := range v {
			var err error
			if plain[i], err = plainJSON(element); err != nil {
				return nil, err
			}
		}
		return plain, nil
	case map[string]any:
		plain := make(map[string]any, len(v))
		for name, member := range v {
			var err error
			if plain[name], err = plainJSON(member); err != nil {
				return nil, err
			}
		}
		return plain, nil
	default:
		return v, nil
	}
}

// answer is what came back of a raw request. Its body is decoded where it is JSON, and otherwise a text.
type answer struct {
	status  int
	body    cty.Value
	refusal error // nil where the actor itself answered
}

// ask sends a raw request. It is the client that sends it again where that may be done.
func ask(h *client.Handle, request *http.Request) (answer, error) {
	response, err := (&http.Client{Transport: h, CheckRedirect: noRedirect}).Do(request)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	a := answer{status: response.StatusCode, refusal: client.ResponseError(response)}
	if a.refusal == nil {
		a.refusal = h.Vouch(request.Context(), response)
	}
	data, err := io.ReadAll(io.LimitReader(response.Body, maxBody+1))
	switch {
	case err != nil:
		return a, fmt.Errorf("read the answer: %w", err)
	case len(data) > maxBody:
		return a, fmt.Errorf("the answer is longer than %d MiB", maxBody>>20)
	}
	a.body = decodeBody(response.Header.Get("Content-Type"), data)
	return a, nil
}

// noRedirect leaves the answer of the actor as it is.
func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func decodeBody(contentType string, data []byte) cty.Value {
	mediaType, _, _ := mime.ParseMediaType(contentType)
	if mediaType == "application/json" || strings.HasSuffix(mediaType, "+json") {
		var v any
		if json.Unmarshal(data, &v) == nil {
			return fromGo(v)
		}
	}
	return cty.StringVal(strings.ToValidUTF8(string(data), "\ufffd"))
}

// excerpt is the beginning of an answer, for an error. Where the result is sensitive, nothing is said but what Rivet has answered itself.
func (a answer) excerpt(sensitive bool) string {
	if a.body == cty.NilVal {
		return ""
	}
	text := ""
	if a.body.Type() == cty.String {
		text = strings.TrimSpace(a.body.AsString())
	} else if encoded, err := value.Encode(a.body); err == nil {
		text = string(encoded)
	}
	if text == "" {
		return ""
	}
	if refusal, ok := errors.AsType[*client.Error](a.refusal); sensitive && (!ok || refusal.Code == "") {
		return ": (sensitive)"
	}
	if r := []rune(text); len(r) > maxExcerpt {
		text = string(r[:maxExcerpt]) + "…"
	}
	return ": " + text
}
