import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";

import { useCustomerSearch } from "~/api/customers";

interface Props {
  label: string;
  /** The one that can't be chosen. */
  but: string;
  value: string | null;
  onChange: (id: string | null) => void;
}

/** Find another customer by name or address. */
export function CustomerSelect({ label, but, value, onChange }: Props) {
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed, 250);
  const found = useCustomerSearch(q);
  const choices = (found.data?.items ?? [])
    .filter(({ id }) => id !== but)
    .map(({ id, name, identities }) => ({
      value: id,
      label: [name || "Visitor", identities[0]?.value].filter(Boolean).join(", "),
    }));
  return (
    <Select
      label={label}
      placeholder="Name, email or phone number"
      searchable
      required
      data={choices}
      value={value}
      onChange={onChange}
      onSearchChange={setTyped}
      filter={({ options }) => options}
      nothingFoundMessage={q.trim().length > 1 ? "Nobody found" : "Type at least two letters"}
    />
  );
}
