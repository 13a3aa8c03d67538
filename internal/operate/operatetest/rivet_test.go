package operatetest_test

import (
	"testing"

	"riveter/internal/operate/operatetest"
)

func TestTheFakeKeepsTheContract(t *testing.T) {
	t.Parallel()
	r := operatetest.New()
	operatetest.TestServer(t, operatetest.Subject{Server: r.Server, Sleep: r.Sleep})
}
