actor "chatRoom" "lobby" {
  key "lobby" # ERROR: Invalid block definition | If an argument is meant, write an equals sign before its value
}
