import { PasswordInput, Select, TextInput } from "@mantine/core";

import type { ChannelField } from "~/api/types";

interface Props {
  fields: ChannelField[];
  values: Record<string, string>;
  /** Secrets that are kept already; left empty they stay as they are. */
  kept?: string[];
  onChange: (values: Record<string, string>) => void;
}

/** What a channel needs to know about its account. */
export function ChannelFields({ fields, values, kept = [], onChange }: Props) {
  return fields.map((field) => {
    const isKept = field.secret && kept.includes(field.name);
    const shared = {
      label: field.label,
      description: field.help || undefined,
      required: field.required && !isKept,
      value: values[field.name] ?? "",
      placeholder: isKept ? "Kept. Type to replace it." : undefined,
      autoComplete: "off",
      onChange: (event: { currentTarget: { value: string } }) =>
        onChange({ ...values, [field.name]: event.currentTarget.value }),
    };
    if (field.choices.length > 0) {
      return (
        <Select
          key={field.name}
          label={field.label}
          description={field.help || undefined}
          required={field.required}
          allowDeselect={false}
          data={field.choices}
          value={values[field.name] || field.default}
          onChange={(value) => onChange({ ...values, [field.name]: value ?? field.default })}
        />
      );
    }
    return field.secret ? (
      <PasswordInput key={field.name} {...shared} autoComplete="new-password" />
    ) : (
      <TextInput key={field.name} {...shared} />
    );
  });
}

/** Without what has a screen of its own. */
export function byHand(fields: ChannelField[]): ChannelField[] {
  return fields.filter((field) => !field.own_screen);
}

/** Secrets go their own way; those left empty aren't sent. */
export function split(fields: ChannelField[], values: Record<string, string>) {
  const config: Record<string, string> = {};
  const secrets: Record<string, string> = {};
  for (const { name, secret } of fields) {
    const value = (values[name] ?? "").trim();
    if (!secret) config[name] = value;
    else if (value) secrets[name] = value;
  }
  return { config, secrets };
}
