package operate

import (
	"riveter/plan"
	"riveter/plan/value"
)

// keepSecrets makes secrets of the sensitive values that are sent, in case that a server sends them back.
func (s *Session) keepSecrets(desired []*plan.Desired, outputs map[string]plan.Output) {
	var secrets []string
	for _, d := range desired {
		secrets = append(secrets, d.Secrets()...)
	}
	for _, c := range s.evaluation.RunnerConfigs() {
		secrets = append(secrets, value.Secrets(c.Datacenters)...)
	}
	for _, o := range outputs {
		secrets = append(secrets, value.Secrets(o.Value)...)
	}
	s.secrets.Add(secrets...)
}
