import ar from "./ar.json";
import de from "./de.json";
import en from "./en.json";
import es from "./es.json";
import fr from "./fr.json";
import hi from "./hi.json";
import id from "./id.json";
import it from "./it.json";
import nl from "./nl.json";
import pt from "./pt.json";

export type Strings = typeof en;

const ALL: Record<string, Strings> = { en, de, fr, es, pt, it, nl, ar, hi, id };
const RIGHT_TO_LEFT = ["ar"];

export interface Speech {
  language: string;
  direction: "ltr" | "rtl";
  strings: Strings;
}

/** The first of the wanted languages that we speak, else English. */
export function speechFor(wanted: readonly string[]): Speech {
  const codes = wanted.map((tag) => tag.toLowerCase().split("-")[0] ?? "");
  const language = codes.find((code) => code in ALL) ?? "en";
  const direction = RIGHT_TO_LEFT.includes(language) ? "rtl" : "ltr";
  return { language, direction, strings: ALL[language] ?? en };
}

export function fill(text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (whole, key: string) => values[key] ?? whole);
}
