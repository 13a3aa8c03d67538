rivet {
  endpoint = local.url # ERROR: Reference to what is not known yet | It may refer to variables, and to local values made of them
}

locals {
  url = "http://${actor.chatRoom.lobby.id}"
}

actor "chatRoom" "lobby" {
  key   = "lobby"
  input = actor.chatRoom.lobby.id # ERROR: Reference to itself | Inside its steps, "self" is the actor
}

riveter {
  ledger "local" {
    path = actor.chatRoom.lobby.id # ERROR: Reference to what is not known yet | It may refer to variables, and to local values made of them
  }
}
