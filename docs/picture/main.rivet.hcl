variable "rooms" {
  type = map(object({ topic = string, members = optional(set(string), []) }))
  default = {
    general = { topic = "Everything else", members = ["ada", "grace"] }
  }
}

actor "chatRoom" "room" { # the name under which the registry knows the actor, and a label
  for_each = var.rooms
  key      = ["org-acme", each.key]       # what tells actors of one name apart
  input    = { topic = each.value.topic } # what createState is given, at creation only

  read "info" { action = "getRoomInfo" } # an action that changes nothing

  ensure "topic" { # a fact, and the call that makes it true where it is not
    value = read.info.topic
    want  = each.value.topic
    call  = "setTopic"
  }

  action "addMember" { # a seeding call, made once for each member
    for_each = each.value.members
    args     = [each.value]
  }
}

output "room_ids" {
  value = { for name, room in actor.chatRoom.room : name => room.id }
}
