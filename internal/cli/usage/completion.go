package usage

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// CandidatesCommand is the command that the scripts run to be told what may come next.
const CandidatesCommand = "__candidates"

//go:embed completion.bash
var bash string

//go:embed completion.zsh
var zsh string

//go:embed completion.fish
var fish string

// Shells are those for which there is a script.
func Shells() []string { return []string{"bash", "fish", "zsh"} }

// Completion returns the script that makes a shell complete; nothing for a shell that is not known.
func Completion(shell string) string {
	switch shell {
	case "bash":
		return bash
	case "fish":
		return fish
	case "zsh":
		return zsh
	default:
		return ""
	}
}

// Candidates lists what the last of some words, as the script of a shell gives them, may become; nothing where that is a file. addresses
// lists those of the declared actors, or with steps those of their steps too, and is asked where they are wanted.
func Candidates(root *cli.App, words []string, addresses func(steps bool) []string) []string {
	if len(words) == 0 {
		words = []string{""}
	}
	commands, flags, path := root.Commands, root.Flags, ""
	last := len(words) - 1
	words[last] = strings.TrimLeft(words[last], `'"`) // of a quotation that is still open
	for _, word := range words[:last] {
		if c := find(commands, word); c != nil {
			commands, flags, path = c.Subcommands, append(c.Flags, root.Flags...), strings.TrimSpace(path+" "+c.Name)
		}
	}
	word := words[last]
	if flag, prefix, ok := flagOf(words, flags); ok {
		return matching(prefix, valuesOf(addresses, flag.Names()[0]))
	}
	if flag, value, ok := strings.Cut(word, "="); ok && strings.HasPrefix(flag, "-") {
		var whole []string
		for _, candidate := range matching(value, valuesOf(addresses, strings.TrimLeft(flag, "-"))) {
			whole = append(whole, flag+"="+candidate)
		}
		return whole
	}
	switch {
	case strings.HasPrefix(word, "-"):
		return matching(word, spelled(flags, word))
	case len(commands) > 0:
		return matching(word, namesOf(commands))
	default:
		return matching(word, argumentsOf(addresses, path))
	}
}

// flagOf returns the flag whose value is being typed as a word of its own, and that word without quotation. Some shells make
// words of "=" too.
func flagOf(words []string, flags []cli.Flag) (flag cli.Flag, value string, ok bool) {
	value, before := words[len(words)-1], words[:len(words)-1]
	if value == "=" {
		value = ""
	} else if n := len(before); n > 0 && before[n-1] == "=" {
		before = before[:n-1]
	}
	if len(before) == 0 || !strings.HasPrefix(before[len(before)-1], "-") {
		return nil, "", false
	}
	flag = findFlag(flags, before[len(before)-1])
	return flag, value, takesNext(flag, before[len(before)-1])
}

// Folder returns the one in which the command of some words, as the script of a shell gives them, will work; nothing for that of the shell.
func Folder(words []string) string {
	for i, word := range words {
		flag, value, _ := strings.Cut(word, "=")
		if flag != "-chdir" && flag != "--chdir" {
			continue
		}
		for _, next := range append([]string{value}, words[i+1:]...) {
			if value := strings.Trim(next, `'"=`); value != "" {
				return value
			}
		}
	}
	return ""
}

func namesOf(commands []*cli.Command) []string {
	names := make([]string, len(commands))
	for i, c := range commands {
		names[i] = c.Name
	}
	return names
}

// spelled returns flags with as many dashes as the word has, and with the sign behind which a value is to come.
func spelled(flags []cli.Flag, word string) (names []string) {
	dashes := "-"
	if strings.HasPrefix(word, "--") {
		dashes = "--"
	}
	for _, flag := range flags {
		name := dashes + flag.Names()[0]
		if takesNext(flag, name) {
			name += "="
		}
		names = append(names, name)
	}
	return names
}

func matching(prefix string, candidates []string) []string {
	return slices.DeleteFunc(slices.Sorted(slices.Values(candidates)), func(c string) bool { return !strings.HasPrefix(c, prefix) })
}

// valuesOf lists what may be said with a flag.
func valuesOf(addresses func(steps bool) []string, flag string) []string {
	switch flag {
	case "target", "exclude", "replace":
		return addresses(false)
	case "rerun", "mark-done", "invoke", "ignore":
		return addresses(true)
	case "on-unknown":
		return []string{"run", "done", "skip"}
	default:
		return nil
	}
}

// argumentsOf lists what may be an argument of a command.
func argumentsOf(addresses func(steps bool) []string, command string) []string {
	switch command {
	case "get", "call", "ledger list", "ledger show", "ledger rm":
		return addresses(false)
	case "ledger mv":
		return addresses(true)
	case "completion":
		return Shells()
	default:
		return nil
	}
}
