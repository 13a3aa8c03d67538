rivet {
  endpoint = "http://localhost:6420 # ERROR: String not closed | <<EOT
  token    = "t"
}
