// axe on every page and its states: both themes, both languages, three widths, every rule.
//   PARALLAX_SCREENS_STATES=no    pages alone, without windows and menus on them
import type { Page } from "@playwright/test";

import { dress, violations } from "../tests/support/axe";
import { NAMES, OWNER } from "../tests/support/data";
import { emptyPlace, furnish, memberPlaces, pagesAlone, signInPlace, signUpPlace, visit, type Place } from "../tests/support/pages";
import { test } from "../tests/support/test";
import { speaker } from "../tests/support/texts";
import { row } from "./support/table";

const WIDTHS = [1440, 820, 390];
const THEMES = ["light", "dark"] as const;
const withStates = process.env.PARALLAX_SCREENS_STATES !== "no";

test.use({ simulation: { names: NAMES } });

/** What axe finds on a page, at all widths and in both themes. */
async function examine(page: Page, place: Place): Promise<string[]> {
  const found: string[] = [];
  for (const width of WIDTHS) {
    // Opened at each width: what opens on a phone is not what opens on a desk.
    await dress(page, width, THEMES[0]);
    await visit(page, place);
    for (const theme of THEMES) {
      await dress(page, width, theme);
      found.push(...(await violations(page)).map((told) => `${place.name} at ${width}, ${theme}: ${told}`));
    }
  }
  return found;
}

for (const [language, locale] of [["en", "en-GB"], ["es", "es-ES"]] as const) {
  test.describe(language, () => {
    test.use({ locale });
    const say = speaker(language);
    const tell = (where: string, found: string[]) =>
      row(`axe, ${language}, ${where}`, found.length, { most: 0, told: found.join("\n") });

    test("axe finds nothing in front of the door", async ({ page, call }) => {
      const found = await examine(page, signUpPlace(say));
      await call.signUp(OWNER.email, OWNER.password);
      found.push(...(await examine(page, emptyPlace(say))));
      await call.call("accounts/sign-out");
      found.push(...(await examine(page, signInPlace(say))));
      tell("in front of the door", found);
    });

    test("axe finds nothing behind it", async ({ page, call }) => {
      const id = await furnish(call);
      const all = await memberPlaces(call, id, say);
      const places = withStates ? all : pagesAlone(all);
      const found: string[] = [];
      for (const place of places) {
        await test.step(place.name, async () => found.push(...(await examine(page, place))));
      }
      tell(`behind it, ${places.length} ${withStates ? "pages and states" : "pages"}`, found);
    });
  });
}
