locals {
  text = <<EOT # ERROR: Invalid heredoc | A heredoc starts with << or <<- and a word such as EOT, with nothing after it
    Hello
}
