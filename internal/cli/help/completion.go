package help

import _ "embed"

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
