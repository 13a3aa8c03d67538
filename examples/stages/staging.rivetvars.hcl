demo = true

flags = { uploads = true, new_editor = true }

workspaces = {
  support = { members = ["ada"] }
  qa      = { members = ["grace", "linus"], seats = 3 }
}
