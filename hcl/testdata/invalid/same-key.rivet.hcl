# Of many blocks that declare one actor, a few are told.

actor "chat" "a" {
  key = "one"
}

actor "chat" "b" {
  key = "one" # ERROR: Duplicate actor | actor.chat.b and actor.chat.a
}

actor "chat" "c" {
  key = "one" # ERROR: Duplicate actor
}

actor "chat" "d" {
  key = "one" # ERROR: Duplicate actor | The same goes for 2 more.
}

actor "chat" "e" {
  key = "one"
}

actor "chat" "f" {
  key = "one"
}
