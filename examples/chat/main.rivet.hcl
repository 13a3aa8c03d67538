# One actor for each room of rooms.auto.rivetvars.hcl. The input reaches its createState, and only at creation.
actor "chatRoom" "room" {
  for_each = var.rooms
  key      = ["chat", each.key]
  input    = { topic = each.value.topic }

  read "info" { action = "getRoomInfo" }

  # Anybody in the room can change its topic. The one in the file wins at the next apply.
  ensure "topic" {
    value = read.info.topic
    want  = each.value.topic
    call  = "setTopic"
  }

  # Made once for each member, and done when the room has told everybody who listens.
  action "addMember" {
    for_each = each.value.members
    args     = [each.value]

    await "memberAdded" {
      condition = event.args[0] == each.value
      timeout   = "5s"
    }
  }

  # Only said where nobody has spoken yet. step.id stays the same when the call is repeated, so the room keeps one.
  action "welcome" {
    call    = "postMessage"
    args    = [{ id = step.id, text = "Welcome to ${each.key}! We talk about: ${each.value.topic}." }]
    only_if = read.info.messageCount == 0
  }

  expect "members" {
    condition     = length(setsubtract(each.value.members, read.info.members)) == 0
    error_message = "Not everybody is in the room ${each.key}."
    timeout       = "5s"
  }

  lifecycle { on_input_change = "ignore" } # the topic of the input is only the first one
}

# What the rooms have in common is a document behind plain HTTP.
actor "httpApi" "settings" {
  key = ["chat", "settings"]

  request "limits" {
    method        = "PUT"
    path          = "/items/limits"
    json          = var.limits
    expect_status = [200, 201]
    run           = "on_change"
  }

  expect "stored" {
    value = self.state.items.limits
    want  = var.limits
  }
}

# The indexer takes a message for each room, and confirms it when the room can be searched.
actor "jobs" "indexer" {
  key = ["chat", "indexer"]

  message "work" {
    for_each = actor.chatRoom.room
    body     = { id = each.key, room = each.value.id }
    wait     = true
    expect   = { id = each.key }
  }
}

check "quiet_rooms" {
  assert {
    condition     = alltrue([for room in actor.chatRoom.room : room.read.info.messageCount < 10000])
    error_message = "A room has so many messages that it should be archived."
  }
}
