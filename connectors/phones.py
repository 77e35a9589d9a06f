"""One way of writing phone numbers, so that the same number is the same address everywhere."""

import re

import phonenumbers


def e164(number: str) -> str:
    """An international number ("16505551234", "+1 (650) 555-1234") as "+16505551234"; "" when
    it is none."""
    digits = re.sub(r"[\s().+-]", "", number)
    if not re.fullmatch(r"[0-9]{5,17}", digits):
        return ""
    # WhatsApp still writes the 1 that Mexican mobile numbers lost in 2019.
    if digits.startswith("521") and len(digits) == 13:
        digits = "52" + digits[3:]
    try:
        parsed = phonenumbers.parse("+" + digits)
    except phonenumbers.NumberParseException:
        return "+" + digits
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
