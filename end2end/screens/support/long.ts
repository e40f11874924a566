// `test` on a host with sixty days of a project: 100,000 answers, made by `simulate-history`, once
// a day for each binary (scripts/screens.sh names the folder).
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test as base, type APIRequestContext } from "@playwright/test";

import { Caller } from "../../tests/support/caller";
import { OWNER } from "../../tests/support/data";
import { binary, startHost, type Host } from "../../tests/support/host";
import { row } from "./table";

const ANSWERS = 100_000;
const DAYS = 60;
/** To make it takes a minute or two. */
const MADE_WITHIN_MS = 600_000;

/** A host, and the project on it. */
export interface Long extends Host {
  projectId: number;
}

/** The data folder, made where it is not there yet, and the id of its project. */
function history(): { folder: string; projectId: number } {
  const folder = path.resolve(process.env.PARALLAX_SCREENS_DATA ?? path.join(__dirname, "../../../build/screens-data"));
  const made = `${folder}.made`;
  if (!existsSync(made)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const run = (args: string[], input = "") =>
      execFileSync(binary(), args, {
        input,
        encoding: "utf8",
        env: { PATH: process.env.PATH ?? "", RUST_LOG: "warn", PARALLAX_DATA_DIR: folder },
        stdio: ["pipe", "pipe", "inherit"],
        timeout: MADE_WITHIN_MS,
      });
    run(["user", "add", "--admin", "--password-stdin", OWNER.email], OWNER.password);
    const begun = Date.now();
    const said = run(["simulate-history", OWNER.email, "--answers", `${ANSWERS}`, "--days", `${DAYS}`, "--prompts", "100"]);
    const [, id, answers] = /project (\d+): (\d+) simulated answers/.exec(said) ?? [];
    if (!id) throw new Error(`simulate-history said ${said}`);
    row(`made: ${answers} answers of ${DAYS} days`, (Date.now() - begun) / 1000, { unit: "s" });
    writeFileSync(made, id);
  }
  return { folder, projectId: Number(readFileSync(made, "utf8")) };
}

export const test = base.extend<{ call: Caller }, { long: Long }>({
  long: [
    async ({}, use) => {
      const { folder, projectId } = history();
      const host = await startHost({}, folder);
      await use({ ...host, projectId });
      await host.stop();
    },
    { scope: "worker", timeout: 2 * MADE_WITHIN_MS },
  ],
  baseURL: async ({ long }, use) => use(long.url),
  // Whoever calls is signed in, and so is the page.
  call: async ({ page, long }, use) => {
    const call = new Caller(page.request as APIRequestContext, long.url);
    await call.call("accounts/sign-in", { draft: OWNER });
    await use(call);
  },
});

export { expect };
