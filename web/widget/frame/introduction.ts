import { fill, type Strings } from "../strings";
import type { Question } from "./api";
import type { Visitor } from "./chat";
import { make } from "./elements";

interface Field {
  question: Question;
  input: HTMLInputElement;
  problem: HTMLElement;
  part: HTMLElement;
}

const TYPES = { name: "text", email: "email", phone: "tel" } as const;
const FILLED_IN_AS = { name: "name", email: "email", phone: "tel" } as const;
const LONGEST = { name: 200, email: 320, phone: 50 } as const;

/** The few questions an inbox may ask before the first message. */
export function introduction(
  form: HTMLFormElement,
  questions: Question[],
  strings: Strings,
  done: (visitor: Partial<Visitor>) => void,
): void {
  const title = make("h2");
  title.textContent = strings.before;
  const fields = questions.map((question) => fieldOf(question, strings));
  const submit = make("button", "start");
  submit.textContent = strings.start;
  form.noValidate = true;
  form.replaceChildren(title, ...fields.map(({ part }) => part), submit);
  form.onsubmit = (event) => {
    event.preventDefault();
    for (const field of fields) complain(field, problemOf(field, strings));
    const wrong = fields.find(({ problem }) => problem.textContent);
    if (wrong) return wrong.input.focus();
    done(Object.fromEntries(fields.map(({ question, input }) => [question.ask, said(input)])));
  };
}

function fieldOf(question: Question, strings: Strings): Field {
  const { ask, required } = question;
  const part = make("div", "question");
  const label = make("label");
  const input = make("input");
  const problem = make("p", "problem");
  input.id = input.name = ask;
  input.type = TYPES[ask];
  input.autocomplete = FILLED_IN_AS[ask];
  input.maxLength = LONGEST[ask];
  input.required = required;
  // Numbers and addresses read from left to right in every language.
  input.dir = ask === "name" ? "auto" : "ltr";
  label.htmlFor = ask;
  label.textContent = required ? strings[ask] : fill(strings.optional, { name: strings[ask] });
  problem.id = `${ask}-problem`;
  input.setAttribute("aria-describedby", problem.id);
  part.append(label, input, problem);
  const field = { question, input, problem, part };
  input.oninput = () => {
    if (problem.textContent) complain(field, problemOf(field, strings));
  };
  complain(field, "");
  return field;
}

function complain({ input, problem }: Field, words: string): void {
  problem.textContent = words;
  problem.hidden = !words;
  if (words) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

/** What is wrong, in words; "" when nothing is. */
function problemOf({ question, input }: Field, strings: Strings): string {
  const text = said(input);
  if (!text) return question.required ? strings.missing : "";
  if (question.ask === "email" && !isEmail(text)) return strings.badEmail;
  if (question.ask === "phone" && !isPhone(text)) return strings.badPhone;
  return "";
}

const said = (input: HTMLInputElement) => input.value.trim();

export const isEmail = (text: string) => /^[^\s@]+@[^\s@]+\.[^\s@.]{2,}$/.test(text);

const isPhone = (text: string) => /^\+[\d\s().-]{6,24}$/.test(text);
