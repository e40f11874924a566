// What a person reads when something is wrong.
import { draft, OWNER } from "./support/data";
import * as steps from "./support/steps";
import { expect, test } from "./support/test";
import { speaker } from "./support/texts";

const say = speaker("en");

// The browser itself notes every answer that is not a success.
test.use({ expectedMessages: [/status of 4(01|04|09|22|29)/] });

test("signing in with a wrong password", async ({ page, call }) => {
  await call.signUp(OWNER.email, OWNER.password);
  await page.context().clearCookies();
  await page.goto("/");
  await expect(page).toHaveURL(/\/sign-in$/);
  await steps.signIn(page, say, "not the password");
  await expect(page.getByRole("alert")).toContainText(say("errors.sign_in_failed"));
  await expect(page).toHaveURL(/\/sign-in$/);
  // An account that does not exist gets the very same answer.
  await page.getByLabel(say("accounts.email")).fill("nobody@example.com");
  await page.getByRole("button", { name: say("accounts.sign_in") }).click();
  await expect(page.getByRole("alert")).toContainText(say("errors.sign_in_failed"));
  await steps.signIn(page, say);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("nav.projects"));
});

test("after ten failed attempts the door stays shut", async ({ page, call }) => {
  await call.signUp(OWNER.email, OWNER.password);
  await page.context().clearCookies();
  await page.goto("/sign-in");
  await page.getByLabel(say("accounts.email")).fill(OWNER.email);
  await page.getByLabel(say("accounts.password"), { exact: true }).fill("not the password");
  for (let attempt = 1; attempt <= 11; attempt += 1) {
    const answer = page.waitForResponse((response) => response.url().endsWith("/accounts/sign-in"));
    await page.getByRole("button", { name: say("accounts.sign_in") }).click();
    expect((await answer).status(), `attempt ${attempt}`).toBe(attempt <= 10 ? 401 : 429);
  }
  await expect(page.getByRole("alert")).toContainText(/Too many attempts\. Wait \d+\smin/);
  // Not even the right password opens it now.
  await steps.signIn(page, say);
  await expect(page.getByRole("alert")).toContainText("Too many attempts");
});

test("a weak password and no address are said beside the fields", async ({ page }) => {
  await page.goto("/sign-up");
  const email = page.getByLabel(say("accounts.email"));
  const password = page.getByLabel(say("accounts.password"), { exact: true });
  await email.fill("ana");
  await password.fill("short");
  await page.getByRole("button", { name: say("accounts.sign_up") }).click();
  await expect(email).toBeFocused();
  for (const [field, message] of [
    [email, say("errors.email")],
    [password, say("errors.password_short", { min: 10 })],
  ] as const) {
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await expect(field).toHaveAccessibleDescription(new RegExp(message.slice(0, 20)));
  }
  // A press on the message in the summary leads to its field.
  await page.getByRole("alert").getByRole("button", { name: say("errors.password_short", { min: 10 }) }).click();
  await expect(password).toBeFocused();
  // What is put right is not said any longer, and the last of it takes the summary with it.
  await email.fill("ana@example.com");
  await expect(page.getByRole("alert").getByRole("button")).toHaveText([
    new RegExp(say("errors.password_short", { min: 10 }).slice(0, 20)),
  ]);
  await password.fill("a password that is long enough");
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test.describe("signed in", () => {
  test.beforeEach(async ({ call }) => {
    await call.signUp(OWNER.email, OWNER.password);
  });

  test("a project without a name, with bad domain and question", async ({ page }) => {
    await page.goto("/projects/new");
    await page.getByRole("button", { name: say("projects.create") }).click();
    const name = page.getByLabel(say("projects.brand_name"));
    await expect(name).toBeFocused();
    await expect(name).toHaveAttribute("aria-invalid", "true");
    await expect(name).toHaveAccessibleDescription(say("errors.required"));

    // What holds where nothing is typed is shown.
    await expect(page.getByLabel(say("projects.repeats"), { exact: true })).toHaveAttribute("placeholder", "1");
    await name.fill("Kipu");
    const brand = page.getByRole("region", { name: say("projects.brand"), exact: true });
    await brand.getByLabel(say("projects.domains")).fill("no domain");
    await brand.getByLabel(say("projects.domains")).press("Enter");
    const questions = page.getByLabel(say("projects.questions_label"));
    await questions.fill("Which accounting tool is best?\nHm");
    // Said while it is typed, line by line.
    await expect(page.getByText(say("projects.line", { line: 2 }))).toBeVisible();
    // A question that stands there again is no fault: it is left out.
    await questions.fill("Which accounting tool is best?\nHm\nwhich accounting tool is BEST?");
    await page.getByText(say("projects.duplicate_one"), { exact: true }).click();
    await expect(page.getByText(say("projects.line", { line: 3 }))).toBeVisible();
    await page.getByRole("button", { name: say("projects.create") }).click();
    const domains = brand.getByLabel(say("projects.domains"));
    await expect(domains).toBeFocused();
    await expect(domains).toHaveAccessibleDescription(new RegExp('“no domain” is not a domain'));
    await expect(questions).toHaveAttribute("aria-invalid", "true");
    await expect(questions).toHaveAccessibleDescription(/A question has 15 to 500 characters; this one has 2: “Hm”/);
    // Nothing is lost, nothing is stored.
    await expect(name).toHaveValue("Kipu");
    await expect(page).toHaveURL(/\/projects\/new$/);
  });

  test("two projects with one name", async ({ page, call }) => {
    const [model] = await call.currentModels(["openai"]);
    await call.createProject(draft([model.id]));
    await page.goto("/projects/new");
    await page.getByLabel(say("projects.brand_name")).fill("Kipu");
    const name = page.getByLabel(say("projects.name"), { exact: true });
    await name.fill("Kipu in Europe");
    await page.getByLabel(say("projects.questions_label")).fill("Which accounting tool is best?");
    await expect(page.getByRole("checkbox", { checked: true }).first()).toBeVisible();
    await page.getByRole("button", { name: say("projects.create") }).click();
    await expect(name).toBeFocused();
    await expect(name).toHaveAccessibleDescription(new RegExp(say("errors.name_taken")));
    expect(await call.call<unknown[]>("projects/list")).toHaveLength(1);
  });

  test("an amount that is none in the price book and the budget", async ({ page, call }) => {
    const [model] = await call.currentModels(["openai"]);
    await page.goto("/admin/models");
    const input = page.getByLabel(say("registry.input_of", { name: model.display_name }), { exact: true });
    // At once, and not only when it is to be saved.
    await input.fill("much");
    await expect(input).toHaveAttribute("aria-invalid", "true");
    await input.fill("1.25");
    await expect(input).not.toHaveAttribute("aria-invalid");
    await input.fill("much");
    await input.press("Enter");
    await expect(input).toHaveAttribute("aria-invalid", "true");
    await expect(input).toHaveAccessibleDescription(say("errors.amount"));
    await expect(input).toBeFocused();
    expect((await call.models()).find((one) => one.id === model.id)?.price).toEqual(model.price);

    await page.goto("/keys");
    const budget = page.getByLabel(say("keys.monthly"), { exact: true });
    await budget.fill("-3");
    await page.getByRole("button", { name: say("keys.save_budget") }).click();
    await expect(budget).toBeFocused();
    await expect(budget).toHaveAttribute("aria-invalid", "true");
  });

  test("a key that the provider refuses", async ({ page, simulator }) => {
    await page.goto("/keys");
    const row = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "ChatGPT", exact: true }) });
    await row.getByRole("button", { name: say("keys.add_name", { name: "ChatGPT" }) }).click();
    await row.getByLabel(say("keys.api_key_for", { name: "ChatGPT" })).fill("sk-test-1234567890");
    await row.getByText(say("keys.advanced"), { exact: true }).click();
    // There is nothing at this address that speaks the protocol.
    await row.getByLabel(say("keys.base_url"), { exact: true }).fill(`${simulator.url}/nowhere`);
    await row.getByRole("button", { name: say("keys.save_key") }).click();
    await expect(row.getByText(say("keys.source_stored"), { exact: true })).toBeVisible();
    await row.getByRole("button", { name: say("keys.test_name", { name: "ChatGPT" }) }).click();
    await expect(row.locator(".notice.is-danger")).toBeVisible();
  });

  test("an address that leads nowhere", async ({ page, call }) => {
    await page.goto("/no/such/page");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("common.not_found_title"));
    await page.getByRole("link", { name: say("common.not_found_back") }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("nav.projects"));
    // Neither does a project that is not there.
    const [model] = await call.currentModels(["openai"]);
    const id = await call.createProject(draft([model.id]));
    for (const address of [`/projects/${id + 1}`, `/projects/${id + 1}/settings`, "/projects/x"]) {
      await page.goto(address);
      await expect(page.getByText(say("projects.not_found"))).toBeVisible();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("nav.project"));
      // Once, and with a way out.
      await expect(page.getByRole("alert")).toHaveCount(1);
      await expect(page.getByRole("link", { name: say("common.not_found_back") })).toBeVisible();
    }
    // Nor a page that no project has.
    await page.goto(`/projects/${id}/nowhere`);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("common.not_found_title"));
  });

  test("who does not sign in again is led to the sign-in page, and back", async ({ page, call }) => {
    const [model] = await call.currentModels(["openai"]);
    const id = await call.createProject(draft([model.id]));
    await page.goto(`/projects/${id}/runs`);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("nav.runs"));
    await call.call("accounts/sign-out");
    await steps.runButton(page, say).click();
    const again = page.getByRole("dialog", { name: say("accounts.signed_out") });
    await again.getByRole("button", { name: say("accounts.not_now") }).click();
    await expect(page).toHaveURL(/\/sign-in\?next=/);
    await steps.signIn(page, say);
    await expect(page).toHaveURL(new RegExp(`/projects/${id}/runs$`));
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("nav.runs"));
  });
});

test.describe("texts that do not come", () => {
  test.use({ expectedMessages: [/ERR_FAILED/] });

  test("are said in both languages, and one that is spoken stays", async ({ page }) => {
    await page.route(/texts-es-/, (route) => route.abort());
    await page.goto("/sign-up");
    await expect(page.getByRole("heading", { level: 1, name: say("accounts.sign_up") })).toBeVisible();
    await page.getByRole("combobox", { name: say("nav.language") }).selectOption("es");
    await expect(page.getByRole("heading", { level: 1, name: say("accounts.sign_up") })).toBeVisible();
    await page.route(/texts-en-/, (route) => route.abort());
    await page.reload();
    await expect(page.getByRole("alert")).toContainText("Parallax could not be loaded");
    await expect(page.getByRole("alert")).toContainText("No se ha podido cargar Parallax");
    await page.unrouteAll();
    await page.reload();
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  });
});

test.describe("a part of the client that does not come", () => {
  test.use({ expectedMessages: [/ERR_FAILED|Failed to fetch/] });

  test("is said, and is there once the page is loaded again", async ({ page, call }) => {
    await call.signUp(OWNER.email, OWNER.password);
    await page.goto("/");
    await expect(page.getByRole("heading", { level: 1, name: say("nav.projects") })).toBeVisible();
    await page.route(/split-keys-/, (route) => route.abort());
    await page.getByRole("link", { name: say("nav.keys") }).click();
    await expect(page.getByRole("alert")).toContainText(say("errors.network"));
    await page.unrouteAll();
    await page.getByRole("button", { name: say("common.try_again") }).click();
    await expect(page.getByRole("heading", { level: 1, name: say("nav.keys") })).toBeVisible();
  });
});

test.describe("a host that does not answer for a while", () => {
  test.use({ expectedMessages: [/ERR_FAILED|Failed to fetch/] });

  test("is said once a page, and the page comes back by itself", async ({ page, call }) => {
    await call.signUp(OWNER.email, OWNER.password);
    await page.goto("/");
    await expect(page.getByRole("heading", { level: 1, name: say("nav.projects") })).toBeVisible();
    await page.route(/\/api\//, (route) => route.abort());
    await page.getByRole("link", { name: say("nav.keys") }).click();
    // Four cards of the page wait for the host.
    const alert = page.getByRole("alert").filter({ hasText: say("errors.network") });
    await expect(alert).toHaveCount(1);
    await expect(alert.getByRole("heading", { name: say("kit.no_connection") })).toBeVisible();
    await page.unrouteAll();
    await expect(alert).toHaveCount(0, { timeout: 10_000 });
    await expect(page.getByLabel(say("keys.monthly"), { exact: true })).toBeVisible();
  });
});
