actor "chatRoom" "lobby" {
  key: "lobby" # ERROR: Argument or block definition required | }
}

actor "chatRoom" "foyer" {
  kye = "foyer" # ERROR: Unsupported argument | Did you mean "key"?
  key = "foyer"
}
