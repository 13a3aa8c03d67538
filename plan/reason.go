package plan

// The reasons that say no more than the action or decision itself.
const (
	ReasonAbsent     = "it does not exist"
	ReasonKeyUnknown = "its key is known after apply"
	ReasonCallsDue   = "calls are due"
	ReasonCreated    = "riveter created it"
	ReasonNewActor   = "the actor is made by this run"
	ReasonUnread     = "not looked at, as -refresh=false says"
	ReasonWithheld   = "not looked at, as what it compares is a result that was not kept"
	ReasonUnkept     = "not looked at, as nobody kept what it compares"
	ReasonInTurn     = "looked at after the steps before it"
)
