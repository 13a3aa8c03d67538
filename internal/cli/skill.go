package cli

import (
	"errors"
	"io/fs"
	"path/filepath"

	"riveter/hcl"
	"riveter/internal/cli/manual"
	"riveter/internal/operate"
	"riveter/internal/redact"
)

// Manual returns what there is to write about the language and the commands.
func Manual() *manual.Manual {
	return (&app{secrets: &redact.Set{}}).manual()
}

func (a *app) manual() *manual.Manual {
	return &manual.Manual{Language: hcl.Describe(), Program: a.commands()}
}

// writeSkill writes instructions for coding agents.
func (a *app) writeSkill(dir string) error {
	path := filepath.Join(dir, "SKILL.md")
	err := writeNew(path, []byte(a.manual().Skill()))
	if errors.Is(err, fs.ErrExist) {
		return operate.Problemf("File exists", "%s is there already. Where nobody has changed it, remove it first.", path)
	}
	if err != nil {
		return err
	}
	a.newScreen(viewOptions{}).Note(a.andThen("Wrote "+path+".", "Coding agents look for it in .claude/skills/riveter, or are told of it in AGENTS.md."))
	return nil
}
