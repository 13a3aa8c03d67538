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

locals {
  c01 = local.c02 # ERROR: Cycle | 2 others, the last of which refers to
  c02 = local.c03
  c03 = local.c04
  c04 = local.c05
  c05 = local.c06
  c06 = local.c07
  c07 = local.c08
  c08 = local.c09
  c09 = local.c10
  c10 = local.c11
  c11 = local.c12
  c12 = local.c01
}
