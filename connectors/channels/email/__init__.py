"""The email channel: raw mail to envelopes, replies to mail, IMAP and SMTP between them."""
