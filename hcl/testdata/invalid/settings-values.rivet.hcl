rivet {
  endpoint = 6420
  retries  = "often" # ERROR: Wrong type of value | "retries" must be a number, not a string
  headers  = ["accept"] # ERROR: Wrong type of value | "headers" must be a map of string, not a list
  timeouts {
    connect = "10" # ERROR: Invalid duration | "connect" must be a length of time greater than zero, written with its unit,
    request = -1 # ERROR: Invalid duration | "request" must be a length of time greater than zero, written with its unit,
  }
}

actor "a" "b" {
  key          = "b"
  create       = "creat" # ERROR: Unknown value | Did you mean "create"?
  crash_policy = "Restart" # ERROR: Unknown value | Did you mean "restart"?
  pool         = ["p"] # ERROR: Wrong type of value | "pool" must be a string, not a list
  lifecycle {
    on_input_change = "recreate" # ERROR: Unknown value | "on_input_change" must be one of warn, fail, ignore, replace, not "recreate"
    prevent_destroy = "yes" # ERROR: Wrong type of value | "prevent_destroy" must be true or false, not a string
  }
  timeouts {
    call = 30 # ERROR: Invalid duration | "call" must be a length of time greater than zero, written with its unit,
    ready = "1 minute" # ERROR: Invalid duration | "ready" must be a length of time greater than zero, written with its unit,
  }
  action "a" {
    run        = "onchange" # ERROR: Unknown value | Did you mean "on_change"?
    on_unknown = "ignore" # ERROR: Unknown value | "on_unknown" must be one of fail, run, skip, guard, not "ignore"
    on_failure = "stop" # ERROR: Unknown value | "on_failure" must be one of halt, continue, not "stop"
    call       = "" # ERROR: Empty name | Leave it out to use the label, "a"
    args       = "x" # ERROR: Invalid arguments | ]
    only_if    = "x" # ERROR: Wrong type of value | "only_if" must be true or false
  }
  action "b" {
    args = { topic = "x" } # ERROR: Invalid arguments | ]
  }
  request "r" {
    method        = "get" # ERROR: Unknown value | Did you mean "GET"?
    path          = "rooms" # ERROR: Invalid path | The actor is in front of it already
    headers       = "x" # ERROR: Wrong type of value | "headers" must be a map of string, not a string
    expect_status = "ok" # ERROR: Invalid status | "expect_status" is a status such as 200, or a list of them
  }
  ensure "e" {
    value = 1
    want  = 2
    match = "equal" # ERROR: Unknown value | "match" must be one of subset, exact, not "equal"
  }
}

actor "b" "requests" {
  key = "b"
  request "percent" {
    path = "/100%" # ERROR: Invalid path | Write those as %25
  }
  request "line" {
    path = "/a\n" # ERROR: Invalid path | %0A for a line feed
  }
  request "fragment" {
    path = "/a?tag=#1" # ERROR: Invalid path | Write it as %23
  }
  request "slashes" {
    path = "/a//b" # ERROR: Invalid path | two slashes in a row
  }
  request "slashes_first" {
    path = "//x y" # ERROR: Invalid path | two slashes in a row
  }
  request "address" {
    path = "/to?url=http://x" # as what follows a ? is no path
  }
  request "header" {
    path    = "/"
    headers = { "a b" = "x" } # ERROR: Invalid header | One of the names is not that of a header
  }
  request "value" {
    path    = "/"
    headers = { "X-Token" = "secret\n" } # ERROR: Invalid header | chomp(…) takes off the last line break
  }
}
