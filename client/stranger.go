package client

import (
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// maxWords is how much is repeated of what something between says, in bytes.
const maxWords = 300

// inWords says what an answer is that is not Rivet's: its status, where it leads to, and what it says to people.
func (a answer) inWords() string {
	text := http.StatusText(a.status)
	if to, err := url.Parse(a.header.Get("Location")); err == nil && to.String() != "" && a.status < http.StatusBadRequest {
		to.RawQuery = "" // where tokens may be
		text += ", to " + to.Redacted()
	}
	if words := a.words(); words != "" {
		text += ": " + words
	}
	return text
}

// markup is what is not to be read of a page.
var markup = regexp.MustCompile(`(?is)<(script|style)\b.*?</(script|style)>|<!--.*?-->|<[^>]*>`)

func (a answer) words() string {
	text := string(a.body[:min(len(a.body), maxRefusal)])
	switch media, _, _ := mime.ParseMediaType(a.header.Get("Content-Type")); media {
	case "text/html":
		text = markup.ReplaceAllString(text, " ")
	case "text/plain", "application/json", "application/problem+json":
	default:
		return ""
	}
	return printable(strings.Join(strings.Fields(strings.ToValidUTF8(text, "�")), " "), maxWords)
}
