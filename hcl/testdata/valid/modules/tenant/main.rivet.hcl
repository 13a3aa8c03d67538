variable "name" { type = string }
variable "rooms" {
  type = number
  validation {
    condition     = var.rooms > 0 && local.owner != ""
    error_message = "${var.name} has no rooms."
  }
}
variable "title" {
  type     = string
  default  = "Tenant"
  nullable = false
}

locals { owner = "${path.module}/${var.name}" }

module "room" {
  source = "./room"
  count  = var.rooms
  key    = [var.name, count.index]
}

output "rooms" { value = module.room }
output "owner" { value = upper(var.name) }
