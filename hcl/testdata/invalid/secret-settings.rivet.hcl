variable "secret" {
  default   = "hush"
  sensitive = true
}

namespace "n" {
  name = var.secret # ERROR: Sensitive value | "name" is shown in plans and kept in saved ones
}

actor "a" "b" {
  key    = "b"
  pool   = var.secret           # ERROR: Sensitive value | "pool" is shown in plans and kept in saved ones
  region = upper("${var.secret}") # ERROR: Sensitive value | If it is no secret, say so with nonsensitive()
  read "r" {
    action = var.secret # ERROR: Sensitive value | "action" is shown in plans
  }
  action "a" {
    call   = var.secret   # ERROR: Sensitive value | "call" is shown in plans
    accept = [var.secret] # ERROR: Sensitive value | "accept" is shown in plans
  }
  ensure "e" {
    value = read.r
    want  = 1
    call  = var.secret # ERROR: Sensitive value | "call" is shown in plans
    args  = []
  }
  message "m" {
    queue = var.secret # ERROR: Sensitive value | "queue" is shown in plans
  }
  action "plain" { call = nonsensitive(var.secret) }
}
