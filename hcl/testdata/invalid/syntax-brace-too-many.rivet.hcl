actor "chatRoom" "lobby" {
  key = "lobby"
}
} # ERROR: Argument or block definition required | every block above is closed already

output "id" {
  value = actor.chatRoom.lobby.id
}
