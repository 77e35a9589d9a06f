import { ar } from "./ar";
import { de } from "./de";
import { en, type Strings } from "./en";
import { es } from "./es";
import { fr } from "./fr";

const ALL: Record<string, Strings> = { en, de, es, fr, ar };

export type { Strings };

/** The first of the wanted languages that we speak, else English. */
export function stringsFor(wanted: readonly string[]): { language: string; strings: Strings } {
  for (const tag of wanted) {
    const language = tag.toLowerCase().split("-")[0] ?? "";
    const strings = ALL[language];
    if (strings) return { language, strings };
  }
  return { language: "en", strings: en };
}

export function fill(text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (whole, key: string) => values[key] ?? whole);
}
