actor "chatRoom" "lobby" {
  key = "lobby"
  key = "foyer" # ERROR: Duplicate argument | Each argument may be set only once
}
