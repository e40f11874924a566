//! The words of made-up answers, in English and Spanish. `{n}` is a name.

/// Everything that one language needs.
pub(crate) struct Phrases {
    pub(crate) openings: &'static [&'static str],
    pub(crate) praise: &'static [&'static str],
    pub(crate) doubts: &'static [&'static str],
    pub(crate) closings: &'static [&'static str],
}

pub(crate) const ENGLISH: Phrases = Phrases {
    openings: &[
        "Here are the options that come up most often:",
        "There is no single right answer, but these stand out:",
        "It depends on your budget and your habits. Most people look at these first:",
        "Reviews of the last year agree on a handful of names.",
        "If I had to make a short list today, it would be this one:",
    ],
    praise: &[
        "{n} is the one to beat: reliable, well supported and easy to start with",
        "{n} offers excellent value and rarely disappoints",
        "{n} is highly recommended by people who use it every day",
        "{n} has the best customer service of the group",
        "{n} is a solid choice when quality matters more than price",
        "{n} impresses with its range and its honest pricing",
        "{n} has improved a lot lately and is worth a look",
        "{n} is popular with beginners because everything simply works",
        "{n} is a trusted name with a loyal following",
    ],
    doubts: &[
        "{n} is decent, although it is expensive for what it offers",
        "{n} gets mixed reviews: good on paper, slow in support",
        "{n} is cheaper than the rest, but the quality varies",
        "{n} used to lead here and has fallen behind",
        "{n} covers the basics and not much more",
    ],
    closings: &[
        "If you tell me more about what you need, I can narrow this down.",
        "Prices change often, so compare current offers before you decide.",
        "For most people the first one or two will be more than enough.",
        "Try more than one of them before you commit.",
    ],
};

pub(crate) const SPANISH: Phrases = Phrases {
    openings: &[
        "Estas son las opciones que más se repiten:",
        "No hay una única respuesta correcta, pero destacan estas:",
        "Depende de tu presupuesto y del uso. Casi todo el mundo mira primero estas:",
        "Las reseñas del último año coinciden en unos pocos nombres.",
        "Si hoy tuviera que hacer una lista corta, sería esta:",
    ],
    praise: &[
        "{n} es la referencia: fiable, con buen soporte y fácil de empezar a usar",
        "{n} ofrece una relación calidad-precio excelente y rara vez decepciona",
        "{n} es muy recomendable según quienes lo usan a diario",
        "{n} tiene la mejor atención al cliente del grupo",
        "{n} es una opción sólida cuando la calidad importa más que el precio",
        "{n} convence por su catálogo y sus precios honestos",
        "{n} ha mejorado mucho últimamente y merece la pena",
        "{n} gusta a quienes empiezan porque todo funciona sin más",
        "{n} es una marca de confianza con clientes muy fieles",
    ],
    doubts: &[
        "{n} es correcto, aunque resulta caro para lo que ofrece",
        "{n} recibe opiniones mixtas: bien sobre el papel, lento en el soporte",
        "{n} es más barato que el resto, pero la calidad varía",
        "{n} fue líder y se ha quedado atrás",
        "{n} cubre lo básico y poco más",
    ],
    closings: &[
        "Si me cuentas qué necesitas, puedo afinar la lista.",
        "Los precios cambian a menudo: compara ofertas antes de decidir.",
        "Para la mayoría, con las dos primeras sobra.",
        "Prueba más de una antes de decidirte.",
    ],
};

/// Words that open a Spanish question and no English one.
const SPANISH_SIGNS: &[&str] = &[
    "cuál",
    "cuáles",
    "qué",
    "dónde",
    "cómo",
    "mejor",
    "mejores",
    "para",
    "los",
    "las",
    "una",
    "comprar",
    "recomiendas",
    "alternativas",
    "cual",
    "cuales",
    "donde",
];

/// Whether a text is Spanish rather than English.
pub(crate) fn looks_spanish(text: &str) -> bool {
    if text.contains(['¿', '¡', 'ñ']) {
        return true;
    }
    let lower = text.to_lowercase();
    let words = lower.split(|letter: char| !letter.is_alphanumeric());
    words
        .filter(|word| SPANISH_SIGNS.contains(word))
        .take(2)
        .count()
        == 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_told_apart() {
        assert!(looks_spanish("¿Cuál es la mejor cafetera?"));
        assert!(looks_spanish("mejores zapatillas para correr"));
        assert!(!looks_spanish(
            "What is the best coffee machine for an office?"
        ));
        assert!(!looks_spanish("Is a trip to Los Angeles worth it?"));
    }
}
