variable "secret" {
  default   = "hush"
  sensitive = true
}

variable "rooms" {
  type    = list(string)
  default = ["a", "b"]
}

actor "a" "single" {
  key = "single"
}

actor "a" "list" {
  for_each = var.rooms # ERROR: Invalid for_each argument | Use toset() around a list of strings, or a map
  key      = ["list", each.key]
}

actor "a" "string" {
  for_each = "a" # ERROR: Invalid for_each argument | The value must be a map, an object or a set of strings, not a string
  key      = ["string", each.key]
}

actor "a" "numbers" {
  for_each = toset([1, 2]) # ERROR: Invalid for_each argument | This is a set of number
  key      = ["numbers", each.key]
}

actor "a" "unknown" {
  for_each = toset([actor.a.single.id]) # ERROR: Invalid for_each argument | Use a map with known keys, and put what is not known into its values
  key      = ["unknown", each.key]
}

actor "a" "unknown_count" {
  count = actor.a.single.created ? 1 : actor.a.single.create_ts # ERROR: Invalid count argument | variables, local values and files
  key   = ["unknown", count.index]
}

actor "a" "unknown_enabled" {
  enabled = actor.a.single.id == "x" # ERROR: Value not known while planning | "enabled" depends on what is only known after apply, but it must be known to
  key     = ["unknown"]
}

actor "a" "secret" {
  for_each = toset([var.secret]) # ERROR: Invalid for_each argument | If it is no secret, say so with nonsensitive()
  key      = ["secret", each.key]
}

actor "a" "null" {
  for_each = null # ERROR: Invalid for_each argument | For no instances at all, use an empty map or set
  key      = ["null", each.key]
}

actor "a" "fraction" {
  count = 1.5 # ERROR: Invalid count argument | The value must be a whole number from 0 to 500000
  key   = count.index
}

actor "a" "negative" {
  count = -1 # ERROR: Invalid count argument | The value must be a whole number from 0 to 500000
  key   = count.index
}

actor "a" "text" {
  count = "many" # ERROR: Invalid count argument | The value must be a whole number, not a string
  key   = count.index
}

actor "a" "null_in_set" {
  for_each = toset(["a", null]) # ERROR: Invalid for_each argument | The set has an element that is null, which cannot be the name of an instance
  key      = each.key
}

actor "a" "enabled" {
  enabled = "maybe" # ERROR: Wrong type of value | "enabled" must be true or false, not a string
  key     = "enabled"
}

actor "a" "step" {
  key = "step"
  action "greet" {
    for_each = ["x"] # ERROR: Invalid for_each argument | Use toset() around a list of strings, or a map
    args     = [each.key]
  }
}

actor "a" "each" {
  for_each = toset(["p"])
  key      = ["each", each.value.name] # ERROR: Unsupported attribute | The value is a string, from which nothing can be selected
}

actor "a" "secret_enabled" {
  enabled = var.secret == "x" # ERROR: Invalid enabled argument | The value is sensitive
  key     = "enabled"
}
