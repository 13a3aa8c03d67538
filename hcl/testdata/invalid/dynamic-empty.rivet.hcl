variable "names" { default = [] }

variable "size" {
  dynamic "validation" {
    for_each = {}
    content {
      condition     = var.size > validation.value
      error_message = local.message # ERROR: Reference to undeclared local value | "message"
    }
  }
}

rivet {
  dynamic "timeouts" {
    for_each = []
    content { request = actor.x.a.id } # ERROR: Reference to what is not known yet | so it cannot depend on actor.x.a
  }
}

actor "x" "a" {
  key   = "a"
  input = local.twice # ERROR: Reference to undeclared local value | "twice"
  inptu = 1           # ERROR: Unsupported argument | There is no argument "inptu"

  dynamic "action" {
    for_each = var.names
    labels   = ["add_${upper(action.value)}"]
    content {
      args    = [action.key, self.id, self.nme, step.of_another.output, read.of_another] # ERROR: Unsupported attribute | There is no self.nme
      only_if = each.key                                                                 # ERROR: Reference to each outside for_each
      foo     = 1                                                                        # ERROR: Unsupported argument | There is no argument "foo"
      dynamic "await" {
        for_each = var.names
        labels   = [await.value]
        content { condition = event.args == await.value && action.key == actor.x.a.id } # ERROR: Reference to itself
      }
    }
  }
  dynamic "request" {
    for_each = []
    labels   = ["one"]
    content { method = "GET" } # ERROR: Missing required argument | "path"
  }
  dynamic "timeouts" {
    for_each = var.names == [] ? [1] : []
    content { call = "1s" }
  }
  dynamic "timeouts" {
    for_each = var.names == [] ? [] : [1]
    content { call = "1s" }
  }
}

check "c" {
  dynamic "assert" {
    for_each = []
    content {
      condition     = assert.value == module.none.size # ERROR: Reference to undeclared module
      error_message = self.id                          # ERROR: Reference to self out of place
    }
  }
}

output "o" {
  value = 1
  dynamic "precondition" {
    for_each = []
    content {
      condition     = var.name # ERROR: Reference to undeclared variable | Did you mean "var.names"?
      error_message = "none"
    }
  }
}

runner_config "p" {
  dynamic "datacenter" {
    for_each = []
    labels   = [datacenter.key]
    content {
      serverles { url = "" } # ERROR: Unsupported block type | Did you mean "serverless"?
    }
  }
}
