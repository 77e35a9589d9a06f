"""Templates as a shop may have them at Meta: approved, waiting, refused and paused."""

from typing import Any

TEMPLATES: list[dict[str, Any]] = [
    {
        "id": "61001",
        "name": "answer_to_your_question",
        "language": "en",
        "status": "APPROVED",
        "category": "UTILITY",
        "quality_score": {"score": "GREEN"},
        "components": [
            {
                "type": "BODY",
                "text": "Hello {{1}}, you asked us something. Our answer: {{2}}",
                "example": {"body_text": [["Ines", "We ship to Malta within four days."]]},
            },
            {"type": "FOOTER", "text": "Just answer here to go on."},
        ],
    },
    {
        "id": "61002",
        "name": "antwort_auf_ihre_frage",
        "language": "de",
        "status": "APPROVED",
        "category": "UTILITY",
        "quality_score": {"score": "GREEN"},
        "components": [
            {
                "type": "BODY",
                "text": "Guten Tag {{1}}, Sie hatten uns etwas gefragt. Unsere Antwort: {{2}}",
                "example": {"body_text": [["Ines", "Wir liefern in vier Tagen nach Malta."]]},
            }
        ],
    },
    {
        "id": "61003",
        "name": "parcel_on_its_way",
        "language": "en",
        "status": "APPROVED",
        "category": "UTILITY",
        "quality_score": {"score": "YELLOW"},
        "components": [
            {"type": "HEADER", "format": "TEXT", "text": "Order {{1}}"},
            {
                "type": "BODY",
                "text": "Hello {{1}}, your parcel left today and arrives on {{2}}.",
                "example": {"body_text": [["Ines", "Tuesday"]]},
            },
            {
                "type": "BUTTONS",
                "buttons": [
                    {"type": "URL", "text": "Track it", "url": "https://shop.example/t/{{1}}"}
                ],
            },
        ],
    },
    {
        "id": "61004",
        "name": "spring_sale",
        "language": "en",
        "status": "REJECTED",
        "category": "MARKETING",
        "rejected_reason": "ABUSIVE_CONTENT",
        "components": [{"type": "BODY", "text": "Last chance {{1}}!!!"}],
    },
    {
        "id": "61005",
        "name": "how_was_it",
        "language": "en",
        "status": "PENDING",
        "category": "MARKETING",
        "components": [{"type": "BODY", "text": "Hello {{1}}, how did you like it?"}],
    },
    {
        "id": "61006",
        "name": "we_miss_you",
        "language": "en",
        "status": "PAUSED",
        "category": "MARKETING",
        "quality_score": {"score": "RED"},
        "components": [{"type": "BODY", "text": "Hello {{1}}, it has been a while."}],
    },
]
