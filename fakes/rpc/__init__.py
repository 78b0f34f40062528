"""What of the local cloud speaks gRPC: a skin around `fakes.gateway`."""
