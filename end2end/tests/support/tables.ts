// Makes the tables of the databases of all tests, once before the first of them: each host begins
// with a copy. To make them takes longer than much of what a test is about.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { binary, TABLES } from "./host";

export default function makeTables(): () => void {
  const folder = mkdtempSync(path.join(tmpdir(), "parallax-e2e-tables-"));
  execFileSync(binary(), ["migrate"], {
    env: { PATH: process.env.PATH ?? "", PARALLAX_DATA_DIR: folder },
    stdio: ["ignore", "inherit", "inherit"],
  });
  // Handed on to the processes that run the tests.
  process.env[TABLES] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
