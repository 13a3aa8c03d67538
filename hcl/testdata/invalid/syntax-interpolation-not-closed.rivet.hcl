locals {
  greeting = "Hello ${local.name" # ERROR: Unclosed template interpolation sequence | For the characters ${ themselves, write $${
  name     = "you"
}
