variable "workspaces" {
  description = "Workspaces of the stage by name."
  type = map(object({
    members = set(string)
    seats   = optional(number, 10)
  }))

  validation {
    condition     = alltrue([for w in values(var.workspaces) : length(w.members) <= w.seats])
    error_message = "A workspace has more members than seats."
  }
}

variable "flags" {
  description = "Feature flags of the stage, beside those that all stages have."
  type        = map(bool)
  default     = {}
}

variable "demo" {
  description = "Whether workspaces begin with something to look at."
  type        = bool
  default     = false
}
