# Instances of one block that are wrong in different ways are told one by one, if these are few.
actor "chat" "room" {
  for_each = { a = { x = 1 }, b = ["y"], c = ["z"] }
  key      = ["room", each.key]
  timeouts {
    call = each.value # ERROR: Wrong type of value | not an object # ERROR: Wrong type of value | not a list. The same goes for 1 more.
  }
}

actor "chat" "number" {
  count = 100
  key   = ["number", count.index]
  input = tonumber("x${count.index}") # ERROR: Invalid function argument | "x0" # ERROR: Invalid function argument | "x1" # ERROR: Invalid function argument | The same goes for 97 more.
}
