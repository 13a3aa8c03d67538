variable "limit" {
  type = number
}

variable "name" {
  type     = string
  nullable = false
}

output "limit" {
  value = var.limit
}
