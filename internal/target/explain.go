package target

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"riveter/client"
	"riveter/internal/operate"
)

// Explain implements operate.Server: the server's own words come first, and what helps to find the request last.
func (t *Target) Explain(err error) operate.Explanation {
	explained := operate.Explanation{Kind: kindOf(err), Text: err.Error()}
	answer, ok := errors.AsType[*client.Error](err)
	if !ok || answer.Code == "" {
		return explained
	}
	explained.Text = strings.Replace(explained.Text, answer.Error(), said(answer), 1)
	if help := limits[answer.Group+"."+answer.Code]; help != "" {
		explained.Text += "\n\n" + help
	}
	if answer.Metadata != nil {
		explained.Text += "\n\nMetadata: " + inJSON(answer.Metadata)
	}
	explained.Text += fmt.Sprintf("\n\nRequest: %s %s", answer.Method, answer.Path) + ray(answer)
	return explained
}

// limits says what to do about messages that are longer than a registry takes, which does not say how long they may be.
var limits = map[string]string{
	"message.incoming_too_long": "An action or a message may have 65,536 bytes, or what the registry says with maxIncomingMessageSize. " +
		"Raise that, make several calls with a part each, or send it as the body of a \"request\", which may have 20 MiB.",
	"message.outgoing_too_long": "An action may answer with 1,048,576 bytes, or what the registry says with maxOutgoingMessageSize. The action has run; only its answer did not come.",
}

// inJSON writes a value for people, on one line.
func inJSON(v any) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return "(cannot be shown)"
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func kindOf(err error) operate.ErrorKind {
	failure, ok := errors.AsType[*client.Error](err)
	switch {
	case ok && failure.Code == "" && failure.Status == http.StatusForbidden:
		return operate.ErrorStranger // the engine's own has a code
	case errors.Is(err, client.ErrForbidden):
		return operate.ErrorDenied
	case errors.Is(err, client.ErrUntrusted), errors.Is(err, client.ErrInsecure):
		return operate.ErrorUntrusted
	case !ok || failure.Code != "":
		return operate.ErrorOther
	case failure.Status != 0:
		return operate.ErrorStranger
	case failure.Err == nil:
		return operate.ErrorOther
	case client.DeliveryOf(err) == client.NotDelivered, errors.Is(failure.Err, context.DeadlineExceeded):
		return operate.ErrorUnreachable
	default:
		return operate.ErrorOther
	}
}

// said is what the server or the actor answered.
func said(answer *client.Error) string {
	return fmt.Sprintf("%s.%s: %s", answer.Group, answer.Code, answer.Message)
}

// ray names the request in the engine's log, where it has a name there.
func ray(answer *client.Error) string {
	if answer.RayID == "" {
		return ""
	}
	return " (ray " + answer.RayID + ")"
}
