module "registry" {
  source = "rivet/rooms" # ERROR: Invalid module source | Nothing is downloaded
}

module "git" {
  source = "git::https://example.com/rooms.git" # ERROR: Invalid module source | Nothing is downloaded
}

module "absolute" {
  source = "/etc/rooms" # ERROR: Invalid module source | Nothing is downloaded
}

module "empty" {
  source = "" # ERROR: Invalid module source | such as "./empty"
}

module "null" {
  source = null # ERROR: Invalid module source | such as "./null"
}

module "missing" {
  source = "./chlid" # ERROR: Cannot read module | There is no directory "testdata/invalid/modules/chlid", or it has no file
}

module "variable" {
  source = var.where # ERROR: Constant value needed | "source" is read before anything is evaluated, so it cannot refer to other
}

module "child" { # ERROR: Missing required argument | The module in "./child" has a variable "name" without a default, so "name"
  source = "./child"
  nmae   = "x" # ERROR: Unsupported argument | Did you mean "name"?
}

module "self" {
  source = "./self"
}

output "o" {
  value = module.child.idd # ERROR: Reference to undeclared output | Did you mean "id"?
}

output "p" {
  value = module.chidl.id # ERROR: Reference to undeclared module | Did you mean "module.child"?
}
