actor "chatRoom" "lobby" {
  key = "lobby"
  action "greet" {}
  message "bell" {}
}

moved {
  from = "actor.chatRoom.hall" # ERROR: Invalid address | "from" is an address such as actor.chatRoom.room,
  to   = actor.chatRoom.lobby
}

moved {
  from = actor.chatRoom.hall
  to   = module.hall # ERROR: Invalid move | What was an actor cannot become a module.
}

moved {
  from = actor.chatRoom # ERROR: Invalid address | "from" is an address such as actor.chatRoom.room,
  to   = actor.chatRoom.lobby
}

moved { # ERROR: Still declared | Remove its block, or this one
  from = actor.chatRoom.lobby
  to   = actor.chatRoom.parlour
}

moved { # WARNING: Move to what is not declared | Did you mean "actor.chatRoom.lobby"?
  from = actor.chatRoom.hall
  to   = actor.chatRoom.loby
}

moved {
  from = actor.chatRoom.corridor
  to   = actor.chatRoom.corridor # ERROR: Invalid move | Both addresses are actor.chatRoom.corridor, so nothing is moved
}

moved { # ERROR: Contradicting moves | actor.chatRoom.hall becomes actor.chatRoom.lobby here, and actor.chatRoom.loby at
  from = actor.chatRoom.hall
  to   = actor.chatRoom.lobby
}

moved {
  from = actor.chatRoom.porch
  to   = actor.chatRoom.lobby
}

moved { # ERROR: Contradicting moves | actor.chatRoom.lobby is what was actor.chatRoom.stairs here, and what was actor.chatRoom.porch at
  from = actor.chatRoom.stairs
  to   = actor.chatRoom.lobby
}

# Steps
moved {
  from = actor.chatRoom.lobby.action.hello
  to   = actor.chatRoom.lobby.action.greet
}

moved { # ERROR: Contradicting moves | actor.chatRoom.lobby.action.greet is what was actor.chatRoom.lobby.action.hi here, and what was
  from = actor.chatRoom.lobby.action.hi
  to   = actor.chatRoom.lobby.action.greet
}

moved { # WARNING: Move to what is not declared | Did you mean "actor.chatRoom.lobby.action.greet"?
  from = actor.chatRoom.lobby.action.wave
  to   = actor.chatRoom.lobby.action.gret
}

moved { # ERROR: Still declared | actor.chatRoom.lobby.message.bell is declared at
  from = actor.chatRoom.lobby.message.bell
  to   = actor.chatRoom.lobby.message.ring
}

moved {
  from = actor.chatRoom.lobby.action.bell
  to   = actor.chatRoom.lobby.message.bell # ERROR: Invalid move | What was an action cannot become a message
}

moved {
  from = actor.chatRoom.hall.action.greet
  to   = actor.chatRoom.lobby.action.greet # ERROR: Invalid move | A step is renamed within its actor
}

moved {
  from = actor.chatRoom.lobby.step.hello # ERROR: Invalid address | or actor.chatRoom.room.action.greet, without quotes
  to   = actor.chatRoom.lobby.action.greet
}

removed { # ERROR: Still declared | Remove its block, or this one
  from = actor.chatRoom.lobby
}

removed {
  from = var.x # ERROR: Invalid address | "from" is an address such as actor.chatRoom.room,
}

removed {
  from = "actor.chatRoom.hall" # ERROR: Invalid address | With a key, "from" is the registered name of the actor, in quotes
  key  = "lobby"
}

removed {
  from = "chatRoom"
  key  = [var.x] # ERROR: Constant value needed | "key" is a list of strings, or a string
}

removed {
  from = "chatRoom"
  key  = { a = 1 } # ERROR: Wrong type of value | "key" must be a list of string, not an object
}

removed {
  from = actor.chatRoom.lobby.action.hello # ERROR: Invalid address | A step is not removed by a block
}

removed {
  from    = "chatRoom"
  key     = ["lobby", 1]
  destroy = true
}

removed {
  from = actor.chatRoom.hut
  lifecycle { destroy = true }
}

moved {
  from = actor.chatRoom.lobby.action.one
  to   = actor.chatRoom.lobby.action.two
}

moved {
  from = actor.chatRoom.lobby.action.two
  to   = actor.chatRoom.lobby.action.three
}

moved { # ERROR: Contradicting moves | action.three becomes actor.chatRoom.lobby.action.one here, which becomes actor.chatRoom.lobby.action.three,
  from = actor.chatRoom.lobby.action.three
  to   = actor.chatRoom.lobby.action.one
}

moved {
  from = actor.chatRoom.lobby.action.zero
  to   = actor.chatRoom.lobby.action.four
}

moved { # WARNING: Move to what is not declared
  from = actor.chatRoom.lobby.action.four
  to   = actor.chatRoom.lobby.action.five
}
