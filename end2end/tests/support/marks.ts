// Which parts of an answer's text have to be marked, by what the host found in it.
import type { Answer } from "./caller";

export interface Mark {
  text: string;
  entity: string;
}

/** The marks in the order of the text. Offsets count bytes, as the host does. */
export function expectedMarks(answer: Answer): Mark[] {
  const bytes = Buffer.from(answer.text, "utf8");
  const spans = answer.findings.flatMap(({ entity_name: entity, is_brand: isBrand, spans: found }) =>
    found.map(([start, end]) => ({ start, end, entity, isBrand })),
  );
  // The brand goes before a competitor at the same place, and a longer name before a shorter.
  spans.sort((a, b) => a.start - b.start || Number(b.isBrand) - Number(a.isBrand) || b.end - a.end);
  const marks: Mark[] = [];
  let cut = 0;
  for (const { start, end, entity } of spans) {
    const from = Math.max(start, cut);
    if (from >= end) continue;
    marks.push({ text: bytes.subarray(from, end).toString("utf8"), entity });
    cut = end;
  }
  return marks;
}

/** What people see of the Markdown that a simulator writes, without the ends of its lines. */
export function shownText(markdown: string): string {
  return markdown
    .replace(/^(\d+\. |- )/gm, "")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll("**", "")
    .replace(/ *\n/g, "")
    .trimEnd();
}
