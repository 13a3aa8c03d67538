locals {
  a = actor.counter.c.id # ERROR: Cycle | local.b
  b = local.a
}

actor "counter" "c" {
  key = "c"
  action "set" { args = [local.b] }
}
