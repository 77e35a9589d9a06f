"""Texts (SMS, MMS) over Twilio, and WhatsApp where Twilio carries it."""
