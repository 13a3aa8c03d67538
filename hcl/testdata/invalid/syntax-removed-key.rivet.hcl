removed {
  from = "chatRoom"
  key  = "%{if true}" # ERROR: Unexpected end of template | 
}
