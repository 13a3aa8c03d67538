data "a" "absent" { # ERROR: Actor does not exist | data.a.absent looks for an actor "a" with the key ["absent"], but there is none
  key = "absent"
}

actor "a" "b" {
  key   = data.a.absent.key
  input = data.a.absent.id
}
