package hcl

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// However many cores there are, instances have the same values, and the same is wrong with them, in the same order.
func TestEveryNumberOfCoresComesToTheSame(t *testing.T) {
	configurations := map[string]string{
		"some are wrong": `actor "x" "item" {
			count = COUNT
			key   = count.index % 1000 == 3 ? [null] : count.index % 1000 == 4 ? ["same"] : ["t", count.index]
			input = { at = 1 / (count.index % 900) }
			action "greet" { args = [count.index == 2500 ? 9007199254740993 : count.index] }
			expect "fact" { condition = count.index != 2600 }
			lifecycle {
				precondition {
					condition     = count.index != 2000
					error_message = "not ${count.index}"
				}
			}
		}`,
		"they are about themselves": `actor "x" "item" {
			for_each = { for i in NUMBERS : "item-${i}" => i }
			key      = ["t", each.key]
			input    = { number = each.value }
			action "greet" { args = [self.id, self.key, self.exists, self.created, each.value] }
			action "again" {
				args    = [1 / (each.value % 900)]
				only_if = self.exists
			}
		}
		output "keys" { value = [for one in actor.x.item : one.key] }`,
		"one is warned of": `actor "x" "item" {
			count = COUNT
			key   = count.index == 2900 ? [] : ["t", count.index]
		}`,
	}
	if !testing.Short() {
		for _, source := range kindsOfSources {
			configurations[source.name] = source.configuration
		}
	}
	instances := 3_000
	if testing.Short() {
		instances = 2_000 // the fewest that are spread
	}
	for name, configuration := range configurations {
		t.Run(name, func(t *testing.T) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
			want := instancesOf(t, sourcesOf(configuration, instances))
			runtime.GOMAXPROCS(4)
			if diff := cmp.Diff(want, instancesOf(t, sourcesOf(configuration, instances))); diff != "" {
				t.Errorf("on four cores (-one +four):\n%.2000s", diff)
			}
		})
	}
}

// instancesOf are the instances of a configuration, and what is wrong with them.
func instancesOf(t *testing.T, files map[string][]byte) (all []string) {
	t.Helper()
	there := map[string]string{}
	for i := 0; i < 3_000; i += 2 {
		there[fmt.Sprintf("t/item-%d", i)] = fmt.Sprintf("id-%d", i)
	}
	e, diags := tryFiles(t, Server{Observer: &fakeServer{actors: there}}, files)
	for _, d := range e.Desired() {
		one := fmt.Sprintf("%s %q %#v %v", d.Address, d.Key, d.Input, d.DependsOn)
		for _, s := range d.Steps {
			what, sent := s.Sends()
			one += fmt.Sprintf(" %s %s %#v", s.Address, what, sent)
		}
		all = append(all, one)
	}
	for _, d := range diags {
		all = append(all, d.Error(), d.Detail)
	}
	return all
}
