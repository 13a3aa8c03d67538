# Each stage is a Rivet namespace of its own, which RIVET_ENDPOINT names. The ledger keeps them apart.
riveter {
  required_version = ">= 0.1"
}

locals {
  # What every stage begins with. A stage's own file has the last word.
  flags = {
    dark_mode = true
    uploads   = false
  }
}

module "flags" {
  source = "./modules/flags"

  flags = merge(local.flags, var.flags)
}

module "workspace" {
  for_each   = var.workspaces
  source     = "./modules/workspace"
  depends_on = [module.flags]

  name    = each.key
  members = each.value.members
  seats   = each.value.seats
  demo    = var.demo
}

# Analytics counts visits itself. This configuration only looks.
data "counter" "visits" {
  key      = ["analytics", "visits"]
  optional = true

  read "count" { action = "get" }
}
