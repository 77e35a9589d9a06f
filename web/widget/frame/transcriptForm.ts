import type { Strings } from "../strings";
import { make } from "./elements";
import { isEmail } from "./introduction";

/** Asks for the address that the chat is sent to. The answer says nothing about the address. */
export function transcriptForm(
  strings: Strings,
  send: (email: string) => Promise<string>,
  close: () => void,
): HTMLFormElement {
  const form = make("form", "transcript");
  const label = make("label");
  const input = make("input");
  const row = make("div", "row");
  const submit = make("button", "start");
  const cancel = make("button", "link");
  const said = make("p", "said");
  form.noValidate = true;
  form.ariaLabel = strings.transcript;
  label.htmlFor = input.id = "transcript-email";
  label.textContent = strings.email;
  input.type = "email";
  input.autocomplete = "email";
  input.maxLength = 254;
  input.dir = "ltr";
  said.id = "transcript-said";
  said.setAttribute("role", "status");
  input.setAttribute("aria-describedby", said.id);
  submit.textContent = strings.send;
  cancel.type = "button";
  cancel.textContent = strings.cancel;
  cancel.onclick = close;
  row.append(input, submit, cancel);
  form.append(label, row, said);
  form.onsubmit = (event) => {
    event.preventDefault();
    const email = input.value.trim();
    const wrong = !isEmail(email);
    input.toggleAttribute("aria-invalid", wrong);
    if (wrong) {
      said.textContent = strings.badEmail;
      return input.focus();
    }
    submit.disabled = true;
    void send(email).then((words) => {
      said.textContent = words;
      submit.disabled = false;
    });
  };
  return form;
}
