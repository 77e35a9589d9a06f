import {
  Alert,
  Button,
  Group,
  List,
  NumberInput,
  PasswordInput,
  Switch,
  TextInput,
} from "@mantine/core";
import { Check, CircleCheck, CircleX, Minus } from "lucide-react";
import type { SyntheticEvent } from "react";

import { useModel, useSaveModel, useTestModel } from "~/api/settings";
import type { ModelChange, ModelCheck, ModelSettings } from "~/api/types";
import { useFields } from "~/parts/fields";
import { sayDone } from "~/parts/notices";

import { Card, Section } from "./Section";

export function ModelSection() {
  const model = useModel();
  return (
    <Section
      title="Language model"
      text="Optional. Without one the assistant quotes your articles; with one it words answers freely, checked sentence by sentence all the same."
      query={model}
    >
      {(data) => <Form model={data} />}
    </Section>
  );
}

function Form({ model }: { model: ModelSettings }) {
  const save = useSaveModel();
  const test = useTestModel();
  const { fields, set, bind } = useFields({ ...model, api_key: "" });

  const change = (): ModelChange => {
    const { api_key_set: _set, api_key, ...others } = fields;
    return { ...others, ...(api_key ? { api_key } : {}) };
  };
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    save.mutate(change(), { onSuccess: () => sayDone("Saved.") });
  };

  return (
    <form onSubmit={submit}>
      <Card>
        <Switch
          label="Use a language model"
          checked={fields.enabled}
          onChange={(event) => set({ enabled: event.currentTarget.checked })}
        />
        <TextInput
          label="Address"
          description="Any endpoint that speaks OpenAI's protocol."
          placeholder="http://127.0.0.1:11434/v1"
          required={fields.enabled}
          {...bind("base_url")}
        />
        <TextInput label="Model" required={fields.enabled} {...bind("model")} />
        <PasswordInput
          label="API key"
          autoComplete="new-password"
          placeholder={model.api_key_set ? "Kept. Type to replace it." : "None"}
          {...bind("api_key")}
        />
        <NumberInput
          label="Give up after"
          description="For one answer in all. Then the articles are quoted instead."
          suffix=" seconds"
          min={1}
          max={120}
          value={fields.timeout}
          onChange={(value) => set({ timeout: Number(value) || 30 })}
        />
        <Group grow align="end">
          <NumberInput
            label="Price of tokens read"
            description="Per million; traces show what answers cost."
            min={0}
            decimalScale={4}
            value={fields.price_in}
            onChange={(value) => set({ price_in: Number(value) || 0 })}
          />
          <NumberInput
            label="Price of tokens written"
            description="Per million."
            min={0}
            decimalScale={4}
            value={fields.price_out}
            onChange={(value) => set({ price_out: Number(value) || 0 })}
          />
        </Group>
        {test.data && (
          <Alert
            color={test.data.ok ? "thread" : "red"}
            icon={test.data.ok ? <CircleCheck size={18} /> : <CircleX size={18} />}
            role="status"
          >
            {test.data.message}
            {test.data.ok &&
              test.data.latency_ms !== null &&
              ` (${Math.round(test.data.latency_ms)} ms)`}
            <Capabilities capabilities={test.data.capabilities} />
          </Alert>
        )}
        <Group>
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
          <Button
            variant="default"
            disabled={!fields.base_url || !fields.model}
            loading={test.isPending}
            onClick={() => test.mutate(change())}
          >
            Test
          </Button>
        </Group>
      </Card>
    </form>
  );
}

/** What works, one by one, and what happens instead of what does not. */
function Capabilities({ capabilities }: { capabilities: ModelCheck["capabilities"] }) {
  if (capabilities.length < 2) return null;
  return (
    <List size="sm" mt="xs" listStyleType="none">
      {capabilities.map(({ name, ok, message }) => (
        <List.Item
          key={name}
          icon={
            ok ? (
              <Check size={14} aria-label="works" />
            ) : (
              <Minus size={14} aria-label="does not work" />
            )
          }
        >
          <strong>{NAMES[name] ?? name}</strong>: {message}
        </List.Item>
      ))}
    </List>
  );
}

const NAMES: Record<string, string> = {
  chat: "Chat",
  stream: "Streaming",
  json_schema: "Structured output",
  tools: "Tools",
};
