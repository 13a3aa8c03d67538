module "again" {
  source = "../self" # ERROR: Cycle | A module cannot contain itself
}
