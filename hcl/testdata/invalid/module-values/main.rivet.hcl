module "child" {
  source = "./child"
  limit  = "many" # ERROR: Invalid value for variable | a number is required
  name   = null # ERROR: Invalid value for variable | name in module.child is null, but nullable = false says that it never is
}

module "many" {
  source   = "./child"
  for_each = toset(["a"])
  limit    = 3
  name     = "x"
}

output "o" {
  value = module.many["b"].limit # ERROR: Reference to missing instance | Did you mean "a"?
}
