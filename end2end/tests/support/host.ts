// Starts and ends the processes that a test talks to: the host and the simulated providers.
import { spawn, type ChildProcess } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

/** A process of ours that has said where it listens. */
export interface Running {
  /** The address, such as `http://127.0.0.1:41234`. */
  url: string;
  /** What it has logged so far. */
  log(): string;
  /** Ends it and waits until it is gone. */
  stop(): Promise<void>;
}

/** A host of ours. */
export interface Host extends Running {
  /** Where it keeps its database and keys, until it is stopped. */
  dataFolder: string;
}

/** How the providers behave; see `parallax simulate --help`. */
export interface Simulation {
  latency?: number;
  fail?: string;
  slowMs?: number;
  retryAfterMs?: number;
  /** Names that answers use, the brand first. */
  names?: string[];
}

const READY_WITHIN_MS = 20_000;

/** Names the data folder with all tables and nothing else (support/tables.ts). */
export const TABLES = "PARALLAX_E2E_TABLES";

export function binary(): string {
  const named = process.env.PARALLAX_BINARY;
  if (!named) throw new Error("PARALLAX_BINARY names no host to test");
  return named;
}

/** Starts the binary, waits for `listening on URL`. Its environment is ours alone. */
async function launch(args: string[], environment: Record<string, string>): Promise<Running> {
  const child = spawn(binary(), args, {
    env: { PATH: process.env.PATH ?? "", RUST_LOG: "warn", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said.out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said.err += text));
  const url = await new Promise<string>((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`parallax ${args[0]}: ${why}\n${said.err}`));
    const patience = setTimeout(() => {
      child.kill("SIGKILL");
      fail("not ready in time");
    }, READY_WITHIN_MS);
    child.stdout.on("data", () => {
      const address = /listening on (http:\S+)/.exec(said.out);
      if (address) {
        clearTimeout(patience);
        resolve(address[1]);
      }
    });
    child.once("error", (error) => fail(error.message));
    child.once("exit", (code) => fail(`ended with ${code}`));
  });
  return { url, log: () => said.err, stop: () => end(child) };
}

/** Ends a process and waits until it is gone. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const impatience = setTimeout(() => child.kill("SIGKILL"), 5_000);
  await gone;
  clearTimeout(impatience);
}

/** The four providers, simulated, on a free port. */
export function startSimulator(simulation: Simulation): Promise<Running> {
  const args = ["simulate", "--listen", "127.0.0.1:0"];
  const options: [string, string | number | undefined][] = [
    ["--latency", simulation.latency],
    ["--fail", simulation.fail],
    ["--slow-ms", simulation.slowMs],
    ["--retry-after-ms", simulation.retryAfterMs],
    ["--names", simulation.names?.join(",")],
  ];
  for (const [name, value] of options) if (value !== undefined) args.push(name, String(value));
  return launch(args, {});
}

/** A host on a free port with a database of its own: empty, or a copy of another data folder. */
export async function startHost(environment: Record<string, string>, copyOf = ""): Promise<Host> {
  const beginning = copyOf === "" ? process.env[TABLES] : copyOf;
  if (!beginning) throw new Error(`${TABLES} names no folder with tables`);
  const folder = await mkdtemp(path.join(tmpdir(), "parallax-e2e-"));
  const forget = () => rm(folder, { recursive: true, force: true });
  try {
    await cp(beginning, folder, { recursive: true });
    const host = await launch(["serve"], {
      PARALLAX_LISTEN: "127.0.0.1:0",
      PARALLAX_DATA_DIR: folder,
      ...environment,
    });
    return { ...host, dataFolder: folder, stop: () => host.stop().finally(forget) };
  } catch (error) {
    await forget();
    throw error;
  }
}

/** The code that the first account of a host takes, from its log. */
export function setUpCode(host: Running): string {
  const [, code] = /set-up code (\w[\w-]*)/.exec(host.log()) ?? [];
  if (!code) throw new Error(`the log has no code:\n${host.log()}`);
  return code;
}

/** A provider that the simulator imitates. */
export interface Vendor {
  slug: string;
  /** As the screen names it. */
  label: string;
  /** How its variables begin. */
  variable: string;
  key: string;
}

export const VENDORS: Vendor[] = [
  { slug: "openai", label: "ChatGPT", variable: "OPENAI", key: "sk-test-0000-0000-gpt1" },
  { slug: "anthropic", label: "Claude", variable: "ANTHROPIC", key: "sk-ant-test-0000-cla2" },
  { slug: "google", label: "Gemini", variable: "GOOGLE", key: "AIza-test-0000-0000-gem3" },
  { slug: "perplexity", label: "Perplexity", variable: "PERPLEXITY", key: "pplx-test-0000-0000-per4" },
];

/** Where a provider is found, as its own clients mean a base URL. */
export function baseUrl(simulator: Running, vendor: Vendor): string {
  return vendor.slug === "openai" ? `${simulator.url}/v1` : simulator.url;
}

/** Keys and addresses for all four, as the operator of a host sets them. */
export function providerEnvironment(simulator: Running): Record<string, string> {
  return Object.fromEntries(
    VENDORS.flatMap((vendor) => [
      [`${vendor.variable}_API_KEY`, vendor.key],
      [`${vendor.variable}_BASE_URL`, baseUrl(simulator, vendor)],
    ]),
  );
}
