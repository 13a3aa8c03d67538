package hcl

// Declared is a block of the configuration, or a local value, with what it refers to.
type Declared struct {
	Address  string   // such as module.tenant.actor.chatRoom.room
	Module   string   // the module that declares it, such as module.tenant; empty for the root
	RefersTo []string // addresses, each once, in the order in which they are first mentioned
}

// Declared returns what is declared, each use of a module by itself, in source order. That something belongs to a module is
// not counted as a reference.
func (c *configuration) Declared() []Declared {
	var all []Declared
	for _, d := range c.tree.all() {
		entry := Declared{Address: d.fullAddress(), Module: d.unit.path}
		for _, n := range d.neighbours() {
			if n != d.unit.call {
				entry.RefersTo = append(entry.RefersTo, n.fullAddress())
			}
		}
		all = append(all, entry)
	}
	return all
}
