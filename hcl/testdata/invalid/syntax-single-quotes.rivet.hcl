actor "chatRoom" "lobby" {
  key = 'lobby' # ERROR: Invalid character | Use double quotes (") to enclose strings
}
