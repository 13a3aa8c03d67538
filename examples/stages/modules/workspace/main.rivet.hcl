variable "name" { type = string }

variable "members" { type = set(string) }

variable "seats" { type = number }

variable "demo" { type = bool }

actor "chatRoom" "room" {
  key   = ["workspace", var.name]
  input = { topic = "The workspace ${var.name}" }

  read "info" { action = "getRoomInfo" }

  action "addMember" {
    for_each = var.members
    args     = [each.value]
  }

  action "demo" {
    call    = "postMessage"
    args    = [{ id = step.id, text = "This is what a message looks like." }]
    only_if = var.demo && read.info.messageCount == 0
  }
}

actor "counter" "seats" {
  key = ["workspace", var.name, "seats"]

  read "count" { action = "get" }

  ensure "seats" {
    value = read.count
    want  = var.seats
    call  = "set"
  }
}

output "free_seats" {
  value = actor.counter.seats.read.count - length(actor.chatRoom.room.read.info.members)
}
