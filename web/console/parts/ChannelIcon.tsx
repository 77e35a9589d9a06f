import {
  Globe,
  Mail,
  MessageCircle,
  Phone,
  Send,
  SquareTerminal,
  type LucideIcon,
} from "lucide-react";

const ICONS: Record<string, LucideIcon> = {
  web: Globe,
  email: Mail,
  whatsapp: MessageCircle,
  phone: Phone,
  voice: Phone,
  sms: Send,
};

const NAMES: Record<string, string> = {
  web: "Website chat",
  email: "Email",
  whatsapp: "WhatsApp",
  phone: "Phone",
  voice: "Phone",
  sms: "SMS",
};

export function channelName(kind: string): string {
  return NAMES[kind] ?? kind.charAt(0).toUpperCase() + kind.slice(1);
}

export function ChannelIcon({ kind, size = 14 }: { kind: string; size?: number }) {
  const Icon = ICONS[kind] ?? SquareTerminal;
  return <Icon size={size} role="img" aria-label={channelName(kind)} data-channel={kind} />;
}
