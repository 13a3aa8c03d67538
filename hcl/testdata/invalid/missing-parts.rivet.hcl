variable { # ERROR: Wrong number of labels | }
  type = string
}

actor "chatRoom" { # ERROR: Wrong number of labels | }
  key = "a"
}

actor "chatRoom" "many" "labels" { # ERROR: Wrong number of labels | }
  key = "b"
}

riveter "x" {} # ERROR: Wrong number of labels | }

actor "chatRoom" "no_key" { # ERROR: Missing required argument | A string is short for a list of one
}

data "chatRoom" "neither" {} # ERROR: Missing required argument | A data block says by "key" or by "id" which actor it is

actor "chatRoom" "steps" {
  key = "steps"
  action {} # ERROR: Wrong number of labels | }
  ensure "topic" { # ERROR: Missing required argument | what it should be
    value = 1
  }
  request "r" {} # ERROR: Missing required argument | path of the request, with a slash at its start
  expect "e" { # ERROR: Missing required argument | An expect has either "value" and "want", or "condition"
    value = 1
  }
  expect "both" {
    value     = 1 # ERROR: Conflicting arguments | Remove one of the two
    condition = true
  }
  request "two" {
    path = "/"
    json = {}
    body = "x" # ERROR: Conflicting arguments | Remove one of the two
  }
}

output "nothing" {} # ERROR: Missing required argument | what is printed, and what a calling module refers to

check "empty" {} # ERROR: Missing block | A check has at least one assert block, with what must hold

module "m" {} # ERROR: Missing required argument | path of the directory, relative to this one, such as "./tenant"

moved { # ERROR: Missing required argument | what it is called now
  from = actor.chatRoom.a
}

runner_config "default" {} # ERROR: Missing block | A runner_config has at least one datacenter block
