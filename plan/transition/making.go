package transition

import "riveter/plan/value"

// made is what is digested of how a value is made.
type made struct {
	Text string       `json:"text"`
	Of   []ingredient `json:"of"`
}

type ingredient struct {
	Name  string   `json:"name,omitempty"`
	Value any      `json:"value,omitempty"`
	Made  []string `json:"made,omitempty"`
}

// making is the digest of how a value is made that is not known, and empty for one that is. Each is digested once, however many
// values are made of it.
func (e *encoder) making(m *value.Making) string {
	if m == nil {
		return ""
	}
	if digest, ok := e.makings[m]; ok {
		return digest
	}
	described := made{Text: m.Text, Of: make([]ingredient, len(m.Of))}
	for i, part := range m.Of {
		encode := e.value
		if part.GivesAccess {
			encode = e.credentials
		}
		described.Of[i] = ingredient{Name: part.Name, Value: encode(part.Value)}
		for _, of := range part.Made {
			described.Of[i].Made = append(described.Of[i].Made, e.making(of))
		}
	}
	digest := e.digestOf(described)
	e.makings[m] = digest
	return digest
}
