"""Every module that defines a table, so that migrations see them all."""

import agent.runs
import core.audit
import core.events
import core.stored_settings
import delivery.inbound
import desk.company
import desk.conversations
import desk.customers
import desk.identities
import desk.inboxes
import desk.messages
import desk.prepared_files
import desk.seen
import desk.sign_ins
import desk.teams
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
