locals {
  text = <<-EOT
    Hello
	you # WARNING: Tabs and spaces in a heredoc | Indent all its lines in the same way
    EOT
}
