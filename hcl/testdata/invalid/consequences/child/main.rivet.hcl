variable "names" {}
output "names" { value = [for name in var.names : upper(name)] }
