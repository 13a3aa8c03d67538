actor "x" "a" {
  key = "a"
  action "list" {}
}

actor "x" "b" {
  key = "b"

  dynamic "action" {
    for_each = actor.x.a.step.list.output # ERROR: Invalid for_each argument | nobody can say how many blocks there will be
    labels   = ["greet_${action.key}"]
    content {}
  }

  dynamic "action" {
    for_each = [sensitive("x")]
    labels   = ["greet_x"]
    content { args = [action.value] }
  }

  dynamic "read" {
    for_each = sensitive(["x"]) # ERROR: Invalid for_each argument | how many blocks there are is shown
    labels   = ["r"]
    content {}
  }
}

check "c" {
  dynamic "assert" {
    for_each = actor.x.a.step.list.output # ERROR: Invalid for_each argument | nobody can say how many blocks there will be
    content {
      condition     = assert.value
      error_message = "No."
    }
  }
}
