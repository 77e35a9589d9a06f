"""Phone calls over a carrier that speaks TwiML: Twilio, Telnyx (TeXML) and their like."""
