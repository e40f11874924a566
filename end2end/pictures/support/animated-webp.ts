// Joins still WebP pictures into one that moves: the container of WebP, as Google describes it
// (developers.google.com/speed/webp/docs/riff_container).

/** What changes on the picture at a moment. */
export interface Frame {
  /** Where its upper left corner is; both even. */
  x: number;
  y: number;
  width: number;
  height: number;
  /** How long it stands. */
  ms: number;
  /** A still WebP of that size. */
  webp: Buffer;
}

const IS_ANIMATED = 0x02;
/** The new pixels take the place of the old ones, and stay. */
const TAKES_THE_PLACE = 0x02;
const AGAIN_AND_AGAIN = 0;

function chunk(name: string, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.write(name, "latin1");
  head.writeUInt32LE(content.length, 4);
  // Each begins at an even place.
  return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
}

/** Numbers of 24 bits, the lowest byte first. */
const triples = (...numbers: number[]) => Buffer.from(numbers.flatMap((number) => [number & 255, (number >> 8) & 255, number >> 16]));

/** The chunk of a still picture that has its pixels. */
function pixels(webp: Buffer): Buffer {
  for (let at = 12; at + 8 <= webp.length; ) {
    const name = webp.toString("latin1", at, at + 4);
    const length = webp.readUInt32LE(at + 4);
    const content = webp.subarray(at + 8, at + 8 + length);
    if (name === "VP8 " || name === "VP8L") return chunk(name, content);
    at += 8 + length + (length % 2);
  }
  throw new Error("a picture without pixels");
}

/** The file; the first frame is as large as the whole. */
export function animated(frames: Frame[]): Buffer {
  const [{ width, height }] = frames;
  const parts = frames.map((frame) => {
    const place = triples(frame.x / 2, frame.y / 2, frame.width - 1, frame.height - 1, Math.round(frame.ms));
    return chunk("ANMF", place, Buffer.from([TAKES_THE_PLACE]), pixels(frame.webp));
  });
  const head = chunk("VP8X", Buffer.from([IS_ANIMATED, 0, 0, 0]), triples(width - 1, height - 1));
  const white = Buffer.alloc(4, 255);
  return chunk("RIFF", Buffer.from("WEBP"), head, chunk("ANIM", white, Buffer.from([AGAIN_AND_AGAIN, 0])), ...parts);
}
