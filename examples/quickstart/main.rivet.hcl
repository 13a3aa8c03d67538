variable "rooms" {
  description = "Chat rooms by name, with the people who are in them from the start."
  type = map(object({
    topic   = string
    members = optional(set(string), [])
  }))
  default = {
    general = { topic = "Everything else", members = ["ada", "grace"] }
    random  = { topic = "Cat pictures" }
  }
}

# One actor for each room. The input reaches its createState, and only at creation.
actor "chatRoom" "room" {
  for_each = var.rooms
  key      = ["quickstart", each.key]
  input    = { topic = each.value.topic }

  # Seeding calls: made once, and remembered in the ledger.
  action "addMember" {
    for_each = each.value.members
    args     = [each.value]
  }

  action "welcome" {
    call = "postMessage"
    args = [{ id = step.id, text = "Welcome to ${each.key}!" }]
  }
}

# It refers to the rooms, so it is created after them.
actor "counter" "rooms" {
  key   = "quickstart"
  input = { start = 0 }

  action "increment" {
    args = [length(actor.chatRoom.room)]
    run  = "on_change"
  }
}

output "room_ids" {
  value = { for name, room in actor.chatRoom.room : name => room.id }
}
