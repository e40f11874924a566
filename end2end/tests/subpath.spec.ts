// The application below a path of a name that it shares with others: pages, calls, streams,
// charts, files, cookies. A request outside of the path is a mishap (support/test.ts).
import { draft, NAMES } from "./support/data";
import { seriesOf } from "./support/charts";
import { providerEnvironment, setUpCode, startHost } from "./support/host";
import { startProxy } from "./support/proxy";
import * as steps from "./support/steps";
import { expect, test as base } from "./support/test";
import { speaker } from "./support/texts";

const say = speaker("en");
const PREFIX = "/parallax";

const test = base.extend<{ strips: boolean }>({
  strips: [false, { option: true }],
  host: async ({ simulator, strips }, use) => {
    const proxy = await startProxy(PREFIX, strips);
    const host = await startHost({ ...providerEnvironment(simulator), PARALLAX_URL: proxy.url });
    proxy.leadTo(host.url);
    await use({ ...host, url: proxy.url });
    await host.stop();
    await proxy.stop();
  },
});

test.use({ simulation: { latency: 500, names: NAMES } });

for (const strips of [false, true]) {
  test.describe(strips ? "the proxy takes the path off" : "the proxy passes the path on", () => {
    test.use({ strips });

    test("everything lies below the path", async ({ page, call, host }) => {
      const at = (path: string) => `${host.url}${path}`;
      await test.step("sign up", async () => {
        await page.goto(at("/"));
        await expect(page).toHaveURL(at("/sign-up"));
        // An address for others is set, so the host wants to know that it is its operator.
        await steps.signUp(page, say, setUpCode(host));
        await expect(page).toHaveURL(new RegExp(`${PREFIX}/?$`));
        const cookies = await page.context().cookies(at("/api"));
        const session = cookies.find((cookie) => cookie.name === "parallax_session");
        expect(session?.path).toBe(PREFIX);
        expect(await page.context().cookies(new URL("/other", host.url).href)).toEqual([]);
      });

      const models = await call.currentModels(["openai", "google"]);
      const id = await call.createProject(draft(models.map((model) => model.id)));

      await test.step("run, with its progress", async () => {
        const stream = page.waitForRequest((request) => request.url().endsWith("/events"));
        await page.reload();
        await steps.projectLink(page, say, "Kipu in Europe").click();
        await expect(page).toHaveURL(at(`/projects/${id}`));
        await steps.startRun(page, say);
        expect((await stream).url()).toContain(at("/api/runs/"));
        await steps.expectEnd(page, "finished");
      });

      await test.step("the overview with its chart", async () => {
        expect((await seriesOf(page.locator(".chart-card"))).length).toBeGreaterThan(1);
      });

      await test.step("links, the way back, and a page that is loaded where it lies", async () => {
        await steps.openPart(page, say, "nav.answers");
        await expect(page).toHaveURL(at(`/projects/${id}/answers`));
        await page.goBack();
        await expect(page).toHaveURL(at(`/projects/${id}`));
        await page.goForward();
        await page.reload();
        await expect(page).toHaveURL(at(`/projects/${id}/answers`));
        await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("nav.answers"));
        for (const name of ["nav.schedule", "nav.keys", "nav.models", "nav.account"] as const) {
          await steps.goTo(page, say, name);
        }
        const links = await page.locator("a[href]:not([target=_blank])").evaluateAll((all) =>
          all.map((one) => one as HTMLAnchorElement).filter((one) => !one.classList.contains("skip")).map((one) => one.href),
        );
        expect(links.length).toBeGreaterThan(5);
        expect(links.filter((link) => !link.startsWith(host.url))).toEqual([]);
      });

      await test.step("a file", async () => {
        await page.goto(at(`/projects/${id}`));
        await page.getByText(say("overview.more"), { exact: true }).click();
        const download = page.waitForEvent("download");
        await page.locator("a[download]").first().click();
        expect((await download).url()).toContain(at(`/api/llm-monitoring/projects/${id}/export/`));
      });

      await test.step("out, and in again to where one wanted to go", async () => {
        await steps.signOut(page, say);
        await page.goto(at("/keys"));
        await expect(page).toHaveURL(at("/sign-in?next=/keys"));
        await steps.signIn(page, say);
        await expect(page).toHaveURL(at("/keys"));
        await expect(page.getByRole("heading", { level: 1, name: say("nav.keys") })).toBeVisible();
      });

      await test.step("the document of REST", async () => {
        const response = await page.request.get(at("/api/docs"));
        expect(response.url()).toBe(at("/api/docs/"));
        const document = await (await page.request.get(at("/api/openapi.json"))).json();
        expect(document.servers).toEqual([{ url: host.url }]);
      });
    });
  });
}
