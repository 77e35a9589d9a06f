import { Button, Group, Textarea, TextInput } from "@mantine/core";
import type { SyntheticEvent } from "react";

import { useCompany, useSaveCompany } from "~/api/settings";
import type { Company } from "~/api/types";
import { useFields } from "~/parts/fields";
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
  const { fields, bind } = useFields(company);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    save.mutate(fields, { onSuccess: () => sayDone("Saved.") });
  };
  return (
    <form onSubmit={submit}>
      <Card>
        <TextInput label="Name" required {...bind("name")} />
        <TextInput label="Website" type="url" placeholder="https://" {...bind("website")} />
        <TextInput label="Tagline" {...bind("tagline")} />
        <Textarea
          label="Disclosure"
          description="Said once at the start of a chat: that an assistant answers here."
          autosize
          minRows={2}
          {...bind("disclosure")}
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
