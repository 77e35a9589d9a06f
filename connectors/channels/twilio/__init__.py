"""What every Twilio product has in common: how it signs, and how its API is asked."""
