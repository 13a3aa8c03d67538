variable "rooms" {
  description = "Chat rooms by name, with the people who are in them from the start."
  type = map(object({
    topic   = string
    members = optional(set(string), [])
  }))

  validation {
    condition     = alltrue([for name in keys(var.rooms) : can(regex("^[a-z-]+$", name))])
    error_message = "The name of a room has only small letters and dashes."
  }
}

variable "limits" {
  description = "What one person may send."
  type        = object({ messages_per_minute = number, characters = number })
  default     = { messages_per_minute = 60, characters = 2000 }
}
