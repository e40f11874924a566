// The first page of somebody who comes: how soon the demonstration is made, and how soon the host has
// all that the page shows, with the long project and the demonstration on it.
import { withRoom } from "./support/busy";
import { expect, test } from "./support/long";
import { median, row, RUNS } from "./support/table";

const MOST_S_FOR_THE_DEMONSTRATION = 10;
const MOST_MS_AT_THE_HOST = 100;
const ASKED = 30;

async function seconds(act: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await act();
  return (performance.now() - begun) / 1_000;
}

test("the demonstration is made soon, and the first page is there soon", async ({ call, long }) => {
  expect((await call.runs(long.projectId)).length, "the history is there").toBeGreaterThan(0);
  const making = await withRoom(async () => {
    const times: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      await call.call("home/remove-demo");
      times.push(await seconds(() => call.call("home/make-demo")));
    }
    return times;
  });
  row("room for a busy machine, demonstration", making.room, { unit: "x", digits: 2 });
  row("the demonstration is made", median(making.found), {
    most: MOST_S_FOR_THE_DEMONSTRATION * making.room,
    unit: "s",
    digits: 1,
    told: `each: ${making.found.map((time) => time.toFixed(1)).join(", ")}`,
  });

  // Nothing of this page is kept ready: each time is as long as the first one of a warm host.
  const ask = () => seconds(() => call.call("home/get"));
  await ask();
  const asking = await withRoom(async () => {
    const times: number[] = [];
    for (let time = 0; time < ASKED; time += 1) times.push((await ask()) * 1_000);
    return times.sort((one, other) => one - other);
  });
  await call.call("home/remove-demo");
  row("room for a busy machine, home", asking.room, { unit: "x", digits: 2 });
  row("home with two projects at the host, p95", asking.found[Math.ceil(ASKED * 0.95) - 1], {
    most: MOST_MS_AT_THE_HOST * asking.room,
    unit: "ms",
  });
});
