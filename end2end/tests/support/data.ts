// What the tests type.
import type { ProjectDraft } from "./caller";

export const OWNER = { email: "ana@example.com", password: "four quiet green llamas" };

export const BRAND = { name: "Kipu", aliases: ["Kipu Cloud"], domains: ["kipu.example"] };
export const COMPETITORS = [
  { name: "Andes Ledger", aliases: ["Andes"], domains: ["andes-ledger.example"] },
  { name: "Quantara", aliases: [], domains: ["quantara.example"] },
  { name: "Nube Contable", aliases: [], domains: [] },
];

/** What simulated answers talk about: the brand, its competitors, and some nobody watches. */
export const NAMES = [BRAND.name, ...COMPETITORS.map((one) => one.name), "Alvero", "Brixtal", "Delmora"];

export const QUESTIONS = [
  "What is the best accounting software for small companies?",
  "Which accounting tool is easiest to learn?",
  "What accounting software do freelancers recommend?",
  "Which accounting programs work well with banks in Spain?",
  "What is the cheapest reliable accounting software?",
  "Compare Kipu with Andes Ledger and Quantara for a shop.",
  "Which accounting software has the best support?",
  "What do accountants say about Kipu, Quantara and Nube Contable?",
  "Which cloud accounting tools protect data best?",
  "What are the top five accounting tools for start-ups?",
];

export const QUESTIONS_IN_SPANISH = [
  "¿Cuál es el mejor programa de contabilidad para pequeñas empresas?",
  "¿Qué programa de contabilidad es más fácil de aprender?",
  "¿Qué programa de contabilidad recomiendan los autónomos?",
  "¿Qué programas de contabilidad funcionan bien con los bancos de España?",
  "¿Cuál es el programa de contabilidad fiable más barato?",
  "Compara Kipu con Andes Ledger y Quantara para una tienda.",
  "¿Qué programa de contabilidad tiene el mejor soporte?",
  "¿Qué dicen los contables de Kipu, Quantara y Nube Contable?",
  "¿Qué programas de contabilidad en la nube protegen mejor los datos?",
  "¿Cuáles son los cinco mejores programas de contabilidad para empresas nuevas?",
];

/** The project as a draft, for tests that are not about typing it. */
export function draft(modelIds: number[], changes: Partial<ProjectDraft> = {}): ProjectDraft {
  return {
    name: "Kipu in Europe",
    brand: BRAND,
    competitors: COMPETITORS,
    industry: "accounting software",
    language: "en",
    country: "ES",
    model_ids: modelIds,
    prompts: QUESTIONS,
    is_active: true,
    ...changes,
  };
}
