variable "name" { type = string }

variable "owner" { type = string }

variable "rooms" { type = list(string) }

variable "plan" {
  type = object({ seats = number, credit = number, reports = bool })
}

variable "vault_token" {
  type      = string
  sensitive = true
}
