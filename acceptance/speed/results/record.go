// Package results keeps what the benchmark suite has measured, line by line, and says what comes of it: tables, what riveter is
// held to, how times grow, and a picture.
package results

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// A Task is what is measured.
type Task string

// What a contender does on a Rivet of its own, in this order; Validate, of so many instances, and Start need none.
const (
	Apply    Task = "apply"   // nothing is there: every actor is created, and called once
	Again    Task = "again"   // all of it is there
	Plan     Task = "plan"    // the same, with nothing to be done afterwards
	Verify   Task = "verify"  // every actor is asked what the call was for
	Destroy  Task = "destroy" // everything goes
	Validate Task = "validate"
	Start    Task = "start"
)

// Tasks are those on a Rivet.
var Tasks = []Task{Apply, Again, Plan, Verify, Destroy}

// Asked are those for which there is a cheapest way to ask, which is the limit's.
var Asked = []Task{Again, Plan}

// The contenders; Script is continued by how many actors it has in work at a time.
const (
	Riveter   = "riveter"
	Limit     = "limit"
	Script    = "script-"
	Terraform = "terraform"
)

// What riveter alone does without a server.
const (
	DataAlone   = "the data alone" // is only read
	FromData    = "from a data file"
	FromProduct = "from setproduct"
	Version     = "riveter version"
	OneBlock    = "riveter validate, of one block"
)

// A Key is what measurements have in common that can be compared.
type Key struct {
	Contender string `json:"contender,omitempty"`
	Task      Task   `json:"task,omitempty"`
	Size      int    `json:"size,omitempty"` // actors or instances
}

// A Cost is what a task took: seconds by the clock, seconds of CPU of either side, and the most that the tool held, in bytes.
type Cost struct {
	Wall   float64 `json:"wall,omitempty"`
	Tool   float64 `json:"tool,omitempty"`
	Engine float64 `json:"engine,omitempty"`
	Memory int64   `json:"memory,omitempty"`
}

// A Record is a line of the file: where the following ones are measured, or one measurement.
type Record struct {
	At    time.Time `json:"at"`
	Setup *Setup    `json:"setup,omitempty"`

	Key
	Round int `json:"round,omitempty"` // counted from 1; 0 where requests were counted
	Cost
	Requests int64  `json:"requests,omitempty"` // that the engine was asked
	Failed   string `json:"failed,omitempty"`   // why the contender came to nothing
}

// String is a line for who waits.
func (r Record) String() string {
	about := fmt.Sprintf("%s of %d, %s", r.Task, r.Size, title(r.Contender))
	switch {
	case r.Failed != "":
		return fmt.Sprintf("round %d, %s: failed: %s", r.Round, about, r.Failed)
	case r.Round == 0:
		return fmt.Sprintf("%s: %d requests", about, r.Requests)
	}
	return fmt.Sprintf("round %d, %s: %.3f s, CPU %.2f + %.2f s, %d MB", r.Round, about, r.Wall, r.Tool, r.Engine, r.Memory>>20)
}

// A Setup is a machine, and the versions on it.
type Setup struct {
	System    string `json:"system"`
	Cores     int    `json:"cores"`
	Processor string `json:"processor"`
	Go        string `json:"go"`
	Node      string `json:"node"`
	Rivetkit  string `json:"rivetkit"`
	Terraform string `json:"terraform,omitempty"`
	Build     string `json:"build"` // the beginning of the digest of riveter's binary

	// LostAfter is when the engine takes a silent registry for lost; 0 is its own time.
	LostAfter time.Duration `json:"lostAfter,omitempty"`
}

func (s Setup) String() string {
	versions := []string{s.Go, "Node " + s.Node, "rivetkit " + s.Rivetkit + " with its engine"}
	if s.Terraform != "" {
		versions = append(versions, s.Terraform)
	}
	said := fmt.Sprintf("%s, %d cores, %s; %s; riveter of build %s", s.System, s.Cores, s.Processor, strings.Join(versions, ", "), s.Build)
	if s.LostAfter > 0 {
		said += fmt.Sprintf("; a silent registry is lost after %.0f s", s.LostAfter.Seconds())
	}
	return said
}

// Results are what was measured, in the order in which it was.
type Results []Record

// Done reports whether a contender has been through a round: to its last task, or until it failed. Counting, which is done once, is
// done when it has not.
func (r Results) Done(last Key, round int) bool {
	return slices.ContainsFunc(r, func(m Record) bool {
		ended := m.Task == last.Task && m.Failed == "" || m.Failed != "" && round > 0
		return ended && m.Setup == nil && m.Round == round && m.Contender == last.Contender && m.Size == last.Size
	})
}

// Within reports whether the last measurements were made with a setup.
func (r Results) Within(s Setup) bool {
	for _, m := range slices.Backward(r) {
		if m.Setup != nil {
			return *m.Setup == s
		}
	}
	return false
}

// setups returns the different ones.
func (r Results) setups() []Setup {
	var all []Setup
	for _, m := range r {
		if m.Setup != nil && !slices.Contains(all, *m.Setup) {
			all = append(all, *m.Setup)
		}
	}
	return all
}

// dates returns the first and the last day of the measurements.
func (r Results) dates() string {
	first, last := r[0].At.Format(time.DateOnly), r[len(r)-1].At.Format(time.DateOnly)
	if first == last {
		return first
	}
	return first + " to " + last
}

// sizes returns, in order, at how many actors or instances there are measurements of one of the tasks.
func (r Results) sizes(of ...Task) []int {
	var all []int
	for _, m := range r {
		if slices.Contains(of, m.Task) {
			all = append(all, m.Size)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// contenders returns those that were measured on a Rivet, in the order of tables.
func (r Results) contenders() []string {
	var all []string
	for _, m := range r {
		if slices.Contains(Tasks, m.Task) && !slices.Contains(all, m.Contender) {
			all = append(all, m.Contender)
		}
	}
	slices.SortFunc(all, func(a, b string) int { return rank(a) - rank(b) })
	return all
}

// rank orders contenders.
func rank(contender string) int {
	width := 0
	if _, err := fmt.Sscanf(contender, Script+"%d", &width); err == nil {
		return 2 + width
	}
	return map[string]int{Riveter: 0, Limit: 1}[contender] + map[string]int{Terraform: 1 << 20}[contender]
}

// title is what a contender is called in front of people.
func title(contender string) string {
	if width, is := strings.CutPrefix(contender, Script); is {
		return "rivetkit/client, " + width + " at a time"
	}
	switch contender {
	case Limit:
		return "the limit: net/http, 16 at a time"
	case Terraform:
		return "terraform with restapi, 10 at a time"
	}
	return contender
}
