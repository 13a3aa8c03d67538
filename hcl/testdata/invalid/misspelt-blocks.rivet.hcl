rivert {} # ERROR: Unsupported block type | Did you mean "rivet"?

atcor "chatRoom" "first" { # ERROR: Unsupported block type | Did you mean "actor"?
  key = "first"
}

resource "chatRoom" "second" { # ERROR: Unsupported block type | Its counterpart is "actor"
  key = "second"
}

provider "rivet" {} # ERROR: Unsupported block type | Its counterpart is "rivet"

terraform {} # ERROR: Unsupported block type | Its counterpart is "riveter"

local { # ERROR: Unsupported block type | Did you mean "locals"?
  a = 1
}

ensure "topic" { # ERROR: Unsupported block type | }
  value = 1
  want  = 2
}

actor "chatRoom" "third" {
  key = "third"

  enusre "topic" { # ERROR: Unsupported block type | Did you mean "ensure"?
    value = 1
    want  = 2
  }
  step "greet" {} # ERROR: Unsupported block type | There is no block "step" here
  dynamic "acton" { # ERROR: Unsupported block type | Did you mean "action"?
    for_each = []
    content {}
  }
}

data "chatRoom" "fourth" {
  key = "fourth"
  action "greet" {} # ERROR: Unsupported block type | There may be read
}

output "first" {
  value = [actor.chatRoom.first.id, local.a] # nothing more is said of what the misspelt blocks declare
}
