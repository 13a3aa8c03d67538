locals {
  greeting = "Hello ${local.name" # ERROR: Template not closed | For the characters ${ themselves, write $${
  name     = "you"
}
