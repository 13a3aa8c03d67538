terraform {
  required_providers {
    restapi = { source = "Mastercard/restapi" }
  }
}

variable "actors" { type = number }
variable "endpoint" { type = string }

provider "restapi" {
  uri                  = var.endpoint
  write_returns_object = true
  headers              = { X-Rivet-Encoding = "json" }
}

resource "restapi_object" "actor" {
  count         = var.actors
  path          = "/actors"
  create_method = "PUT"
  create_path   = "/actors?namespace=default"
  read_path     = "/actors?namespace=default&actor_ids={id}"
  destroy_path  = "/actors/{id}?namespace=default"
  id_attribute  = "actor/actor_id"
  data = jsonencode({
    name                 = "terraform"
    key                  = "speed/${count.index}"
    runner_name_selector = "default"
    crash_policy         = "sleep"
  })
}

# A call is an object that is there when its actor is, and cannot be taken back: what is sent for that changes nothing.
resource "restapi_object" "call" {
  count          = var.actors
  path           = "/gateway"
  create_path    = "/gateway/{id}/action/increment"
  read_path      = "/actors?namespace=default&actor_ids={id}"
  destroy_method = "GET"
  destroy_path   = "/actors?namespace=default&actor_ids={id}"
  object_id      = restapi_object.actor[count.index].id
  data           = jsonencode({ args = [] })
}
