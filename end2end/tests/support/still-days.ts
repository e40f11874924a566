// Days that stand still: a page sees every day as if today were always the same one, so that what it
// shows of the last sixty days is the same tomorrow. What the host says is moved to that day, what the
// page asks is moved back; what happened on a day was at noon.
import type { Page } from "@playwright/test";

/** What day it is on the page. */
const TODAY = "2026-06-15";
const DAY_MS = 86_400_000;
/** A day in JSON, alone or as the beginning of a moment. */
const DAYS = /(?<=")\d{4}-\d{2}-\d{2}(?="|T\d)/g;
const TIMES = /(?<="\d{4}-\d{2}-\d{2})T[\d:.]+/g;

/** From now on, the page is one of that day. */
export async function standStill(page: Page): Promise<void> {
  const away = (Date.parse(TODAY) - Date.parse(new Date().toISOString().slice(0, 10))) / DAY_MS;
  const moved = (text: string, by: number) =>
    text.replace(DAYS, (day) => new Date(Date.parse(day) + by * DAY_MS).toISOString().slice(0, 10));
  await page.clock.setFixedTime(`${TODAY}T15:00:00Z`);
  await page.route("**/api/fn/**", async (route) => {
    const asked = route.request().postData();
    const response = await route.fetch(asked === null ? {} : { postData: moved(asked, -away) });
    const body = moved((await response.text()).replace(TIMES, "T12:00:00"), away);
    // The reply is no longer as long as it was, and no longer packed.
    const { "content-encoding": _packing, "content-length": _length, ...headers } = response.headers();
    await route.fulfill({ response, headers, body });
  });
}

/** Lets go of what is still on its way. */
export async function letGo(page: Page): Promise<void> {
  await page.unrouteAll({ behavior: "ignoreErrors" });
}
