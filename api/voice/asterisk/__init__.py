"""Calls over Asterisk: the steps that carriers are told over HTTP are taken here by ourselves."""
