actor "chatRoom" "room" {
  for_each = toset(["general", "random"])
  key      = ["org-acme", each.key]
  input    = { topic = each.key }
  enabled  = true

  read "info" {
    action  = "getRoomInfo"
    args    = [self.id]
    timeout = "5s"
  }
  read "page" {
    request { path = "/rooms/${each.key}" }
  }

  ensure "topic" {
    value = read.info.topic
    want  = each.key
    call  = "setTopic"
  }

  action "invite" {
    for_each = { alice = 1, bob = 2 }
    args     = [each.key, each.value, step.id]
    run      = "on_change"
    only_if  = self.state.open
    triggers = { version = 2 }
    expect   = { ok = true }

    await "invited" {
      timeout   = "3s"
      condition = event.args[0] == each.key
    }
  }

  message "job" {
    body = { kind = "index", room = self.name, invite = step.invite["alice"].output.id }
    wait = true
  }

  request "hook" {
    method        = "POST"
    path          = "/hooks/${each.key}"
    headers       = { x-room = each.key }
    json          = { enabled = true }
    expect_status = [200, 201]
    unless        = read.page == "done"
  }

  expect "members" {
    value    = length(self.state.members)
    want     = 2
    timeout  = "5s"
    interval = "100ms"
  }
  expect "healthy" {
    condition     = step.job.output != null
    error_message = "The room ${each.key} did no work."
  }

  lifecycle {
    prevent_destroy      = true
    on_input_change      = "replace"
    replace_triggered_by = [each.key]
    precondition {
      condition     = length(each.key) < 10
      error_message = "The name is too long."
    }
    postcondition {
      condition     = self.state.topic == each.key && step.job.output.done
      error_message = "The topic is another one."
    }
  }
  timeouts {
    create = "10s"
    call   = "1m"
  }
}

actor "counter" "off" {
  enabled = false
  key     = "off"
}

data "chatRoom" "existing" {
  key      = ["org-acme", "existing"]
  optional = true
  read "info" { action = "getRoomInfo" }
}

locals {
  lobby = { for key, room in actor.chatRoom.room : key => room.read.info }
}

output "summary" {
  value = {
    ids      = { for key, room in actor.chatRoom.room : key => room.id }
    reads    = local.lobby
    existing = data.chatRoom.existing.exists ? data.chatRoom.existing.read.info.topic : null
    state    = data.chatRoom.existing.state
    job      = actor.chatRoom.room["general"].step.job.output
    off      = actor.counter.off == null
  }
  precondition {
    condition     = length(actor.chatRoom.room) == 2
    error_message = "There must be two rooms."
  }
}

check "quota" {
  assert {
    condition     = data.chatRoom.existing.exists
    error_message = "The old room is gone."
  }
}

moved {
  from = actor.chatRoom.rooms
  to   = actor.chatRoom.room
}
moved {
  from = module.a["x"].actor.chatRoom.room["y"]
  to   = actor.chatRoom.room["general"]
}
removed {
  from    = module.old
  destroy = true
}

namespace "staging" { display_name = "Staging" }

runner_config "default" {
  datacenter "default" {
    serverless {
      url              = "https://example.com/api/rivet"
      headers          = { authorization = sensitive("Bearer x") }
      request_lifespan = 3600
      slots_per_runner = 100
      max_runners      = 10
    }
  }
  datacenter "other" {
    normal {}
  }
}
