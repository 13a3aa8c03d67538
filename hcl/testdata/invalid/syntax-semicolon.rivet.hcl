actor "chatRoom" "lobby" {
  key = "lobby"; # ERROR: Invalid character | The ";" character is not valid
}
