"""Terraform's provider of Yandex Cloud, as far as our module needs it: for the local cloud."""
