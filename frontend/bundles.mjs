// Puts what several parts of the client share into few files: wasm-split makes one for each set of
// parts that share something, hundreds of small ones.
//
// Invariant: knows no part by name, and nothing of Trunk.

// What a request costs beside its bytes, in bytes: its headers, the module's own head and the words
// that an archive of its own learns anew.
const A_REQUEST = 2500;
// What is sent of a byte, about: code as brotli packs it.
const SENT = 0.35;

/**
 * Files in bundles: those that are loaded together by most who load one of them.
 *
 * `files` are `{ name, size, pages }`, with the bytes of the file as it lies and a set of the names
 * of what is loaded with it. `weight` says of such a name how much it counts. Two bundles become one
 * while the requests that this saves weigh more than the bytes that are then sent in vain, counted
 * over all pages. Gives lists of names.
 */
export function bundles(files, weight) {
  const weighed = (pages) => [...pages].reduce((sum, page) => sum + weight(page), 0);
  const bySet = new Map();
  for (const { name, size, pages } of files) {
    const key = [...pages].sort().join();
    const same = bySet.get(key) ?? { names: [], sent: 0, pages };
    same.names.push(name);
    same.sent += size * SENT;
    bySet.set(key, same);
  }
  const all = [...bySet.values()];
  for (;;) {
    let best = { saved: 0 };
    for (const [at, one] of all.entries()) {
      for (const other of all.slice(at + 1)) {
        const saved = savedBy(one, other, weighed);
        if (saved > best.saved) best = { saved, one, other };
      }
    }
    if (best.saved === 0) return all.map(({ names }) => names);
    const { one, other } = best;
    all.splice(all.indexOf(other), 1);
    one.names.push(...other.names);
    one.sent += other.sent;
    one.pages = eitherOf(one, other);
  }
}

const eitherOf = (one, other) => new Set([...one.pages, ...other.pages]);

function savedBy(one, other, weighed) {
  const [ofOne, ofOther, either] = [one.pages, other.pages, eitherOf(one, other)].map(weighed);
  const requests = ofOne + ofOther - either;
  const inVain = one.sent * (either - ofOne) + other.sent * (either - ofOther);
  return requests * A_REQUEST - inVain;
}
