// `test` with a mail server that takes the letters of its host.
import { providerEnvironment, startHost } from "./host";
import { startMailServer, type MailServer } from "./mail";
import { test as base } from "./test";
import { freePort } from "./tools";

interface Mailed {
  mail: MailServer;
  /** Whether others reach the host too, so that it asks for the set-up code. */
  isReached: boolean;
}

export const test = base.extend<Mailed>({
  isReached: [false, { option: true }],
  mail: async ({}, use) => {
    const mail = await startMailServer();
    await use(mail);
    await mail.stop();
  },
  host: async ({ simulator, mail, isReached }, use) => {
    // Links of letters lead to where the host is told to listen.
    const listen = `127.0.0.1:${await freePort()}`;
    const host = await startHost({
      ...providerEnvironment(simulator),
      ...mail.environment,
      PARALLAX_LISTEN: listen,
      ...(isReached ? { PARALLAX_URL: `http://${listen}` } : {}),
    });
    await use(host);
    await host.stop();
  },
});
