actor "chatRoom" "lobby" {
  key  = lobby" # ERROR: String not closed | <<EOT
  pool = "default"
}
