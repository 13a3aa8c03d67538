variable "secret" {
  type      = string
  default   = "hush"
  sensitive = true
}

actor "a" "list" {
  for_each = ["x", "y"] # ERROR: Invalid for_each argument | toset()
  key      = each.key
}

actor "a" "secret" {
  for_each = toset([var.secret]) # ERROR: Invalid for_each argument | sensitive
  key      = each.key
}

actor "a" "fraction" {
  count = 1.5 # ERROR: Invalid count argument | whole number
  key   = count.index
}

actor "a" "object" {
  key = { name = "x" } # ERROR: Invalid key | not an object
}

actor "a" "null" {
  key = ["x", null] # ERROR: Invalid key | Part 2 of the key is null
}

actor "a" "nested" {
  key = [["x"]] # ERROR: Invalid key | Part 1 of the key is a list
}

actor "a" "hidden" {
  key = [var.secret] # ERROR: Invalid key | sensitive
}

actor "a" "long" {
  key = join("", [for i in range(1024) : "x/"]) # ERROR: Key too long | 3072 bytes
}

actor "a" "singleton" {
  key = [] # WARNING: Empty key | does not scale
}

actor "a" "first" {
  key = ["same", "1"]
}

actor "a" "second" {
  key = ["same", 1] # ERROR: Duplicate actor | actor.a.first
}

actor "a" "numbers" {
  key    = "numbers"
  input  = { sizes = [1, 9007199254740993] } # ERROR: Value cannot be sent | input.sizes[1] is 9007199254740993
  create = "creat"                           # ERROR: Unknown value | Did you mean "create"?

  action "x" {
    args    = "x"      # ERROR: Invalid arguments | brackets
    run     = "onchange" # ERROR: Unknown value | Did you mean "on_change"?
    timeout = 3        # ERROR: Invalid duration | with its unit
  }
}

actor "a" "repeated" {
  for_each = toset(["p", "q"])
  key      = ["r", each.key]
  input    = actor.a.others["pp"].id # ERROR: Reference to missing instance | Did you mean "p"?
}

actor "a" "others" {
  for_each = toset(["p", "q"])
  key      = ["o", each.key]
  input    = try(actor.a.first.input.nothing, "fine")
}

output "hidden" {
  value = var.secret # ERROR: Output of a sensitive value
}
