"""Terraform's provider of Yandex Cloud, for the local cloud."""
