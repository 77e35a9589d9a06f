import type { Strings } from "../strings";
import type { Visitor } from "./chat";
import { make } from "./elements";

/** The few questions an inbox may ask before the first message. */
export function introduction(
  form: HTMLFormElement,
  asks: string[],
  strings: Strings,
  done: (visitor: Partial<Visitor>) => void,
): void {
  const title = make("h2");
  title.textContent = strings.before;
  const fields = asks.filter((ask): ask is keyof Visitor =>
    ["name", "email", "phone"].includes(ask),
  );
  const inputs = fields.map((ask) => {
    const label = make("label");
    const input = make("input");
    input.name = ask;
    input.type = { name: "text", email: "email", phone: "tel" }[ask];
    input.autocomplete = ({ name: "name", email: "email", phone: "tel" } as const)[ask];
    input.required = true;
    input.maxLength = 200;
    label.append(strings[ask], input);
    return { ask, input, label };
  });
  const submit = make("button", "start");
  submit.textContent = strings.start;
  form.replaceChildren(title, ...inputs.map(({ label }) => label), submit);
  form.onsubmit = (event) => {
    event.preventDefault();
    done(Object.fromEntries(inputs.map(({ ask, input }) => [ask, input.value.trim()])));
  };
}
