variable "members" {
  type    = map(list(string))
  default = { general = ["alice", "bob"], random = ["carol"] }

  dynamic "validation" {
    for_each = { general = 1, random = 1 }
    content {
      condition     = contains(keys(var.members), validation.key)
      error_message = "${validation.key} is missing."
    }
  }
}

rivet {
  dynamic "timeouts" {
    for_each = ["10s"]
    content { request = timeouts.value }
  }
}

actor "chatRoom" "room" {
  for_each = var.members
  key      = each.key

  dynamic "read" {
    for_each = ["info"]
    iterator = wanted
    labels   = [wanted.value]
    content {
      action = "get_${wanted.value}"
    }
  }

  dynamic "action" {
    for_each = each.value
    labels   = ["add_${action.value}"]
    content {
      call    = "addMember"
      args    = [action.value, action.key, self.id, each.key, actor.counter.c.id]
      only_if = read.info.open

      dynamic "await" {
        for_each = ["joined"]
        labels   = [await.value]
        content {
          condition = event.args[0] == action.value
        }
      }
    }
  }

  action "last" { args = [read.info] }
}

actor "counter" "c" { key = "c" }

check "rooms" {
  dynamic "assert" {
    for_each = var.members
    content {
      condition     = length(assert.value) > 0
      error_message = "${assert.key} is empty."
    }
  }
}

output "result" { value = actor.chatRoom.room["general"].step.add_alice.output }
