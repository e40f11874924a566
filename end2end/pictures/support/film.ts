// Films a page: pictures of it, one after the other, and one file of what changes from each to the next.
import type { Page } from "@playwright/test";

import { animated, type Frame } from "./animated-webp";

/** Between two pictures: what moves is seen to move, and the file stays small. */
const PAUSE_MS = 180;
/** How long the end stands before it begins again. */
const END_MS = 3_000;
/** Without loss where there is room for it: 1 is that. */
const QUALITIES = [1, 0.85, 0.6];

interface Taken {
  at: number;
  png: Buffer;
}

/** A part of the page that has changed, as WebP in base64. */
type Patch = Omit<Frame, "ms" | "webp"> & { webp: string };

/** Films a page while something goes on; gives a file of at most so many bytes. */
export async function film(page: Page, goOn: () => Promise<void>, most: number): Promise<Buffer> {
  const taken: Taken[] = [];
  let isOver = false;
  const take = async () => {
    const png = await page.screenshot({ animations: "allow", caret: "initial" });
    taken.push({ at: performance.now(), png });
  };
  const filming = (async () => {
    while (!isOver) {
      await take();
      await page.waitForTimeout(PAUSE_MS);
    }
  })();
  // Waited for whatever happens: nobody is left behind who asks for pictures of a page that is gone.
  await goOn().finally(() => {
    isOver = true;
    return filming;
  });
  await take();

  // The browser itself reads and writes pictures.
  const table = await page.context().newPage();
  try {
    for (const quality of QUALITIES) {
      const file = animated(await frames(table, taken, quality));
      if (file.length <= most) return file;
    }
    throw new Error(`${taken.length} pictures do not fit into ${most} bytes`);
  } finally {
    await table.close();
  }
}

async function frames(table: Page, taken: Taken[], quality: number): Promise<Frame[]> {
  const found: Frame[] = [];
  for (const [index, { at, png }] of taken.entries()) {
    const ms = index + 1 < taken.length ? taken[index + 1].at - at : END_MS;
    const patch = await table.evaluate(difference, { png: png.toString("base64"), isFirst: index === 0, quality });
    if (patch) found.push({ ...patch, ms, webp: Buffer.from(patch.webp, "base64") });
    // Nothing has changed: what is there stands longer.
    else found[found.length - 1].ms += ms;
  }
  return found;
}

/** In the browser: what of a picture differs from the one before. */
async function difference({ png, isFirst, quality }: { png: string; isFirst: boolean; quality: number }): Promise<Patch | null> {
  const kept = window as unknown as { before?: Uint32Array };
  const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const draw = (x: number, y: number, width: number, height: number) => {
    const canvas = new OffscreenCanvas(width, height);
    const pen = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
    if (!pen) throw new Error("nothing to draw with");
    pen.drawImage(bitmap, -x, -y);
    return { canvas, pen };
  };
  const { width, height } = bitmap;
  const now = new Uint32Array(draw(0, 0, width, height).pen.getImageData(0, 0, width, height).data.buffer);
  const before = isFirst ? undefined : kept.before;
  kept.before = now;
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let place = 0; place < now.length; place += 1) {
    if (before && now[place] === before[place]) continue;
    const [x, y] = [place % width, Math.floor(place / width)];
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + 1);
    bottom = Math.max(bottom, y + 1);
  }
  if (right === 0) return null;
  // Frames begin at even places.
  left -= left % 2;
  top -= top % 2;
  const size = { x: left, y: top, width: right - left, height: bottom - top };
  const file = await draw(left, top, size.width, size.height).canvas.convertToBlob({ type: "image/webp", quality });
  const written = new Uint8Array(await file.arrayBuffer());
  let letters = "";
  for (const byte of written) letters += String.fromCharCode(byte);
  return { ...size, webp: btoa(letters) };
}
