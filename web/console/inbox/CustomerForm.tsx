import { Button, Group, TextInput } from "@mantine/core";
import type { SyntheticEvent } from "react";

import { useChangeCustomer } from "~/api/customers";
import type { Customer } from "~/api/types";
import { useFields } from "~/parts/fields";

import classes from "./CustomerForm.module.css";

export function CustomerForm({ customer, onDone }: { customer: Customer; onDone: () => void }) {
  const change = useChangeCustomer(customer.id);
  const { fields, bind } = useFields({
    name: customer.name,
    language: customer.language,
    city: customer.city,
  });
  const field = (key: keyof typeof fields, label: string, description?: string) => (
    <TextInput size="xs" label={label} description={description} dir="auto" {...bind(key)} />
  );
  const save = (event: SyntheticEvent) => {
    event.preventDefault();
    change.mutate(fields, { onSuccess: onDone });
  };
  return (
    <form className={classes.form} onSubmit={save}>
      {field("name", "Name")}
      {field("language", "Language", "Two letters: en, de, ar")}
      {field("city", "City")}
      <Group gap="xs">
        <Button type="submit" size="xs" loading={change.isPending}>
          Save
        </Button>
        <Button size="xs" variant="default" onClick={onDone}>
          Cancel
        </Button>
      </Group>
    </form>
  );
}
