// Server functions as the client calls them: to prepare what a test is not about, and to
// compare the screen with what the host says.
import { expect, type APIRequestContext } from "@playwright/test";

export interface Lane {
  model_id: number;
  model_name: string;
  provider: string;
  total: number;
  running: number;
  answered: number;
  failed: number;
  dropped: number;
  cost: number;
}

export interface Run {
  id: number;
  status: string;
  lanes: Lane[];
}

export interface Price {
  input: number;
  output: number;
  origin: string;
  starts_at: string;
}

export interface Model {
  id: number;
  provider: string;
  model_id: string;
  display_name: string;
  is_current: boolean;
  is_available: boolean;
  usable: boolean;
  price: Price | null;
}

export interface Finding {
  entity_name: string;
  is_brand: boolean;
  source: string;
  text_count: number;
  spans: [number, number][];
}

export interface Answer {
  row: { id: number; model_name: string; prompt_text: string; cost: number };
  text: string;
  sources: { url: string; title: string | null; domain: string | null; cited: boolean; marks: [number, number][] }[];
  findings: Finding[];
}

export interface AnswerRow {
  id: number;
  run_id: number;
  outcome: string;
  model_id: number;
  source: string;
}

export interface Sums {
  answers: number;
  mentions: number;
  competitor_mentions: number;
  rank_sum: number;
  rank_count: number;
  top3: number;
  cost: number;
}

export interface Dashboard {
  total: Sums;
  /** Over questions that do not name the brand. */
  plain: Sums;
  models: { model_id: number; model_name: string; total: Sums; days: { day: string; sums: Sums }[] }[];
  /** The model that names the brand most often, and least often, beyond noise. */
  ends: { best: number | null; worst: number | null };
  entities: { name: string; is_brand: boolean; mentions: number }[];
}

export interface Source {
  page_id: number | null;
  name: string;
  kind: string;
  answers: number;
  pages: number;
  retrieved: number;
}

/** What travels as a row of values, in the order of the fields in app/contract. */
type Row = unknown[];

function named<T>(fields: string, row: Row): T {
  return Object.fromEntries(fields.split(" ").map((field, place) => [field, row[place]])) as T;
}

const SUMS =
  "answers mentions text_mentions link_mentions brand_weight_tenths competitor_mentions " +
  "competitor_weight_tenths rank_sum rank_count top3 top5 top10 informative cost";
const ANSWER_ROW =
  "id run_id at prompt_id prompt_text provider model_id model_name outcome error_class source " +
  "text_count rank list_total competitors cost";

/** The sums over all questions, or over those that do not name the brand. */
function sums(figures: unknown, which: "all" | "plain" = "all"): Sums {
  return named(SUMS, (figures as Row)[which === "all" ? 0 : 1] as Row);
}

export interface ProjectDraft {
  name: string;
  brand: { name: string; aliases: string[]; domains: string[] };
  competitors: { name: string; aliases: string[]; domains: string[] }[];
  industry: string;
  language: string;
  country: string;
  model_ids: number[];
  prompts: string[] | null;
  monthly_budget?: string;
  is_active: boolean;
}

export class Caller {
  constructor(
    private readonly request: APIRequestContext,
    private readonly origin: string,
  ) {}

  /** Calls one; anything but success is a failure of the test. */
  async call<T>(name: string, args: object = {}): Promise<T> {
    const response = await this.request.post(`${this.origin}/api/fn/${name}`, { data: args });
    expect(response.status(), `${name}: ${await response.text()}`).toBe(200);
    return (await response.json()) as T;
  }

  signUp(email: string, password: string): Promise<unknown> {
    return this.call("accounts/sign-up", { draft: { email, password, invitation: null } });
  }

  async models(): Promise<Model[]> {
    const models = await this.call<(Omit<Model, "price"> & { price: Row | null })[]>("models/list");
    return models.map((model) => ({
      ...model,
      price: model.price && named("id input output cached_input search_fee starts_at origin", model.price),
    }));
  }

  /** The current, usable model of each of these providers, in the order given. */
  async currentModels(slugs: string[]): Promise<Model[]> {
    const models = await this.models();
    return slugs.map((slug) => {
      const found = models.find((model) => model.provider === slug && model.is_current && model.usable);
      if (!found) throw new Error(`${slug} has no current model that can be used`);
      return found;
    });
  }

  createProject(draft: ProjectDraft): Promise<number> {
    return this.call("projects/create", { draft });
  }

  /** The newest fifty. */
  async runs(projectId: number): Promise<Run[]> {
    const page = await this.call<Row>("runs/list", { project_id: projectId, after: 0 });
    return named<{ runs: Run[] }>("runs total", page).runs;
  }

  /** Starts a run and waits for its end. */
  async run(projectId: number): Promise<Run> {
    const { id } = await this.call<Run>("runs/start", { project_id: projectId });
    let run: Run | undefined;
    await expect
      .poll(async () => (run = await this.call<Run>("runs/get", { run_id: id })).status, { timeout: 30_000 })
      .not.toMatch(/^(queued|running)$/);
    return run as Run;
  }

  async answer(id: number): Promise<Answer> {
    const view = named<Record<string, Row>>("record sources findings", await this.call("answers/get", { answer_id: id }));
    const record = named<Record<string, Row>>("row text", view.record);
    const all = (fields: string, rows: unknown) => (rows as Row[]).map((row) => named<never>(fields, row));
    return {
      row: named(ANSWER_ROW, record.row),
      text: record.text as unknown as string,
      sources: all("url title domain kind entity cited marks", view.sources),
      findings: all("entity_id entity_name is_brand source text_count spans", view.findings),
    };
  }

  async answers(projectId: number, limit = 200): Promise<{ rows: AnswerRow[]; total: number }> {
    const page = await this.call<Row>("answers/list", { filter: { project_id: projectId, limit } });
    const { rows, total } = named<{ rows: Row[]; total: number }>("rows next total", page);
    return { rows: rows.map((row) => named(ANSWER_ROW, row)), total };
  }

  async sources(query: object): Promise<{ rows: Source[]; answers: number }> {
    const table = named<{ rows: Row[]; answers: number }>(
      "rows total answers citations",
      await this.call("sources/list", { query }),
    );
    const fields = "page_id name title domain site_only kind entity answers citations retrieved pages";
    return { rows: table.rows.map((row) => named<Source>(fields, row)), answers: table.answers };
  }

  async dashboard(projectId: number, from: string, to: string): Promise<Dashboard> {
    const query = { project_id: projectId, from, to, model_ids: [] };
    const view = named<Record<string, Row>>(
      "from to total previous changes models ends days seams entities",
      await this.call("dashboard/get", { query }),
    );
    const models = (view.models as Row[]).map((row) => {
      const model = named<Record<string, unknown>>("model_id provider model_name total days", row);
      const days = (model.days as Row[]).map((day) => ({
        day: day[0] as string,
        sums: named<Sums>(SUMS, day[1] as Row),
      }));
      return { ...model, total: sums(model.total), days };
    });
    const entities = (view.entities as Row[]).map((row) => {
      const entity = named<Record<string, unknown>>("entity_id name is_brand sums plain_mentions", row);
      return { ...entity, mentions: entity.plain_mentions };
    });
    const [total, plain] = [sums(view.total), sums(view.total, "plain")];
    return { total, plain, models, ends: view.ends as unknown, entities } as Dashboard;
  }
}
