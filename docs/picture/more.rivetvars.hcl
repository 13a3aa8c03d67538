rooms = {
  general = { topic = "Everything else", members = ["ada", "alan", "grace"] }
  random  = { topic = "Cat pictures", members = ["ada"] }
}
