actor "chatRoom" "lobby" {
  "key" = "lobby" # ERROR: Invalid argument name | The name of an argument is written without quotes
}
