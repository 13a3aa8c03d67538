riveter {
  required_version = ">= 0.1"
  ledger "local" { path = "x.json" }
}
rivet {
  endpoint = "http://localhost:6420"
  token = var.token
  timeouts { request = "3s" }
}
variable "token" {
  type = string
  default = null
  sensitive = true
}
variable "rooms" {
  type = map(object({ topic = string, members = optional(set(string), []) }))
  default = { general = { topic = "hi", members = ["bob", "alice"] }, other = { topic = "x" } }
}
actor "chatRoom" "room" {
  for_each = var.rooms
  key      = ["org-acme", each.key]
  input    = { topic = each.value.topic }
  action "addMember" {
    for_each = each.value.members
    args     = [each.value]
  }
  action "welcome" {
    call = "postMessage"
    args = [{ id = step.id, text = "Welcome to ${each.key} ${self.id}" }]
    run  = "once"
  }
}
actor "index" "all" {
  key = "main"
  input = { rooms = { for k, r in actor.chatRoom.room : k => r.id } }
}
actor "partner" "p" {
  for_each = var.rooms
  key = [actor.chatRoom.room[each.key].id]
  input = actor.chatRoom.room["general"].key
}
output "room_ids" {
  value = { for name, room in actor.chatRoom.room : name => room.id }
}
