locals {
  since = first_applied() # ERROR: Call of first_applied out of place | the actor was first applied in whose block it is called
}

actor "chatRoom" "room" {
  for_each = toset([first_applied()]) # ERROR: Call of first_applied out of place | everything inside an actor block but key, for_each, count and enabled
  key      = ["room", first_applied()] # ERROR: Call of first_applied out of place
  input    = { since = first_applied(), all = templatestring("$${x}", { x = first_applied() }) }
}

data "chatRoom" "other" {
  key    = "other"
  params = { since = first_applied() } # ERROR: Call of first_applied out of place
}
