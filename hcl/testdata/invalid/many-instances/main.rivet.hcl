# What is wrong in all instances of a module is told once.
module "m" {
  source = "./m"
  count  = 20
}
