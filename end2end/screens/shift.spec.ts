// What moves on a page while it is loaded, with figures of sixty days.
import { MOST_SHIFT, shiftsOf, watchShifts } from "../tests/support/layout-shift";
import { signInPlace, type Place } from "../tests/support/pages";
import { figuredPages } from "./support/figured";
import { test } from "./support/long";
import { row } from "./support/table";

test.use({ contextOptions: { reducedMotion: "reduce" } });

const WIDTHS = [1440, 820, 390];

test("pages stand still", async ({ page, call, long }) => {
  await watchShifts(page);
  const hold = async (place: Place) => {
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      const { sum, told } = await shiftsOf(page, place);
      row(`layout shift of ${place.name} at ${width}`, sum, { most: MOST_SHIFT, digits: 3, told: told.join("; ") });
    }
  };
  for (const place of figuredPages(long.projectId)) await hold(place);
  await call.call("accounts/sign-out");
  await hold(signInPlace());
});
