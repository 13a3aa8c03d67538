actor "chatRoom" "lobby" {
  key = # ERROR: Invalid expression | There is no value here, or it starts with something that no value starts with
}
