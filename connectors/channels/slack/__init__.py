"""Slack by its Events API: direct messages, mentions and channel threads."""
