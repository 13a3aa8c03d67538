variable "secret" {
  default   = "hush"
  sensitive = true
}

actor "a" "object" {
  key = { name = "x" } # ERROR: Invalid key | A key is a string, or a list of strings such as ["org-acme", "general"], not
}

actor "a" "null" {
  key = null # ERROR: Invalid key | An actor without a key of its own has the key []
}

actor "a" "part" {
  key = ["x", null] # ERROR: Invalid key | Part 2 of the key is null, but a key is made of strings
}

actor "a" "nested" {
  key = [["x"]] # ERROR: Invalid key | Part 1 of the key is a list, but a key is made of strings
}

actor "a" "set" {
  key = toset(["x"]) # ERROR: Invalid key | A key is a string, or a list of strings such as ["org-acme", "general"], not
}

actor "a" "secret" {
  key = [var.secret] # ERROR: Invalid key | If it is no secret, say so with nonsensitive()
}

actor "a" "long" {
  key = join("", [for i in range(1024) : "x/"]) # ERROR: Key too long | Use a shorter name for what it stands for, or a hash of it
}

actor "a" "empty" {
  key = [] # WARNING: Empty key | If one is meant, give it a name, such as ["main"]
}

actor "a" "nul" {
  key = "a\u0000" # ERROR: Invalid key | its calls are never answered
}

actor "a" "first" {
  key = ["same", "1"]
}

actor "a" "second" {
  key = ["same", 1] # ERROR: Duplicate actor | Name and key tell actors apart, so one of the two needs another key
}

actor "a" "forgotten" {
  for_each = toset(["p", "q"])
  key      = "forgotten" # ERROR: Duplicate actor | Name and key tell actors apart, so one of the two needs another key
}

data "a" "id" {
  id = "chat-room-1" # ERROR: Invalid actor id | To look for an actor by its key, use "key"
}

actor "a" "escape" {
  key = ["a", "\u001b"] # ERROR: Invalid key | U+001B
}

actor "a" "lines" {
  key = "tab\tand\r\nlines"
}
