locals = { # ERROR: Unsupported argument | }
  a = 1
}

endpoint = "http://localhost:6420" # ERROR: Unsupported argument | }

variable "limit" {
  validation = { condition = true } # ERROR: Unsupported argument | }
}

actor "chatRoom" "lobby" {
  key       = "lobby"
  lifecycle = { prevent_destroy = true } # ERROR: Unsupported argument | }
  timeouts  = {} # ERROR: Unsupported argument | }
  action    = "greet" # ERROR: Unsupported argument | }

  input { # ERROR: Unsupported block type | input = 
    topic = "news"
  }
}

rivet {
  headers { # ERROR: Unsupported block type | headers = 
    accept = "text/plain"
  }
}
