module "tenant" {
  source   = "./tenant"
  for_each = { acme = 2, other = 1 }
  name     = each.key
  rooms    = each.value
}

module "single" {
  source     = "./tenant/room"
  key        = ["single", module.tenant["acme"].rooms[0].id]
  depends_on = [module.tenant["other"]]
}

actor "index" "all" {
  key   = "index"
  input = { for name, tenant in module.tenant : name => tenant.rooms[*].id }
}

actor "index" "acme" {
  key   = "acme"
  input = module.tenant["acme"].owner
}

output "ids" { value = module.single.id }
