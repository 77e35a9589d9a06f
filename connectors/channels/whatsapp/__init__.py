"""The WhatsApp Cloud API, with nothing assumed about which ids a webhook carries."""
