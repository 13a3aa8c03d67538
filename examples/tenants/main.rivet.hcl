variable "vault_token" {
  description = "What opens the vaults. Give it as RIVETER_VAR_vault_token; it is never shown or remembered."
  type        = string
  sensitive   = true
}

locals {
  tenants = yamldecode(file("${path.module}/tenants.yaml"))

  plans = {
    free     = { seats = 5, credit = 0, reports = false }
    business = { seats = 100, credit = 250, reports = true }
  }
}

module "tenant" {
  for_each = local.tenants
  source   = "./tenant"

  name        = each.key
  owner       = each.value.owner
  rooms       = each.value.rooms
  plan        = local.plans[each.value.plan]
  vault_token = var.vault_token
}

output "balances" {
  value = { for name, tenant in module.tenant : name => tenant.balance }
}

check "seats" {
  assert {
    condition     = sum([for tenant in module.tenant : tenant.seats]) <= 10000
    error_message = "More seats are sold than the service is made for."
  }
}
