package usage

// What the tests look up, with the commands that there are.
var (
	Find             = find
	FindFlag         = findFlag
	Examples         = examples
	InsteadOfCommand = insteadOfCommand
	InsteadOfFlag    = insteadOfFlag
)
