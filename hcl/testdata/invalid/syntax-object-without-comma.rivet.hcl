actor "chatRoom" "lobby" {
  key   = "lobby"
  input = { topic = "news" limit = 3 } # ERROR: Missing attribute separator | A comma, a new line, or the brace that closes the object, is missing before this
}
