package decide

import "riveter/plan"

// consulted tells which actors data blocks name, by the addresses of these.
type consulted struct {
	identities map[plan.Identity]string
	ids        map[string]string
	open       map[string]string // by the names of which it may be any actor
}

func (in *Inputs) consulted() consulted {
	c := consulted{map[plan.Identity]string{}, map[string]string{}, map[string]string{}}
	for _, d := range in.Consulted {
		switch data := d.Address.String(); {
		case d.ID != "":
			c.ids[d.ID] = data
		case d.Key != nil:
			c.identities[d.Identity()] = data
		default:
			c.open[d.Address.Name] = data
		}
	}
	return c
}

// by returns the address of a data block that names what is remembered.
func (c consulted) by(e *plan.Entry) (data string, named bool) {
	if data, named = c.ids[e.ActorID]; !named {
		data, named = c.identities[e.Identity()]
	}
	return data, named
}
