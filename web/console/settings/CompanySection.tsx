import { Button, Group, Textarea, TextInput } from "@mantine/core";
import { useState, type SyntheticEvent } from "react";

import { useCompany, useSaveCompany } from "~/api/settings";
import type { Company } from "~/api/types";
import { sayDone } from "~/parts/notices";

import { Card, Section } from "./Section";

export function CompanySection() {
  const company = useCompany();
  return (
    <Section title="Company" text="Who your customers talk to." query={company}>
      {(data) => <Form company={data} />}
    </Section>
  );
}

function Form({ company }: { company: Company }) {
  const save = useSaveCompany();
  const [fields, setFields] = useState(company);
  const set = (part: Partial<Company>) => setFields({ ...fields, ...part });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    save.mutate(fields, { onSuccess: () => sayDone("Saved.") });
  };
  return (
    <form onSubmit={submit}>
      <Card>
        <TextInput
          label="Name"
          required
          value={fields.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <TextInput
          label="Website"
          type="url"
          placeholder="https://"
          value={fields.website}
          onChange={(event) => set({ website: event.currentTarget.value })}
        />
        <TextInput
          label="Tagline"
          value={fields.tagline}
          onChange={(event) => set({ tagline: event.currentTarget.value })}
        />
        <Textarea
          label="Disclosure"
          description="Said once at the start of a chat: that an assistant answers here."
          autosize
          minRows={2}
          value={fields.disclosure}
          onChange={(event) => set({ disclosure: event.currentTarget.value })}
        />
        <Group>
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
        </Group>
      </Card>
    </form>
  );
}
