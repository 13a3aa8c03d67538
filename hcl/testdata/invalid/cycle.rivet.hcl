locals {
  a = actor.counter.c.step.set.output # ERROR: Cycle | These refer to each other in a circle, so that none of them can be first
  b = local.a
}

actor "counter" "c" {
  key = "c"
  action "set" { args = [local.b] }
}

actor "counter" "d" { # ERROR: Cycle | These refer to each other in a circle, so that none of them can be first
  key = actor.counter.e.id
}

actor "counter" "e" {
  key = actor.counter.d.id
}
