// Nothing moves under a reader's eyes: what comes has its place before it is there.
import { NAMES } from "./support/data";
import { MOST_SHIFT, shiftsOf, watchShifts } from "./support/layout-shift";
import { furnish, memberPlaces, pagesAlone, signInPlace, signUpPlace, type Place } from "./support/pages";
import { expect, test } from "./support/test";

// Answers name those who are watched, so that every card has something to show.
test.use({ simulation: { names: NAMES }, trace: "off", contextOptions: { reducedMotion: "reduce" } });

test("no page moves while it is loaded", async ({ page, call }) => {
  // Every page at two widths, each with replies that take their time.
  test.setTimeout(240_000);
  await watchShifts(page);
  const holdStill = async (place: Place) => {
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 900 });
      const { sum, told } = await shiftsOf(page, place);
      expect.soft(sum, `${place.name} at ${width}: ${told.join("; ")}`).toBeLessThan(MOST_SHIFT);
    }
  };
  await holdStill(signUpPlace());
  const id = await furnish(call);
  for (const place of pagesAlone(await memberPlaces(call, id))) await holdStill(place);
  await call.call("accounts/sign-out");
  await holdStill(signInPlace());
});
