// A mail server that keeps what it gets: the one that the tests of processes use.
import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { end } from "./host";
import { freePort, tool } from "./tools";

/** A letter as it arrived. */
export interface Letter {
  to: string;
  /** Its part in plain text. */
  text: string;
}

export interface MailServer {
  /** What sends a host's mails here. */
  environment: Record<string, string>;
  /** What has arrived so far, in no order. */
  letters(): Promise<Letter[]>;
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 10_000;

export async function startMailServer(): Promise<MailServer> {
  const home = await mkdtemp(path.join(tmpdir(), "parallax-mail-"));
  // The server makes it; a folder that is there already it would take for a finished mailbox.
  const mailbox = path.join(home, "mails");
  const port = await freePort();
  const handler = ["-c", "aiosmtpd.handlers.Mailbox", mailbox];
  const listen = ["-l", `127.0.0.1:${port}`];
  const args = ["-m", "aiosmtpd", "-n", ...handler, ...listen];
  const server = spawn(tool("aiosmtpd/bin/python"), args, { stdio: "ignore" });
  const stop = () => end(server).finally(() => rm(home, { recursive: true, force: true }));
  const patience = Date.now() + READY_WITHIN_MS;
  while (!(await answers(port))) {
    if (Date.now() > patience) {
      await stop();
      throw new Error("the mail server is not ready in time");
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    environment: {
      SMTP_URL: `smtp://127.0.0.1:${port}`,
      SMTP_FROM: "Parallax <parallax@parallax.example>",
    },
    letters: () => lettersIn(path.join(mailbox, "new")),
    stop,
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

async function lettersIn(folder: string): Promise<Letter[]> {
  const names = await readdir(folder);
  // One character a byte, until the part says what its bytes mean.
  const mails = await Promise.all(names.map((name) => readFile(path.join(folder, name), "latin1")));
  return mails.map(read);
}

function read(mail: string): Letter {
  const { head, body } = apart(mail.replace(/\r\n/g, "\n"));
  const to = /^to:[^\n]*?([^\s<>"]+@[^\s<>"]+)/im.exec(head)?.[1];
  const boundary = /boundary="?([^\s";]+)/i.exec(head)?.[1];
  const parts = boundary === undefined ? [] : body.split(`--${boundary}`).map((part) => apart(part.trimStart()));
  const plain = parts.find((part) => /^content-type:\s*text\/plain/im.test(part.head));
  if (to === undefined || plain === undefined) throw new Error(`this is no letter of a host:\n${mail}`);
  return { to, text: decoded(plain.body, /^content-transfer-encoding:\s*(\S+)/im.exec(plain.head)?.[1]) };
}

/** Headers and what follows the first empty line. */
function apart(text: string): { head: string; body: string } {
  const [head, ...rest] = text.split("\n\n");
  return { head, body: rest.join("\n\n") };
}

function decoded(body: string, encoding = ""): string {
  switch (encoding.toLowerCase()) {
    case "base64":
      return Buffer.from(body, "base64").toString("utf8");
    case "quoted-printable":
      return Buffer.from(unquoted(body), "latin1").toString("utf8");
    default:
      return Buffer.from(body, "latin1").toString("utf8");
  }
}

function unquoted(body: string): string {
  const lines = body.replace(/=\n/g, "");
  return lines.replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

/** Where a letter leads. */
export function linkIn(letter: Letter): string {
  const [link, ...others] = letter.text.match(/https?:\/\/\S+/g) ?? [];
  if (link === undefined || others.length > 0) throw new Error(`not one link:\n${letter.text}`);
  return link;
}
