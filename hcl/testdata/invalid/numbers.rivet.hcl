locals {
  large = 1e1000  # ERROR: Extreme number | as large, or as near to zero
  small = 1e-1000 # ERROR: Extreme number | as large, or as near to zero
}

variable "endless" {
  type    = set(number)
  default = ["1e99999999"] # ERROR: Invalid default | an exponent beyond 100000
}
