//! Names of brands that are common words too.
//!
//! In small letters such a word is no mention ("an orange"), and it has no plural of its own.

/// Whether a folded single-word name is a common noun, verb or adjective in English, Spanish,
/// French, German, Italian or Portuguese.
pub(crate) fn is_common(word: &str) -> bool {
    COMMON.binary_search(&word).is_ok()
}

#[rustfmt::skip] // a table, not a list of lines
const COMMON: &[&str] = &[
    "ace", "acorn", "act", "active", "affirm", "aim", "air", "alibi", "all", "allegro", "ally",
    "alpha", "alpine", "amber", "anchor", "and", "angel", "any", "apex", "apfel", "apple", "arc",
    "are", "arrow", "art", "ask", "atlas", "aurora", "balance", "banane", "banco", "bar", "bard",
    "base", "basecamp", "beacon", "beam", "bear", "bee", "best", "better", "big", "bing", "bird",
    "birne", "bit", "blackboard", "bloom", "blue", "blume", "bolt", "boost", "boss", "box",
    "brave", "breeze", "bridge", "bright", "brille", "brother", "bubble", "buffer", "bump",
    "burner", "cable", "caja", "calendar", "calm", "camel", "camino", "can", "canal", "canon",
    "canvas", "capital", "caravan", "carbon", "casa", "cat", "caterpillar", "champion", "charm",
    "chase", "chime", "chrome", "cielo", "circle", "citizen", "clear", "clever", "close", "cloud",
    "clover", "club", "coach", "coda", "coin", "column", "comet", "compass", "concur", "copilot",
    "copper", "coral", "corona", "cosmos", "craft", "cricket", "crown", "crystal", "cube", "dash",
    "dawn", "delta", "depot", "desk", "diesel", "digit", "discord", "discover", "dish", "dog",
    "dolphin", "dove", "dream", "drift", "drop", "eagle", "earth", "ease", "echo", "eclipse",
    "edge", "element", "elevate", "ember", "enterprise", "equinox", "era", "estrela", "etoile",
    "eve", "everest", "express", "falcon", "far", "faro", "fiat", "figure", "finder", "fire",
    "fit", "flash", "fleet", "flex", "flow", "focus", "forest", "forge", "fossil", "fox", "frame",
    "fresh", "front", "fun", "fuse", "galaxy", "gap", "gecko", "gem", "gemini", "genesis", "get",
    "glide", "globe", "go", "goat", "gold", "grab", "grain", "granola", "gravity", "green",
    "grind", "guess", "guru", "gusto", "halo", "harbor", "harvest", "have", "haven", "hello",
    "hero", "hinge", "hive", "home", "honey", "hopper", "horizon", "hub", "ice", "icon", "idea",
    "impact", "indeed", "insight", "intercom", "into", "iris", "isla", "it", "jaguar", "jam",
    "jet", "jumbo", "just", "kayak", "keep", "key", "keynote", "kind", "lab", "lane", "laranja",
    "lattice", "launch", "law", "leaf", "lemon", "lemonade", "lever", "lift", "light", "lince",
    "linear", "link", "lion", "llama", "loom", "lotus", "lua", "lucid", "luna", "lune", "lush",
    "luz", "maca", "mango", "manzana", "map", "maple", "mar", "marathon", "mars", "match",
    "matrix", "max", "medium", "mela", "mercury", "meta", "meteor", "method", "milk", "mint",
    "mirror", "mix", "mobile", "mode", "mond", "monday", "monster", "moon", "mundo", "mural",
    "mustang", "naranja", "nest", "net", "new", "next", "norte", "north", "notion", "nova", "now",
    "nube", "numbers", "oak", "oasis", "ocean", "off", "on", "one", "open", "opera", "oracle",
    "orange", "orbit", "oro", "our", "out", "outlook", "own", "oxygen", "pages", "panda", "paper",
    "patch", "path", "pay", "peak", "pearl", "pebble", "pen", "penguin", "pesca", "pet", "phoenix",
    "pilot", "pine", "pipe", "pixel", "plaid", "planet", "plata", "play", "pocket", "pod", "pomme",
    "pop", "post", "premier", "press", "prime", "prism", "pro", "puente", "pulse", "puma", "pure",
    "quest", "radar", "rain", "ramp", "ran", "range", "raw", "ray", "react", "ready", "realm",
    "red", "remote", "ring", "ripple", "river", "robin", "rocket", "root", "rose", "run", "rush",
    "safari", "sage", "salsa", "sap", "sea", "seat", "segment", "sense", "shark", "sharp", "shell",
    "shift", "shine", "signal", "silver", "simple", "sky", "slack", "slate", "smart", "snap",
    "snowflake", "sol", "sole", "soleil", "sonic", "sonne", "spark", "spirit", "splash", "spoon",
    "spot", "spring", "sprint", "square", "stage", "star", "state", "stella", "stern", "stitch",
    "stone", "storm", "stream", "stripe", "subway", "summit", "sun", "sur", "surface", "swan",
    "swarm", "swift", "switch", "sync", "tab", "tap", "target", "teams", "tempo", "terra", "the",
    "thread", "tide", "tiger", "time", "tinder", "tip", "together", "toggle", "top", "torch",
    "toro", "total", "tower", "toy", "trace", "track", "trader", "trail", "transit", "tree",
    "trend", "tribe", "trust", "try", "tune", "twist", "two", "unity", "up", "us", "use",
    "vanguard", "vault", "vector", "vento", "venture", "verge", "via", "vida", "visa", "vision",
    "vista", "vital", "vivid", "volt", "vox", "walnut", "wave", "way", "web", "west", "whisper",
    "who", "win", "wing", "wise", "wish", "wolf", "wolke", "wonder", "word", "workday", "world",
    "yes", "you", "zen", "zero", "zest", "zip", "zoom",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_without_repeats() {
        for pair in COMMON.windows(2) {
            assert!(pair[0] < pair[1], "{pair:?}");
        }
    }
}
