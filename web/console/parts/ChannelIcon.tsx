import {
  Camera,
  Globe,
  Hash,
  Mail,
  MessageCircle,
  MessageCircleMore,
  MessageSquareText,
  Phone,
  Send,
  SquareTerminal,
  Webhook,
  type LucideIcon,
} from "lucide-react";

const ICONS: Record<string, LucideIcon> = {
  web: Globe,
  email: Mail,
  whatsapp: MessageCircle,
  phone: Phone,
  voice: Phone,
  asterisk: Phone,
  sms: MessageSquareText,
  instagram: Camera,
  messenger: MessageCircleMore,
  telegram: Send,
  slack: Hash,
  api: Webhook,
};

const NAMES: Record<string, string> = {
  web: "Website chat",
  email: "Email",
  whatsapp: "WhatsApp",
  phone: "Phone",
  voice: "Phone",
  asterisk: "Phone",
  sms: "SMS",
  api: "API",
};

export function channelName(kind: string): string {
  return NAMES[kind] ?? kind.charAt(0).toUpperCase() + kind.slice(1);
}

/** What kind of address an identity is. */
export function identityName(kind: string): string {
  return { visitor: "Website visitor", external: "Customer number" }[kind] ?? channelName(kind);
}

export function ChannelIcon({ kind, size = 14 }: { kind: string; size?: number }) {
  const Icon = ICONS[kind] ?? SquareTerminal;
  return <Icon size={size} role="img" aria-label={channelName(kind)} data-channel={kind} />;
}
