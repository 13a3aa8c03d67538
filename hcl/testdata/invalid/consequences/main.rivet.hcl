# One error is reported once, and not what only follows from it.
locals {
  broken = yamldecode("a: [") # ERROR: Error in function call | Call to function "yamldecode" failed
  rooms  = { for name in local.broken.rooms : name => name }
  few    = toset(slice(local.broken.list, 0, 2))
}

actor "x" "each" {
  for_each = local.rooms
  key      = each.key
  pool     = local.broken.pool

  action "set" {
    for_each = local.few
    args     = [each.key]
    timeout  = local.broken.timeout
  }
}

actor "x" "counted" {
  count = length(actor.x.each)
  key   = count.index
}

actor "x" "out" {
  for_each = toset(module.child.names)
  key      = each.key
}

module "child" {
  source = "./child"
  names  = local.broken.names
}

namespace "n" {
  display_name = local.broken.name
}

output "all" { value = module.child.names }
