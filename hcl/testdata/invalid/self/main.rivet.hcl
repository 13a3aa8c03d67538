locals {
  a = local.a         # ERROR: Cycle | This refers to itself, so that it can never be known:
  b = try(local.b, 1) # ERROR: Cycle | local.b (testdata/invalid/self/main.rivet.hcl:3), which refers to
  c = [for c in [1] : local.d]
  d = local.d.e # ERROR: Cycle | This refers to itself
}

variable "v" {
  default = 1
  validation {
    condition     = var.v > 0
    error_message = "That it refers to itself is what a validation is for."
  }
}

actor "x" "a" {
  key        = "a"
  depends_on = [actor.x.a] # ERROR: Reference to itself | A block cannot refer to itself
}

module "m" { # ERROR: Cycle | module.m (testdata/invalid/self/main.rivet.hcl:21), which refers to
  source     = "./child"
  depends_on = [module.m]
}

module "n" { # ERROR: Cycle | This refers to itself
  source   = "./child"
  for_each = module.n
}
