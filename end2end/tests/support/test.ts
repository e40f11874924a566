// `test` with a host of its own, and with an eye on everything that must never happen on a
// page: errors in the console, refusals by the content security policy, requests elsewhere.
import { test as base, expect, type APIRequestContext, type Page } from "@playwright/test";

import { Caller } from "./caller";
import { providerEnvironment, startHost, startSimulator, type Host, type Running, type Simulation } from "./host";

export interface Options {
  /** How the simulated providers behave. */
  simulation: Simulation;
  /** Whether the host gets keys and addresses from its environment. */
  keysFromEnvironment: boolean;
  /** The data folder that the host begins with a copy of; empty: with nothing. */
  history: string;
  /** Messages of the console that a test brings about on purpose. */
  expectedMessages: RegExp[];
}

interface Fixtures {
  simulator: Running;
  host: Host;
  /** Server functions, in the name of whoever is signed in on the page. */
  call: Caller;
  /** What must never happen and did. */
  mishaps: string[];
}

export const test = base.extend<Options & Fixtures>({
  simulation: [{}, { option: true }],
  keysFromEnvironment: [true, { option: true }],
  history: ["", { option: true }],
  expectedMessages: [[], { option: true }],

  simulator: async ({ simulation }, use) => {
    const simulator = await startSimulator(simulation);
    await use(simulator);
    await simulator.stop();
  },
  host: async ({ simulator, keysFromEnvironment, history }, use) => {
    const host = await startHost(keysFromEnvironment ? providerEnvironment(simulator) : {}, history);
    await use(host);
    await host.stop();
  },
  baseURL: async ({ host }, use) => use(host.url),
  call: async ({ page, host }, use) => use(new Caller(page.request as APIRequestContext, host.url)),
  mishaps: [
    async ({ page, host, expectedMessages }, use) => {
      const mishaps: string[] = [];
      watch(page, host.url, mishaps);
      await use(mishaps);
      const unexpected = mishaps.filter((text) => !expectedMessages.some((known) => known.test(text)));
      expect(unexpected, "the console and the network stay quiet").toEqual([]);
    },
    { auto: true },
  ],
});

/** Notes what must never happen on a page. */
export function watch(page: Page, origin: string, mishaps: string[]): void {
  page.on("pageerror", (error) => mishaps.push(`exception: ${error.message}`));
  page.on("console", (message) => {
    const text = message.text();
    const isPolicy = /content security policy/i.test(text);
    if (message.type() === "error" || message.type() === "warning" || isPolicy) {
      mishaps.push(`${message.type()}: ${text} (${message.location().url})`);
    }
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !/^(data|blob):/.test(url)) mishaps.push(`request to ${url}`);
  });
}

export { expect };
