// Notices that a person mutes for themselves: a kind everywhere, or for one project; seen, undone, unmuted.
import { dress, violations } from "./support/axe";
import { draft, OWNER } from "./support/data";
import * as steps from "./support/steps";
import { expect, test } from "./support/test";
import { type Language, speaker } from "./support/texts";
import { changeRows, tellOfKey } from "./support/tools";

/** Tells a project that a run of it is not complete. */
function tellOfRun(dataFolder: string, workspace: number, project: number): void {
  const facts = JSON.stringify({ run_incomplete: { run: 1, answered: 1, total: 2 } });
  const values = `${workspace}, 'run_incomplete', '1', ${project}, '${facts}', '${new Date().toISOString()}'`;
  changeRows(
    dataFolder,
    `INSERT INTO llm_notices (workspace_id, kind, subject, project_id, facts, raised_at) VALUES (${values})`,
  );
}

for (const language of ["en", "es"] as Language[]) {
  test(`a person mutes kinds of notices, and unmutes them (${language})`, async ({ page, call, host }) => {
    const say = speaker(language);
    await call.signUp(OWNER.email, OWNER.password);
    const [model] = await call.currentModels(["openai"]);
    const id = await call.createProject(draft([model.id]));
    const { workspace } = await call.call<{ workspace: { id: number } }>("accounts/session");
    tellOfRun(host.dataFolder, workspace.id, id);
    tellOfKey(host.dataFolder, workspace.id, "openai");
    await page.addInitScript((code) => localStorage.setItem("parallax.language", code), language);
    await page.goto("/");
    const badge = steps.navigation(page, say).locator(".side-badge");
    await expect(badge).toHaveText("1");
    await page.goto("/notices");

    const card = page.getByRole("region", { name: say("notices.muted_title"), exact: true });
    const listed = page.locator(".notices > li:visible");
    const muted = card.locator(".mutes li");
    const ofKey = say("notices.key_rejected", { provider: "ChatGPT" });
    const ofRun = say("notices.run_incomplete", { name: "Kipu in Europe" });
    const mute = (title: string) =>
      page.getByRole("button", { name: say("notices.mute_named", { title }), exact: true });
    const unmute = (what: string) =>
      card.getByRole("button", { name: say("notices.unmute_named", { what }), exact: true });
    const keys = say("notices.kind_key_rejected");
    const runs = `${say("notices.kind_run_incomplete")} · Kipu in Europe`;
    await expect(listed).toHaveCount(2);
    await expect(card).toHaveCount(0);

    await test.step("a kind everywhere, by the keyboard, and back by the message that says so", async () => {
      await mute(ofKey).focus();
      await page.keyboard.press("Enter");
      await expect(muted).toHaveText([new RegExp(`^${keys}`)]);
      await expect(unmute(keys)).toBeFocused();
      await expect(listed).toHaveCount(1);
      await expect(listed).toContainText(ofRun);
      await expect(card).toContainText(say("notices.muted_lead"));
      await steps.expectToast(page, say("notices.muted_now", { what: keys }));
      await page.getByRole("button", { name: say("kit.undo"), exact: true }).click();
      await expect(card).toHaveCount(0);
      await expect(listed).toHaveCount(2);
      await expect(page.locator(".notices .badge.is-danger")).toHaveText(say("notices.grave"));
    });

    await test.step("what is muted needs nobody, here and on the first page", async () => {
      await mute(ofKey).click();
      await expect(listed).toHaveCount(1);
      await page.goto("/");
      await expect(page.locator(".home-cards")).toContainText(say("home.needs_none"));
      await expect(badge).toHaveCount(0);
      await page.goto("/notices");
      await expect(muted).toHaveCount(1);
      await expect(listed).toHaveCount(1);
    });

    await test.step("a kind of one project", async () => {
      await mute(ofRun).click();
      const ofProject = say("notices.mute_project", { name: "Kipu in Europe" });
      await page.getByRole("button", { name: ofProject, exact: true }).click();
      await expect(muted).toHaveCount(2);
      await expect(page.getByText(say("notices.none"), { exact: true })).toBeVisible();
      await expect(unmute(runs)).toBeVisible();
    });

    await test.step("muted ones are folded away, and can be read", async () => {
      await expect(listed).toHaveCount(0);
      await card.getByText(say("notices.muted_many", { count: 2 }), { exact: true }).click();
      await expect(listed).toHaveCount(2);
      await expect(card.locator(".notices .badge")).toHaveText([say("notices.muted"), say("notices.muted")]);
      for (const theme of ["light", "dark"] as const) {
        for (const width of [1440, 1024, 390]) {
          await dress(page, width, theme);
          expect(await violations(page)).toEqual([]);
          const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          expect(tooWide).toBeLessThanOrEqual(0);
        }
      }
    });

    await test.step("unmuted, they are as before", async () => {
      await unmute(runs).click();
      await expect(muted).toHaveCount(1);
      await unmute(keys).click();
      await expect(card).toHaveCount(0);
      await expect(listed).toHaveCount(2);
      await page.reload();
      await expect(listed).toHaveCount(2);
      await expect(card).toHaveCount(0);
    });
  });
}
