rivet {
  endpoint = actor.chatRoom.lobby.id # ERROR: Reference to what is not known yet | cannot depend on actor.chatRoom.lobby
  tokn     = "x"                     # ERROR: Unsupported argument | Did you mean "token"?
}

variabel "x" {} # ERROR: Unsupported block type | Did you mean "variable"?

variable "token" {
  type = "string" # ERROR: Invalid type | without quotes
}

variable "limit" {
  type    = number
  default = "many" # ERROR: Invalid default | a number is required
}

locals {
  short   = vr.token         # ERROR: Invalid reference | Did you mean "var"?
  bare    = general          # ERROR: Invalid reference | "general"
  missing = var.tokn         # ERROR: Reference to undeclared variable | Did you mean "var.token"?
  self    = self.id          # ERROR: Reference to self out of place
  partial = actor.chatRoom   # ERROR: Invalid reference | actor.NAME.LABEL
  kind    = chatRoom.lobby   # ERROR: Invalid reference | Did you mean "actor.chatRoom.lobby"?
  nothing = actor.chatRoom.x # ERROR: Reference to undeclared actor
}

actor "chatRoom" "lobby" {
  key    = ["lobby"]
  input  = actor.chatRoom.lobby.id # ERROR: Reference to itself | "self" is the actor
  params = each.key                # ERROR: Reference to each outside for_each | in a block that has "for_each"

  action "greet" {
    args = [actor.chatRoom.rooms.id, self.idd] /* ERROR: Missing instance key | actor.chatRoom.rooms[each.key].id */ # ERROR: Unsupported attribute | only self.id
  }
  action "greet" {} # ERROR: Duplicate step
}

actor "chatRoom" "rooms" {
  for_each   = toset(["a"])
  key        = [each.value]
  input      = count.index                  # ERROR: Reference to count outside count | each.key
  depends_on = ["actor.chatRoom.lobby"]     # ERROR: Invalid dependency | without quotes
}

actor "chat room" "1st" { /* ERROR: Invalid actor name */ # ERROR: Invalid name
  key   = "x"
  input = actor.chatRoom.lobby["a"].id # ERROR: Unexpected instance key
}

actor "chatRoom" "lobby" { # ERROR: Duplicate actor | is declared already
  key = "other"
}
