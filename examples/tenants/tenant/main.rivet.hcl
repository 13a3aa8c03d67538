# The credit is given when the account is opened. What the customer does with it is no business of this file.
actor "account" "billing" {
  key   = [var.name, "billing"]
  input = { owner = var.owner, balance = var.plan.credit }

  read "account" { action = "get" }

  lifecycle {
    on_input_change = "ignore"

    precondition {
      condition     = strcontains(var.owner, "@")
      error_message = "The owner of ${var.name} is an e-mail address."
    }
  }
}

# Follows the customer's plan, whatever it was before.
actor "counter" "seats" {
  key = [var.name, "seats"]

  read "limit" { action = "get" }

  ensure "limit" {
    value = read.limit
    want  = var.plan.seats
    call  = "set"
  }
}

actor "chatRoom" "room" {
  for_each = toset(var.rooms)
  key      = [var.name, "room", each.key]
  input    = { topic = "${each.key} of ${var.name}" }

  action "addMember" { args = [var.owner] }
}

# Talks only to those who know the token.
actor "vault" "secrets" {
  key    = [var.name, "secrets"]
  input  = { token = var.vault_token }
  params = { token = var.vault_token, user = "riveter" }

  read "names" { action = "names" }

  action "store" {
    args = ["webhook", sha256("${var.vault_token} webhook ${var.name}")]
    run  = "on_change"
  }

  expect "stored" { condition = contains(read.names, "webhook") }
}

# Only some plans have reports.
actor "jobs" "reports" {
  enabled = var.plan.reports
  key     = [var.name, "reports"]

  message "work" {
    body = { id = "first report", account = actor.account.billing.id }
    wait = true
  }
}
