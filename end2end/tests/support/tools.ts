// What tests need of the machine: programs that the set-up has installed, ports, rows of a host.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { homedir } from "node:os";
import path from "node:path";

/** A program that `scripts/setup.sh test` has installed. */
export function tool(name: string): string {
  const caches = process.env.XDG_CACHE_HOME ?? path.join(homedir(), ".cache");
  const cache = process.env.PARALLAX_CACHE ?? path.join(caches, "parallax");
  const program = path.join(cache, "tools", name);
  if (!existsSync(program)) throw new Error(`${program} is missing: type scripts/setup.sh test`);
  return program;
}

/** A port of this machine at which nobody listens now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const EXECUTE = `
import sqlite3, sys
with sqlite3.connect(sys.argv[1], timeout=10) as database:
    print(database.execute(sys.argv[2]).rowcount)
`;

/** Changes rows of a host that is at work, as time would have; gives how many. */
export function changeRows(dataFolder: string, sql: string): number {
  const database = path.join(dataFolder, "parallax.sqlite3");
  return Number(execFileSync("python3", ["-c", EXECUTE, database, sql], { encoding: "utf8" }));
}

/** Tells a workspace that a provider does not take its key, as a host does that has looked. */
export function tellOfKey(dataFolder: string, workspace: number, provider: string): void {
  const facts = JSON.stringify({ key_rejected: { provider, no_credit: false } });
  const values = `${workspace}, 'key_rejected', '${provider}/bad_key/0', 0, '${facts}', '${new Date().toISOString()}'`;
  changeRows(
    dataFolder,
    `INSERT INTO llm_notices (workspace_id, kind, subject, project_id, facts, raised_at) VALUES (${values})`,
  );
}
