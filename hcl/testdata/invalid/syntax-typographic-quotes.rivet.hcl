actor "chatRoom" "lobby" {
  key = “lobby” # ERROR: Invalid character | It might help to replace the character with a "straight quote"
}
