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
  models: { model_id: number; model_name: string; total: Sums; days: { day: string; sums: Sums }[] }[];
  entities: { name: string; is_brand: boolean; mentions: number }[];
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

  models(): Promise<Model[]> {
    return this.call("models/list");
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

  runs(projectId: number): Promise<Run[]> {
    return this.call("runs/list", { project_id: projectId });
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

  answer(id: number): Promise<Answer> {
    return this.call("answers/get", { answer_id: id });
  }

  async answers(projectId: number, limit = 200): Promise<{ rows: AnswerRow[]; total: number }> {
    return this.call("answers/list", { filter: { project_id: projectId, limit } });
  }

  dashboard(projectId: number, from: string, to: string): Promise<Dashboard> {
    return this.call("dashboard/get", { query: { project_id: projectId, from, to, model_ids: [] } });
  }
}
