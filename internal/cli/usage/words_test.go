package usage_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"riveter/internal/cli/usage"
)

func TestArrangePutsFlagsFirst(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, args, want string }{
		{"nothing to do", "plan -json dir", "plan -json dir"},
		{"flags behind the path", "plan dir -json -var a=1 --concise", "plan -json -var a=1 --concise dir"},
		{"value in the flag", "plan dir -var=a=1", "plan -var=a=1 dir"},
		{"global flag behind the command", "plan dir -chdir d -json", "-chdir d plan -json dir"},
		{"command's name as a path", "-chdir d plan apply", "-chdir d plan apply"},
		{"bool flag takes no argument", "plan -lock=false -json dir", "plan -lock=false -json dir"},
		{"unknown flag", "plan dir -what", "plan -what dir"},
		{"a negative number is no flag", "call a add -5 -0.5 -json", "call -json a add -5 -0.5"},
		{"what follows -- are no flags", "plan -json dir -- -dir", "plan -json -- dir -dir"},
		{"a program behind a path", "dev dir -once -- npm test -json", "dev -once -- dir -- npm test -json"},
		{"a program without a path", "dev -- npm", "dev -- -- npm"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := strings.Join(usage.Arrange(newApp(), strings.Fields(c.args)), " ")
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
