# What is kept, or shown, may not be ephemeral. Where it may be, it is no error.
variable "e" {
  type      = string
  default   = "e"
  ephemeral = true
}

rivet {
  endpoint = "http://localhost:6420?${var.e}"
  token    = var.e
  params   = { token = var.e }
  timeouts { request = "${length(var.e)}s" }
}

namespace "n" {
  display_name = var.e # ERROR: Ephemeral value would be kept | "display_name" is kept in plans and ledgers
}

runner_config "default" {
  datacenter "default" {
    serverless {
      url              = var.e          # ERROR: Ephemeral value would be kept | "url" is kept
      headers          = { auth = var.e } # ERROR: Ephemeral value would be kept | "headers" is kept
      request_lifespan = 10
      slots_per_runner = 1
      max_runners      = 1
    }
  }
}

actor "x" "allowed" {
  key    = "a"
  params = { token = var.e }
  action "set" { only_if = var.e == "e" }
}

actor "x" "kept" {
  key          = "b"
  input        = var.e # ERROR: Ephemeral value would be kept | "input" is kept
  pool         = var.e # ERROR: Ephemeral value would be kept | "pool" is kept
  region       = var.e # ERROR: Ephemeral value would be kept | "region" is kept
  crash_policy = var.e # ERROR: Ephemeral value would be kept | "crash_policy" is kept
  lifecycle { replace_triggered_by = [var.e] } # ERROR: Ephemeral value would be kept | "replace_triggered_by" is kept

  action "a" {
    call     = var.e     # ERROR: Ephemeral value would be kept | "call" is kept
    args     = [var.e]   # ERROR: Ephemeral value would be kept | "args" is kept
    run      = var.e     # ERROR: Ephemeral value would be kept | "run" is kept
    expect   = [[var.e]] # ERROR: Ephemeral value would be kept | "expect" is kept
    triggers = var.e     # ERROR: Ephemeral value would be kept | "triggers" is kept
  }

  message "m" {
    queue = var.e # ERROR: Ephemeral value would be kept | "queue" is kept
  }

  request "r" {
    method  = var.e             # ERROR: Ephemeral value would be kept | "method" is kept
    path    = "/${var.e}"       # ERROR: Ephemeral value would be kept | "path" is kept
    headers = { "x" = var.e }   # ERROR: Ephemeral value would be kept | "headers" is kept
  }
}

actor "x" "key" {
  key = var.e # ERROR: Invalid key | Use a variable that is not ephemeral
}

actor "x" "count" {
  count = length(var.e) # ERROR: Invalid count argument | Use a variable that is not ephemeral
  key   = count.index
}

actor "x" "each" {
  for_each = toset([var.e]) # ERROR: Invalid for_each argument | Use a variable that is not ephemeral
  key      = each.key
}

actor "x" "enabled" {
  enabled = var.e == "e" # ERROR: Invalid enabled argument | Use a variable that is not ephemeral
  key     = "enabled"
}

output "kept" {
  value = var.e # ERROR: Ephemeral value would be kept | "value" is kept
}
