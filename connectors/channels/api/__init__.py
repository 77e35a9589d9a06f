"""The generic channel: signed posts in, signed posts out. docs/api-inbox.md tells how to use it."""
