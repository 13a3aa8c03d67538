actor "a" "repeated" {
  for_each = toset(["p", "q"])
  key      = ["r", each.key]
}

actor "a" "single" {
  key   = "single"
  input = actor.a.repeated["pp"].id # ERROR: Reference to missing instance | Did you mean "p"?
}

actor "a" "dependent" {
  key        = "dependent"
  depends_on = [actor.a.repeated["x"]] # ERROR: Reference to missing instance | Did you mean "p"?
}
