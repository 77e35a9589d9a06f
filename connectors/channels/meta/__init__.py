"""What WhatsApp, Instagram and Messenger share: signatures, Graph calls, cutting texts."""
