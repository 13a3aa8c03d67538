riveter {
  required_version = "new" # ERROR: Invalid version constraint | Write it like ">= 0.1" or "~> 1.2"
  ledger "locl" {} # ERROR: Unknown kind of ledger | Did you mean "local"?
}

rivet {
  params         = {}
  params_command = ["x"] # ERROR: Conflicting arguments | Remove one of the two
}

variable "type" {
  type = "string" # ERROR: Invalid type | A type is written without quotes, such as string or list(string)
}

variable "types" {
  type = strng # ERROR: Invalid type specification | Did you mean "string"?
}

variable "collection" {
  type = list # ERROR: Invalid type specification | The list type constructor requires one argument specifying the element type
}

variable "default" {
  type    = number
  default = "many" # ERROR: Invalid default | a number is required
}

variable "object" {
  type    = object({ name = string, limit = optional(number, 3) })
  default = { limit = 3 } # ERROR: Invalid default | attribute "name" is required
}

variable "constant" {
  sensitive = var.type # ERROR: Constant value needed | "sensitive" is read before anything is evaluated, so it cannot refer to other
}

actor "a" "dep" {
  key        = "dep"
  depends_on = ["actor.a.b"] # ERROR: Invalid dependency | depends_on is a list of references such as actor.chatRoom.room or
}

actor "a" "one" {
  key        = "one"
  depends_on = actor.a.dep # ERROR: Invalid dependency | [actor.chatRoom.room]
}

actor "a" "what" {
  key        = "what"
  depends_on = [var.type, actor.a.dep.id] # ERROR: Invalid dependency | Only actors, data and modules can be depended on, not "var" # ERROR: Invalid dependency | write actor.a.dep without what follows
}
