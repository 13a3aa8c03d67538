actor "chatRoom" "lobby" {
  key = "lobby"
}

moved {
  from = "actor.chatRoom.hall" # ERROR: Invalid address | "from" is an address such as actor.chatRoom.room,
  to   = actor.chatRoom.lobby
}

moved {
  from = actor.chatRoom.hall
  to   = module.hall # ERROR: Invalid move | An actor can become another actor, and a module another module, but not one
}

moved {
  from = actor.chatRoom # ERROR: Invalid address | "from" is an address such as actor.chatRoom.room,
  to   = actor.chatRoom.lobby
}

moved { # ERROR: Still declared | Remove its block, or this one
  from = actor.chatRoom.lobby
  to   = actor.chatRoom.hall
}

moved { # WARNING: Move to what is not declared | Did you mean "actor.chatRoom.lobby"?
  from = actor.chatRoom.hall
  to   = actor.chatRoom.loby
}

moved { # ERROR: Invalid move | Both addresses are actor.chatRoom.corridor, so nothing is moved
  from = actor.chatRoom.corridor
  to   = actor.chatRoom.corridor
}

removed { # ERROR: Still declared | Remove its block, or this one
  from = actor.chatRoom.lobby
}

removed {
  from = var.x # ERROR: Invalid address | "from" is an address such as actor.chatRoom.room,
}
