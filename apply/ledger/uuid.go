package ledger

import (
	"fmt"
	"io"

	"github.com/google/uuid"
)

// newUUID returns a random UUID.
func newUUID(random io.Reader) (string, error) {
	id, err := uuid.NewRandomFromReader(random)
	if err != nil {
		return "", fmt.Errorf("make an id: %w", err)
	}
	return id.String(), nil
}
