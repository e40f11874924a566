// Calls of the host as they go over the line: alone, or several of one moment in one request.
import type { APIResponse, Page, Request, Response } from "@playwright/test";

/** Where several go. */
const TOGETHER = "together";
const CALL = /\/api\/fn\/([\w/-]+)$/;

export interface Asked {
  name: string;
  args: unknown;
}

/** The calls that a request carries; none where it is for something else. */
export function callsIn(request: Request): Asked[] {
  const name = CALL.exec(new URL(request.url()).pathname)?.[1];
  if (!name) return [];
  const sent = request.postDataJSON() as unknown;
  if (name !== TOGETHER) return [{ name, args: sent }];
  return (sent as [string, unknown][]).map(([name, args]) => ({ name, args }));
}

/** The calls that a page sends from now on, but for the one that asks who is there. */
export function callsOf(page: Page): string[] {
  const asked: string[] = [];
  page.on("request", (request) => {
    for (const { name } of callsIn(request)) if (name !== "accounts/session") asked.push(name);
  });
  return asked;
}

/** What the host says to the next call of a name, wherever it stands. */
export async function replyTo(page: Page, name: string): Promise<unknown> {
  const place = (response: Response) => callsIn(response.request()).findIndex((call) => call.name === name);
  const response = await page.waitForResponse((response) => place(response) >= 0);
  const told: unknown = await response.json();
  if (!response.url().endsWith(`/${TOGETHER}`)) return told;
  return (told as [number, unknown][])[place(response)][1];
}

/** A status, and a body. */
export type Told = [status: number, body: unknown];

/** From now on, a page is told of a call what `change` makes of its arguments and of what the host says. */
export async function retell(page: Page, name: string, change: (args: unknown, told: Told) => Told): Promise<void> {
  await page.route(/\/api\/fn\//, async (route) => {
    const calls = callsIn(route.request());
    if (!calls.some((call) => call.name === name)) return route.fallback();
    const response: APIResponse = await route.fetch();
    const told: unknown = await response.json();
    // The reply is no longer as long as it was, and no longer packed.
    const { "content-encoding": _packing, "content-length": _length, ...headers } = response.headers();
    if (route.request().url().endsWith(`/${TOGETHER}`)) {
      const parts = (told as Told[]).map((part, place) => (calls[place].name === name ? change(calls[place].args, part) : part));
      return route.fulfill({ response, headers, json: parts });
    }
    const [status, json] = change(calls[0].args, [response.status(), told]);
    return route.fulfill({ response, status, headers, json });
  });
}
