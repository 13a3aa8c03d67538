package client_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"riveter/client"
)

// The driver suite: what a client of Rivet Actors does, area by area, as scripts in
// testdata/driver/cases. Each is carried out twice in the same run, by this package and by
// RivetKit's own client (column.mjs), each with actors of its own, and everything that comes
// of it must be the same, and be what the script says.

// driverCase is one script.
type driverCase struct {
	title     string
	encodings []client.Encoding
	steps     []step
}

// step is one line of a script: [OUT =] [ON.]VERB ARGS [-> VALUE | !! CODE [METADATA]] [~ WHY [ENCODING ...]].
// The last is said where RivetKit's client is known to do otherwise.
type step struct {
	Line string
	Out  string
	On   string
	Verb string
	Args []any
	Want any

	Differs []client.Encoding

	hasWant  bool
	wantCode string
}

// outcome is what came of a step.
type outcome struct {
	Value any      `json:"value"`
	Error *failure `json:"error"`
}

type failure struct {
	Code     string `json:"code"`
	Message  string `json:"message"`
	Metadata any    `json:"metadata"`
	Actor    bool   `json:"actor"` // an actor said it, and so its text is the same
}

// isLate tells the end of a step that came by itself from one that had to be made.
func (f failure) isLate() bool {
	return strings.Contains(f.Message, "out of time") || strings.Contains(f.Message, "deadline exceeded")
}

func TestDriver(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("testdata", "driver", "cases", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	other := startColumn(t)
	cases, runs, once := 0, 0, fmt.Sprint(time.Now().UnixNano())
	for _, file := range files {
		for n, s := range readCases(t, file) {
			cases++
			for _, encoding := range s.encodings {
				runs++
				area := strings.TrimSuffix(filepath.Base(file), ".txt")
				t.Run(fmt.Sprintf("%s/%s/%s", area, s.title, encoding), func(t *testing.T) {
					t.Parallel()
					s.run(t, other, encoding, client.Key{area, fmt.Sprint(n), once})
				})
			}
		}
	}
	t.Logf("%d cases, %d runs in each of two columns", cases, runs)
}

// lostStart is in a problem that is the gateway's, or that of an actor of which nothing is heard, which fell asleep with a call, or
// takes longer to go than the case waits.
var lostStart = regexp.MustCompile(`"(guard|pegboard)\.|"actor\.(dropped_reply|stopping|destroying)"|does not answer any more|fails: .*(out of time|deadline exceeded)`)

// run carries a case out, and once more where it is the gateway that failed: the engine loses the
// start of one actor in some hundreds (wire reference, section 17), which a call is told of as
// guard.actor_ready_timeout, and a connection as guard.websocket_garbage_collected; or nobody is told of it.
func (s driverCase) run(t *testing.T, other *otherColumn, encoding client.Encoding, key client.Key) {
	t.Helper()
	problems := s.attempt(t, other, encoding, key)
	if slices.ContainsFunc(problems, lostStart.MatchString) {
		t.Logf("once more, since the engine lost a start: %s", problems[0])
		problems = s.attempt(t, other, encoding, append(key, "again"))
	}
	for _, problem := range problems {
		t.Error(problem)
	}
}

// attempt carries the case out in both columns and returns what is wrong.
func (s driverCase) attempt(t *testing.T, other *otherColumn, encoding client.Encoding, key client.Key) (problems []string) {
	t.Helper()
	key = append(key, encoding.String())
	answer := other.carryOut(t, encoding, append(client.Key{"js"}, key...), s.steps)
	column := newColumn(t, encoding, append(client.Key{"go"}, key...))
	ours := make([]outcome, len(s.steps))
	for i, step := range s.steps {
		ours[i] = column.carryOut(step)
		if problem := step.check("Go", ours[i]); problem != "" {
			return []string{problem} // what follows from it says nothing
		}
	}
	theirs := <-answer
	for i, step := range s.steps {
		diff := cmp.Diff(step.comparable(theirs[i]), step.comparable(ours[i]))
		switch {
		case !slices.Contains(step.Differs, encoding):
			problems = append(problems, step.check("JavaScript", theirs[i]))
			if diff != "" {
				problems = append(problems, fmt.Sprintf("%s (-JavaScript +Go):\n%s", step.Line, diff))
			}
		case diff == "":
			problems = append(problems, step.Line+": the columns do not differ any more")
		}
	}
	return slices.DeleteFunc(problems, func(problem string) bool { return problem == "" })
}

// comparable leaves out the texts that a client makes itself.
func (s step) comparable(o outcome) outcome {
	if o.Error != nil && s.wantCode == "*" && !o.Error.isLate() {
		return outcome{Error: &failure{Code: "any"}}
	}
	if o.Error != nil && !o.Error.Actor {
		return outcome{Error: &failure{Code: o.Error.Code, Metadata: o.Error.Metadata}}
	}
	return o
}

// check holds an outcome against what the script says, and returns what is wrong.
func (s step) check(column string, got outcome) string {
	switch {
	case s.wantCode == "*" && got.Error != nil && got.Error.isLate():
		return fmt.Sprintf("%s: %s does not come to an end", s.Line, column)
	case s.wantCode != "" && (got.Error == nil || got.Error.Code != s.wantCode && s.wantCode != "*"):
		return fmt.Sprintf("%s: %s gives %s", s.Line, column, inJSON(got))
	case s.wantCode != "" && s.hasWant && !cmp.Equal(s.Want, got.Error.Metadata):
		return fmt.Sprintf("%s: %s gives the metadata %s", s.Line, column, inJSON(got.Error.Metadata))
	case s.wantCode == "" && got.Error != nil:
		return fmt.Sprintf("%s: %s fails: %s", s.Line, column, inJSON(got.Error))
	case s.wantCode == "" && s.hasWant && !cmp.Equal(s.Want, got.Value):
		return fmt.Sprintf("%s: %s gives %s", s.Line, column, inJSON(got.Value))
	default:
		return ""
	}
}

func inJSON(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(data)
}

// readCases reads a file of cases, each of which begins with "# TITLE [ENCODING ...]".
func readCases(t *testing.T, file string) []driverCase {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var scripts []driverCase
	for n, line := range strings.Split(string(content), "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "//"):
		case strings.HasPrefix(line, "# "):
			scripts = append(scripts, newCase(line[2:]))
		default:
			s, err := readStep(line)
			if err != nil || len(scripts) == 0 {
				t.Fatalf("%s:%d: %s: %v", file, n+1, line, err)
			}
			last := &scripts[len(scripts)-1]
			last.steps = append(last.steps, s)
		}
	}
	return scripts
}

func newCase(title string) driverCase {
	every := []client.Encoding{client.Bare, client.CBOR, client.JSON}
	title, list, only := strings.Cut(strings.TrimSuffix(title, "]"), " [")
	if !only {
		return driverCase{title: title, encodings: every}
	}
	s := driverCase{title: title}
	for _, encoding := range every {
		if slices.Contains(strings.Fields(list), encoding.String()) {
			s.encodings = append(s.encodings, encoding)
		}
	}
	return s
}

var stepPattern = regexp.MustCompile(`^(?:(\w+) = )?(?:(\w+)\.)?(\w+)(?: (.*))?$`)

func readStep(line string) (step, error) {
	said, why, differs := strings.Cut(line, " ~ ")
	text, want, hasWant := strings.Cut(said, " -> ")
	text, failure, fails := strings.Cut(text, " !! ")
	parts := stepPattern.FindStringSubmatch(text)
	if parts == nil {
		return step{}, fmt.Errorf("no step")
	}
	s := step{Line: line, Out: parts[1], On: parts[2], Verb: parts[3], hasWant: hasWant}
	if differs {
		s.Differs = newCase(why).encodings
	}
	if fails {
		s.wantCode, want, s.hasWant = cutWord(failure)
	}
	if s.hasWant {
		if err := json.Unmarshal([]byte(want), &s.Want); err != nil {
			return s, fmt.Errorf("%s: %w", want, err)
		}
	}
	var err error
	s.Args, err = readArgs(parts[4])
	return s, err
}

func cutWord(text string) (word, rest string, more bool) {
	word, rest, more = strings.Cut(strings.TrimSpace(text), " ")
	return word, rest, more
}

// readArgs reads words and JSON values.
func readArgs(text string) ([]any, error) {
	args := []any{}
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		if strings.ContainsRune(`[{"-0123456789`, rune(text[0])) {
			d := json.NewDecoder(strings.NewReader(text))
			var v any
			if err := d.Decode(&v); err != nil {
				return nil, err
			}
			args, text = append(args, v), text[d.InputOffset():]
			continue
		}
		word, rest, _ := strings.Cut(text, " ")
		args, text = append(args, word), rest
	}
	return args, nil
}

// otherColumn is the process that carries scripts out with RivetKit's client.
type otherColumn struct {
	mu      sync.Mutex
	in      io.Writer
	next    int
	waiting map[int]chan<- []outcome
}

func startColumn(t *testing.T) *otherColumn {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "node", filepath.Join("testdata", "driver", "column.mjs"))
	cmd.Stderr = os.Stderr
	cmd.Env = append(os.Environ(), "RIVET_LOG_LEVEL=silent", "LOG_LEVEL=silent")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c := &otherColumn{in: in, waiting: map[int]chan<- []outcome{}}
	go c.listen(out)
	t.Cleanup(func() {
		in.Close()
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return c
}

func (c *otherColumn) listen(out io.Reader) {
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		var said struct {
			ID       int
			Outcomes []outcome
		}
		if json.Unmarshal(line, &said) == nil {
			c.mu.Lock()
			if answer, ok := c.waiting[said.ID]; ok {
				answer <- said.Outcomes
			}
			c.mu.Unlock()
		}
	}
}

// carryOut begins a script; its outcomes come when it is done.
func (c *otherColumn) carryOut(t *testing.T, encoding client.Encoding, key client.Key, steps []step) chan []outcome {
	t.Helper()
	answer := make(chan []outcome, 1)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.next++
	c.waiting[c.next] = answer
	told := make([]map[string]any, len(steps))
	for i, s := range steps {
		told[i] = map[string]any{
			"out": s.Out, "on": s.On, "verb": s.Verb, "args": s.Args, "want": s.Want, "fails": s.wantCode != "", "differs": slices.Contains(s.Differs, encoding),
		}
	}
	line, err := json.Marshal(map[string]any{"id": c.next, "endpoint": endpoint(), "encoding": encoding.String(), "key": key, "steps": told})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.in.Write(append(line, '\n')); err != nil {
		t.Fatal(err)
	}
	return answer
}
