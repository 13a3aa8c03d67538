variable "flags" { type = map(bool) }

# One document for each flag. A flag that changes is sent again, the others are not.
actor "httpApi" "flags" {
  key = ["flags"]

  read "items" { action = "items" }

  request "flag" {
    for_each      = var.flags
    method        = "PUT"
    path          = "/items/${each.key}"
    json          = { enabled = each.value }
    expect_status = [200, 201]
    run           = "on_change"
  }

  expect "active" {
    value         = { for name in keys(var.flags) : name => read.items[name].enabled }
    want          = var.flags
    error_message = "A flag is not what this stage wants. Somebody has set it by hand: say -rerun to set it again."
  }
}

output "active" {
  value = sort([for name, flag in actor.httpApi.flags.read.items : name if flag.enabled])
}
