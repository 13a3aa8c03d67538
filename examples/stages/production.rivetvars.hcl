workspaces = {
  support = { members = ["ada", "grace", "linus"], seats = 50 }
}
