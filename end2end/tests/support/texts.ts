// The words on the screen, from the files that the client itself is built with.
import { readFileSync } from "node:fs";
import path from "node:path";

export type Language = "en" | "es";

const LOCALES = path.join(__dirname, "../../../app/locales");
const FILES = ["accounts", "answers", "chart", "common", "comparison", "dashboard", "discovery", "errors", "home", "keys", "kit", "letters", "moved", "nav", "notices", "overview", "palette", "period", "projects", "registry", "runs", "schedule", "sentence", "sources", "suggestions"] as const;
type File = (typeof FILES)[number];
type Values = Record<string, string | number>;

const read = (language: Language, file: File): Record<string, string> =>
  JSON.parse(readFileSync(path.join(LOCALES, language, `${file}.json`), "utf8"));

const TEXTS = Object.fromEntries(
  (["en", "es"] as const).map((language) => [
    language,
    Object.fromEntries(FILES.map((file) => [file, read(language, file)])),
  ]),
) as Record<Language, Record<File, Record<string, string>>>;

/** Gives a text, such as `keys.add_name`, with its values. */
export type Say = (name: `${File}.${string}`, values?: Values) => string;

export function speaker(language: Language): Say {
  return (name, values = {}) => {
    const [file, key] = name.split(".") as [File, string];
    const text = TEXTS[language][file][key];
    if (text === undefined) throw new Error(`there is no text ${name}`);
    return text.replace(/\{(\w+)\}/g, (whole, value: string) =>
      value in values ? String(values[value]) : whole,
    );
  };
}

/** Texts without values that mean nothing in the other language: what must not be left over. */
export function leftoversOf(language: Language): Set<string> {
  const other = language === "en" ? "es" : "en";
  const known = (of: Language) =>
    FILES.flatMap((file) => Object.values(TEXTS[of][file])).filter((text) => !text.includes("{"));
  const alsoOther = new Set(known(other).map((text) => text.toLowerCase()));
  return new Set(known(language).filter((text) => !alsoOther.has(text.toLowerCase())));
}
