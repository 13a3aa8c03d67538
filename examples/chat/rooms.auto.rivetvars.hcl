rooms = {
  general   = { topic = "everything else", members = ["ada", "grace", "linus"] }
  engineers = { topic = "engines that run on steam", members = ["ada", "grace"] }
  random    = { topic = "cat pictures" }
}
