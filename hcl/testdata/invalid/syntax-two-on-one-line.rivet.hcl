actor "chatRoom" "lobby" {
  key = "lobby"
  read "info" { action = "getRoomInfo" timeout = "5s" } # ERROR: Invalid single-argument block definition | Give each of them a line of its own
}
