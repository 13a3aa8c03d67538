package acceptance

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestEveryPoolConverges does to pools what TestEveryApplyConverges does to actors.
func TestEveryPoolConverges(t *testing.T) {
	t.Parallel()
	check(t, func(t *trial) {
		p := &poolTrial{trial: t, live: map[string]pool{}, created: map[string]bool{}}
		for range rapid.IntRange(2, 4).Draw(t.T, "rounds") {
			p.round()
		}
	})
}

// poolTrial is a trial with pools, and what is to be expected of them: which there are, and which riveter remembers to have
// created.
type poolTrial struct {
	*trial
	declared map[string]pool
	live     map[string]pool
	created  map[string]bool
}

// pool is the part of a pool's settings that changes: how many runners there may be, and the value of a header, which is
// not sent where it is empty.
type pool struct {
	runners int
	header  string
}

func (p *poolTrial) round() {
	p.declared = map[string]pool{}
	for _, name := range p.names() {
		if rapid.Bool().Draw(p.T, name+" is declared") {
			p.declared[name] = drawPool(p.T)
		}
	}
	p.save("", p.render())
	for range rapid.IntRange(0, 2).Draw(p.T, "interferences") {
		p.interfere()
	}
	var flags []string
	prune := rapid.Bool().Draw(p.T, "prunes")
	if prune {
		flags = []string{"-prune"}
	}
	code, output := p.riveter("plan", append(flags, "-json"))
	planned, err := readPlan(output)
	p.check(err)
	if diff := cmp.Diff(p.verdicts(prune), planned.verdicts(nil)); code != 0 || diff != "" {
		p.Fatalf("the plan ended with %d and is not what is right (-right +planned)\n%s", code, diff)
	}
	p.apply(prune)
	if code, output := p.riveter("apply", append(flags, "-auto-approve")); code != 0 {
		p.Fatalf("the apply ended with %d\n%s", code, output)
	}
	if code, output := p.riveter("plan", []string{"-detailed-exitcode"}); code != 0 {
		p.Fatalf("something is left to do after an apply\n%s", output)
	}
	if diff := cmp.Diff(p.live, p.seen(), cmp.AllowUnexported(pool{})); diff != "" {
		p.Fatalf("the pools are not what they should be (-right +seen)\n%s", diff)
	}
}

// names are of pools that no other trial has, as pools are not made of keys.
func (p *poolTrial) names() []string { return []string{p.run + "-cpu", p.run + "-gpu"} }

func drawPool(t *rapid.T) pool {
	return pool{rapid.IntRange(1, 2).Draw(t, "runners"), rapid.SampledFrom([]string{"", "red", "blue"}).Draw(t, "header")}
}

// interfere does to one pool what somebody else may do.
func (p *poolTrial) interfere() {
	name := rapid.SampledFrom(p.names()).Draw(p.T, "interferes with")
	path := "/runner-configs/" + name
	if rapid.Bool().Draw(p.T, "deletes") {
		_, err := p.engine.request(http.MethodDelete, path, nil, nil)
		p.check(err)
		delete(p.live, name)
		return
	}
	p.live[name] = drawPool(p.T)
	data, err := json.Marshal(map[string]any{"datacenters": map[string]any{"default": map[string]any{"serverless": p.live[name].settings()}}})
	p.check(err)
	_, err = p.engine.request(http.MethodPut, path, nil, data)
	p.check(err)
}

// settings are all that a pool has.
func (s pool) settings() map[string]any {
	return map[string]any{
		"url": "http://127.0.0.1:1/", "headers": s.headers(), "request_lifespan": 7200, "slots_per_runner": 1,
		"min_runners": 0, "max_runners": s.runners, "runners_margin": 0,
	}
}

func (s pool) headers() map[string]string {
	if s.header == "" {
		return map[string]string{}
	}
	return map[string]string{"x-team": s.header}
}

func (p *poolTrial) render() []byte {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(p.declared)) {
		settings, err := json.Marshal(p.declared[name].headers())
		p.check(err)
		fmt.Fprintf(&b, `
runner_config %q {
  datacenter "default" {
    serverless {
      url              = "http://127.0.0.1:1/"
      headers          = %s
      request_lifespan = 7200
      slots_per_runner = 1
      max_runners      = %d
    }
  }
}
`, name, settings, p.declared[name].runners)
	}
	b.WriteString("locals {}\n")
	return []byte(b.String())
}

// verdicts says what a plan does with every pool that is declared or remembered, by address.
func (p *poolTrial) verdicts(prune bool) map[string]verdict {
	verdicts := map[string]verdict{}
	for name := range p.created {
		verdicts["runner_config."+name] = "forget"
		if _, exists := p.live[name]; exists && prune {
			verdicts["runner_config."+name] = "destroy"
		}
	}
	for name, declared := range p.declared {
		switch live, exists := p.live[name]; {
		case !exists:
			verdicts["runner_config."+name] = "create"
		case live != declared:
			verdicts["runner_config."+name] = "update"
		default:
			verdicts["runner_config."+name] = "no-op"
		}
	}
	return verdicts
}

// apply does what riveter should do.
func (p *poolTrial) apply(prune bool) {
	for name := range p.created {
		if _, declared := p.declared[name]; declared {
			continue
		}
		delete(p.created, name)
		if prune {
			delete(p.live, name)
		}
	}
	for name, declared := range p.declared {
		if _, exists := p.live[name]; !exists {
			p.created[name] = true
		}
		p.live[name] = declared
	}
}

// seen asks the engine for the pools, all at once, since its answer about a single one is some seconds old.
func (p *poolTrial) seen() map[string]pool {
	data, err := p.engine.request(http.MethodGet, "/runner-configs", url.Values{"limit": {"1000"}}, nil)
	p.check(err)
	var answer struct {
		Configs map[string]struct {
			Datacenters map[string]struct {
				Serverless struct {
					Headers map[string]string
					Runners int `json:"max_runners"`
				}
			}
		} `json:"runner_configs"`
	}
	p.check(json.Unmarshal(data, &answer))
	seen := map[string]pool{}
	for _, name := range p.names() {
		if config, exists := answer.Configs[name]; exists {
			settings := config.Datacenters["default"].Serverless
			seen[name] = pool{settings.Runners, settings.Headers["x-team"]}
		}
	}
	return seen
}
