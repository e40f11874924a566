// A proxy that has the application below a path, and nothing else.
import { createServer, request as send, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Proxy {
  /** Where the application is behind it, without a slash at the end. */
  url: string;
  /** From now on it passes requests on to this host. */
  leadTo(host: string): void;
  stop(): Promise<void>;
}

/** Listens on a free port. `strips`: the path is taken off on the way. */
export async function startProxy(prefix: string, strips: boolean): Promise<Proxy> {
  let target = "";
  const server = createServer((asked, answer) => {
    const path = asked.url ?? "/";
    if (path !== prefix && !path.startsWith(`${prefix}/`)) {
      // Another application would have this address.
      answer.writeHead(404).end("not below the path");
      return;
    }
    const inner = path.slice(prefix.length);
    passOn(asked, answer, target + (strips ? inner || "/" : path));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${prefix}`,
    leadTo: (host) => (target = host),
    stop: () => end(server),
  };
}

function passOn(asked: IncomingMessage, answer: ServerResponse, address: string): void {
  // As proxies do that do not pass the name on.
  const headers = { ...asked.headers, host: "upstream" };
  const onward = send(address, { method: asked.method, headers }, (reply) => {
    answer.writeHead(reply.statusCode ?? 502, reply.headers);
    reply.pipe(answer);
  });
  onward.on("error", () => answer.destroy());
  // A stream ends at the host too when its reader goes.
  answer.on("close", () => onward.destroy());
  asked.pipe(onward);
}

async function end(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
