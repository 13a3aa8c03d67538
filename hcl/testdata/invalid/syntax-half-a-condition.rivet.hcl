variable "fast" {}

locals {
  pool = var.fast ? "fast" # ERROR: Missing false expression in conditional | The colon with the other value is missing
}
