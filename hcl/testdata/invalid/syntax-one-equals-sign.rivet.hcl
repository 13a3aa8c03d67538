variable "limit" {
  validation {
    condition     = var.limit = 3 # ERROR: Missing newline after argument | The operator is written ==
    error_message = "It must be 3."
  }
}
