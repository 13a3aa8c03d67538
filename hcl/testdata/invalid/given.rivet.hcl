# -var limit=many
# -var lmit=3
# -var rooms={
# ERROR: Value for undeclared variable | Did you mean "limit"?
variable "limit" { # ERROR: Invalid value for variable | a number is required
  type = number
}
variable "rooms" { # ERROR: Invalid value for variable | Expected the start of an expression, but found the end of the file
  type = map(string)
}
variable "missing" {} # ERROR: No value for variable | var.missing has no default, so it must be given a value
