package devrivet

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

type object = map[string]any

// engineConfig is for a short life on a busy machine: an engine with the default
// settings takes no work while the whole machine's CPU is busy (worker_cpu_max), and
// waits minutes for open connections when it is asked to stop.
func (r *Rivet) engineConfig() object {
	p, leader := r.ports, cmp.Or(r.leader, r.ports)
	listen := func(port int) object { return object{"host": "127.0.0.1", "port": port} }
	config := object{
		"guard":     listen(p.public),
		"api_peer":  listen(p.peer),
		"metrics":   listen(p.metrics),
		"telemetry": object{"enabled": false},
		"runtime": object{
			"worker_cpu_max":           1_000_000,
			"guard_shutdown_duration":  2,
			"worker_shutdown_duration": 2,
			"force_shutdown_duration":  5,
		},
		"topology": object{
			"datacenter_label": 1,
			"datacenters": object{"default": object{
				"datacenter_label": 1, "is_leader": true,
				"public_url": loopback(leader.public), "peer_url": loopback(leader.peer),
			}},
		},
	}
	if lost := r.options.LostAfter; lost > 0 {
		config["pegboard"] = object{"envoy_lost_threshold": lost.Milliseconds()}
	}
	if r.storage == nil {
		config["file_system"] = object{"path": filepath.Join(r.folder.path, "db")}
	}
	maps.Copy(config, r.storage)
	return config
}

// startEngine starts the engine on the ports and the folder of r, and returns when it answers.
func (r *Rivet) startEngine(ctx context.Context) error {
	config := filepath.Join(r.folder.path, "engine.json")
	content, err := json.Marshal(r.engineConfig())
	if err != nil {
		return err
	}
	if err := os.WriteFile(config, content, 0o600); err != nil {
		return fmt.Errorf("configure the engine: %w", err)
	}
	var environment []string
	if r.options.AdminToken != "" {
		environment = append(environment, "RIVET__AUTH__ADMIN_TOKEN="+r.options.AdminToken)
	}
	r.engine, err = launch(ctx, program{
		name: "engine",
		argv: []string{r.packages.engine, "--config", config, "start"},
		dir:  r.folder.path,
		env:  cleanEnvironment(environment...),
		log:  r.options.EngineLog,
		hold: r.folder.hold,
	})
	if err != nil {
		return err
	}
	return r.await(ctx, r.engineAnswers)
}

// cleanEnvironment is ours for another program, with the additions.
func cleanEnvironment(additions ...string) []string {
	return slices.Concat(withoutBacktraces(WithoutRivet(os.Environ())), []string{"NO_COLOR=1"}, additions)
}

// WithoutRivet returns an environment without what would tell of another Rivet: all of Rivet's variables but those of its log.
func WithoutRivet(environment []string) []string {
	return slices.DeleteFunc(slices.Clone(environment), func(variable string) bool {
		return strings.HasPrefix(variable, "RIVET_") && !strings.HasPrefix(variable, "RIVET_LOG_")
	})
}

// withoutBacktraces leaves out what has the engine capture a backtrace for each error inside of it, which makes it ten times
// slower (seen with engine 2.3.19).
func withoutBacktraces(environment []string) []string {
	return slices.DeleteFunc(environment, func(variable string) bool {
		return strings.HasPrefix(variable, "RUST_BACKTRACE=") || strings.HasPrefix(variable, "RUST_LIB_BACKTRACE=")
	})
}
