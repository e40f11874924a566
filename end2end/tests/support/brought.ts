// Replies that come with the page: what the client would ask for first.
import type { Page, Response } from "@playwright/test";

const REPLY = /<script type="application\/json" data-call="\/api\/fn\/([^"]+)"[^]*?<\/script>/g;

/** The calls whose replies came with a page, but for who is there. */
export async function broughtBy(opened: Response | null): Promise<string[]> {
  const text = (await opened?.text()) ?? "";
  const names = [...text.matchAll(REPLY)].map(([, name]) => name);
  return names.filter((name) => name !== "accounts/session");
}

/** From now on pages come without replies, as from a host that takes too long for them. */
export async function bringNothing(page: Page): Promise<void> {
  await page.route("**", async (route) => {
    if (route.request().resourceType() !== "document") return route.fallback();
    const response = await route.fetch();
    const headers = response.headers();
    // What is sent on is not packed.
    for (const name of ["content-encoding", "content-length"]) delete headers[name];
    const body = (await response.text()).replace(REPLY, "");
    return route.fulfill({ status: response.status(), headers, body });
  });
}
