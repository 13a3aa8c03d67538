actor "chatRoom" "lobby" {
<<<<<<< HEAD # ERROR: Unresolved merge conflict | Here is a conflict that a version control system could not resolve
  key = "lobby"
=======
  key = "foyer"
>>>>>>> other
}
