riveter {
  ledger "actor" { # a runner keeps no files, so the team's memory is an actor of its own: see ../ledger
    name = "riveterLedger"
    key  = ["rooms"]
  }
}

variable "rooms" {
  type    = map(string)
  default = { general = "Everything else", support = "Questions" }
}

actor "chatRoom" "room" {
  for_each = var.rooms
  key      = ["pipelines", each.key]
  input    = { topic = each.value }

  read "info" { action = "getRoomInfo" }

  ensure "topic" {
    value = read.info.topic
    want  = each.value
    call  = "setTopic"
  }
}
