variable "limit" {
  default = 3
}

locals {
  room    = actor.chatRoom.loby.id # ERROR: Reference to undeclared actor | Did you mean "actor.chatRoom.lobby"?
  other   = actor.chatroom.lobby.id # ERROR: Reference to undeclared actor | Did you mean "actor.chatRoom.lobby"?
  info    = actor.chatRoom.lobby.read.inf # ERROR: Reference to undeclared read | Did you mean "info"?
  result  = actor.chatRoom.lobby.step.greeting.output # ERROR: Reference to undeclared step | There is first, greet
  output  = actor.chatRoom.lobby.step.greet.result # ERROR: Unsupported attribute | step.greet.output
  state   = actor.chatRoom.lobby.state # ERROR: Unsupported attribute | Elsewhere, declare a read for what is meant, or a data block
  ident   = actor.chatRoom.lobby.identifier # ERROR: Unsupported attribute | It has id, name, key, input, exists, created, create_ts, step, read
  prefix  = limit # ERROR: Invalid reference | Did you mean "var.limit"?
  locals  = locals.room # ERROR: Invalid reference | A reference to a local value is written local.NAME
  vars    = variable.limit # ERROR: Invalid reference | A reference to a variable is written var.NAME
  output2 = output.x # ERROR: Invalid reference | Refer to what its value is made of
  path    = path.modul # ERROR: Unsupported attribute | Did you mean "module"?
  dir     = path # ERROR: Invalid reference | Use path.module, path.root, path.cwd
  count   = count.index # ERROR: Reference to count outside count | "count" tells the instances of a repeated block apart
}

actor "chatRoom" "lobby" {
  key    = self.id # ERROR: Reference to self out of place | What makes an actor cannot depend on it
  params = { token = step.id } # ERROR: Reference to step out of place | "step" can only be used in the steps of an actor, where it is the step itself

  read "info" {
    args = [self.state] # ERROR: Reference to self.state out of place | "self.state" can only be used in the steps and postconditions of an actor,
  }
  action "first" {
    args = [step.greet.output] # ERROR: Reference to undeclared step | Only what an earlier step gave is known here
  }
  action "greet" {
    args    = [step.greet.output, event.args] # ERROR: Reference to undeclared step | Only what an earlier step gave is known here # ERROR: Reference to event out of place | "event" can only be used in the condition of an await block, where it is the
    only_if = read.information.topic == "news" # ERROR: Reference to undeclared read | It has info
    await "greeted" {
      condition = event.arguments[0] == "x" # ERROR: Unsupported attribute | There is no event.arguments, only event.args
    }
  }
}

variable "checked" {
  default = 1
  validation {
    condition     = var.chekced > 0 # ERROR: Reference to undeclared variable | Did you mean "var.checked"?
    error_message = "It must be positive."
  }
}

variable "fallback" {
  default = var.limit # ERROR: Constant value needed | The default of a variable cannot refer to other values
}
