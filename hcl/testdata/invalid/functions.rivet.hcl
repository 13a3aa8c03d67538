variable "name" {
  type    = string
  default = "Ada"
}

locals {
  misspelt  = uper(var.name) # ERROR: Call to unknown function | Did you mean "upper"?
  missing   = timestamp() # ERROR: Call to unknown function | There is no function named "timestamp"
  few       = replace(var.name, "a") # ERROR: Not enough function arguments | Missing value for "replace"
  many      = upper(var.name, "x") # ERROR: Too many function arguments | Function "upper" expects only 1 argument(s)
  wrong     = length(5) # ERROR: Invalid function argument | only strings, lists, sets, maps and objects have a length
  list      = join(",", var.name) # ERROR: Invalid function argument | list of string required, but have string
  number    = tonumber("ten") # ERROR: Invalid function argument | Invalid value for "v" parameter
  regex     = regex("(", var.name) # ERROR: Invalid function argument | missing closing ) in (
  file      = file("${path.module}/nothing.txt") # ERROR: Invalid function argument | there is no file "testdata/invalid/nothing.txt"
  json      = jsondecode("{") # ERROR: Error in function call | the text ends too early
  cidr      = cidrsubnet("10.0.0.0/33", 8, 1) # ERROR: Invalid function argument | is not a network in CIDR notation
  date      = date("yesterday") # ERROR: Invalid function argument | Invalid value for "text" parameter
  bigint    = bigint("0x10") # ERROR: Invalid function argument | Invalid value for "text" parameter
  bytes     = bytes("not base64") # ERROR: Invalid function argument | bytes are written in standard base64, such as bytes("AAH+/w==")
  namespace = JSONencode({}) # ERROR: Call to unknown function | Did you mean "jsonencode"?
}
