// How busy the machine is with other things: by that much milliseconds have more room.
//
// The same short piece of work is done over and over on all cores. A tenth of the pieces met nobody,
// so they say how fast the machine is; how much longer a piece takes on average says how much of the
// machine others have. A slow machine has no room by this, a shared one has.
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";

const FOR_MS = 600;
/** Whoever gets less than a third of the machine measures others. */
const MOST = 3;

// Pieces of about a millisecond: shorter than a turn that the system gives to a process.
const WORK = `
const { parentPort, workerData } = require("node:worker_threads");
const pieces = [];
let state = 1;
const end = performance.now() + workerData;
while (performance.now() < end) {
  const begun = performance.now();
  for (let step = 0; step < 500000; step += 1) state = (Math.imul(state, 1103515245) + 12345) | 0;
  pieces.push(performance.now() - begun);
}
parentPort.postMessage({ pieces, state });
`;

async function piecesOfOneCore(): Promise<number[]> {
  const worker = new Worker(WORK, { eval: true, workerData: FOR_MS });
  return new Promise((resolve, reject) => {
    worker.once("message", ({ pieces }: { pieces: number[] }) => resolve(pieces));
    worker.once("error", reject);
  });
}

async function busyNow(): Promise<number> {
  const pieces = (await Promise.all(Array.from({ length: availableParallelism() }, piecesOfOneCore))).flatMap(
    // The first pieces wait for their code.
    (found) => found.slice(20),
  );
  const quick = [...pieces].sort((one, other) => one - other)[Math.floor(pieces.length / 10)];
  const mean = pieces.reduce((sum, piece) => sum + piece, 0) / pieces.length;
  return Math.min(Math.max(mean / quick, 1), MOST);
}

/** Measures, and by which factor others were in the way: 1 where nobody was. */
export async function withRoom<T>(measure: () => Promise<T>): Promise<{ found: T; room: number }> {
  const before = await busyNow();
  const found = await measure();
  // What was measured comes to rest first.
  await new Promise((done) => setTimeout(done, 1_000));
  return { found, room: Math.max(before, await busyNow()) };
}
