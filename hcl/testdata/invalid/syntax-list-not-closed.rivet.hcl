actor "chatRoom" "lobby" {
  key = ["org-acme", "lobby"
} # ERROR: Missing item separator | A comma, or the bracket that closes the list, is missing before this
