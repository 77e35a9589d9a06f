"""Every module that defines a table, so that migrations see them all."""

import agent.runs
import core.audit
import core.events
import core.stored_settings
import delivery.endpoints
import delivery.holds
import delivery.hooks
import delivery.inbound
import delivery.transcripts
import desk.company
import desk.consents
import desk.conversations
import desk.customers
import desk.identities
import desk.identity_moves
import desk.inboxes
import desk.messages
import desk.moves
import desk.phone_calls
import desk.preferences
import desk.prepared_files
import desk.proofs
import desk.ratings
import desk.seen
import desk.sign_ins
import desk.suggestions
import desk.teams
import desk.templates
import desk.visitor_attributes
import desk.visitor_events
import desk.visitor_proofs
import escalation.hand_off
import ingestion.uploads
import knowledge.articles
import knowledge.faq_entries
import knowledge.passages
import knowledge.terms
import knowledge.versions

__all__ = ["agent", "core", "delivery", "desk", "escalation", "ingestion", "knowledge"]
