"""The demo's world: a model that is trained, registered, served, used and then broken, all of it for real."""
