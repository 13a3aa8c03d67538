rivet {
  url = "http://localhost:6420" # ERROR: Unsupported argument | There is no argument "url" here
  tokn = "t" # ERROR: Unsupported argument | Did you mean "token"?
}

actor "chatRoom" "lobby" {
  key     = "lobby"
  inputs  = {} # ERROR: Unsupported argument | Did you mean "input"?
  foreach = {} # ERROR: Unsupported argument | Did you mean "for_each"?
  prevent_destroy = true # ERROR: Unsupported argument | }

  lifecycle {
    on_input_chnage = "warn" # ERROR: Unsupported argument | Did you mean "on_input_change"?
  }
  action "greet" {
    arg = ["hello"] # ERROR: Unsupported argument | Did you mean "args"?
    input = {} # ERROR: Unsupported argument | There is no argument "input" here
  }
  ensure "topic" {
    value = 1
    want  = 1
    run   = "once" # ERROR: Unsupported argument | There is no argument "run" here
  }
  message "jobs" {
    args = [] # ERROR: Unsupported argument | There is no argument "args" here
  }
}

output "a" {
  value = 1
  senstive = true # ERROR: Unsupported argument | Did you mean "sensitive"?
}
