variable "start" { type = number }

actor "counter" "c" {
  for_each = toset(["general", "other"])
  key      = each.key
  input    = { start = var.start }
}

output "ids" { value = [for c in actor.counter.c : c.id] }
