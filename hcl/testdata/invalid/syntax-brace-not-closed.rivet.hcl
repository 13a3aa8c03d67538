actor "chatRoom" "lobby" { # ERROR: Unclosed configuration block | Perhaps it is one inside of it that is not closed
  key = "lobby"

  action "greet" {
    args = ["hello"]
}

output "id" {
  value = actor.chatRoom.lobby.id
}
