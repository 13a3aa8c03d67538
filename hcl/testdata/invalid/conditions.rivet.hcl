variable "limit" {
  default = 5
  validation {
    condition     = var.limit < 3 # ERROR: Invalid value for variable | There may be two at most
    error_message = "There may be two at most."
  }
  validation {
    condition     = "perhaps" # ERROR: Wrong type of value | "condition" must be true or false
    error_message = "Never."
  }
}

actor "a" "b" {
  key = "b"
  lifecycle {
    precondition {
      condition     = var.limit > 10 # ERROR: Precondition not met | It is 5
      error_message = "It is ${var.limit}."
    }
  }
}

check "no_message" {
  assert {
    condition     = false
    error_message = null # ERROR: Wrong type of value | An error message must be a string
  }
}

output "o" {
  value = 1
  precondition {
    condition     = 1 > 2 # ERROR: Precondition not met | One is less than two
    error_message = "One is less than two."
  }
}
