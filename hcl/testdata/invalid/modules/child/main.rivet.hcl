variable "name" {}

variable "pool" {
  default = "default"
}

rivet { # ERROR: Block in a called module | Only the root module says with a rivet block where the server is
  endpoint = "http://localhost:6420"
}

moved { # WARNING: Move to what is not declared | No actor.chatRoom.b is declared
  from = actor.chatRoom.a
  to   = actor.chatRoom.b
}

output "id" {
  value = var.name
}
