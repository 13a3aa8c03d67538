locals {
  text = <<EOT // the greeting # ERROR: Invalid heredoc | A heredoc starts with << or <<- and a word such as EOT, with nothing after it
Hello
EOT
}
