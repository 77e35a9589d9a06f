import { useState } from "react";

type Change = { currentTarget: { value: string } };

/** The fields of a form. `bind` gives a text field its value and what to do when it changes. */
export function useFields<T extends object>(initial: T) {
  const [fields, setFields] = useState(initial);
  const set = (part: Partial<T>) => setFields((now) => ({ ...now, ...part }));
  const bind = <K extends keyof T>(name: T[K] extends string ? K : never) => ({
    value: fields[name] as string,
    onChange: ({ currentTarget }: Change) => set({ [name]: currentTarget.value } as Partial<T>),
  });
  return { fields, set, bind };
}
