actor "a" "both" {
  for_each = toset(["x"])
  count    = 2 # ERROR: Conflicting arguments | Remove one of the two
  key      = "both"
}

actor "a" "none" {
  key = each.key # ERROR: Reference to each outside for_each | "each" tells the instances of a repeated block apart
}

actor "a" "counted" {
  count = 2
  key   = each.key # ERROR: Reference to each outside for_each | This block is repeated by count, so an instance is known by count.index
}

actor "a" "single" {
  key   = "single"
  input = actor.a.counted.id # ERROR: Missing instance key | key => one.id } for all of them
}

actor "a" "indexed" {
  key   = "indexed"
  input = actor.a.single[0].id # ERROR: Unexpected instance key | Remove the index
}

actor "a" "self" {
  for_each = toset([each.key]) # ERROR: Reference to each outside for_each | "each" tells the instances of a repeated block apart
  key      = each.key
}
