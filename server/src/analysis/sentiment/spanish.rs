//! Spanish words of praise, of blame, and those that turn, strengthen or weaken them, without
//! accents, as stems with their endings.
//!
//! Written for talk about products, services and companies. The notation (`/o`, `/ar` ...) is
//! explained in [`super::lexicon`].

use super::advice::words;
use super::lexicon::{Cue, Source};

pub(super) const SOURCE: Source = Source {
    function_words: "el la los las un una unos unas de del al y e o en que es son era fue ser con \
        para por sin su sus se lo le les como mas muy pero si no ha han hay este esta estos estas \
        tiene tienen entre tambien desde cuando donde",
    tones: &[
        (8, STRONG_PRAISE),
        (4, PRAISE),
        (2, MILD_PRAISE),
        (1, FAINT_PRAISE),
        (-2, MILD_BLAME),
        (-4, BLAME),
        (-8, STRONG_BLAME),
    ],
    cues: &[
        (
            Cue::Negation,
            "no nunca jamas nadie ningun ninguno ninguna ni tampoco sin nada apenas poco poca \
             pocos pocas escasamente dificilmente cero",
        ),
        (Cue::Less, "menos"),
        (
            Cue::Intensifier,
            "muy mas mucho mucha muchos muchas muchisimo muchisima tan tanto extremadamente \
             sumamente realmente verdaderamente increiblemente especialmente particularmente \
             absolutamente totalmente completamente demasiado demasiada demasiados demasiadas \
             siempre bastante super altamente enormemente notablemente claramente plenamente \
             constantemente todo toda",
        ),
        (
            Cue::Diminisher,
            "algo ligeramente relativamente moderadamente parcialmente levemente medianamente \
             ocasionalmente",
        ),
        (
            Cue::Hedge,
            "quiza quizas podria podrian puede pueden posiblemente supuestamente presuntamente \
             parece parecen promete prometen prometia prometieron pretende dice dicen afirma",
        ),
        (Cue::But, "pero sino"),
        (Cue::Though, "aunque mientras pese"),
        (Cue::Because, "porque pues "),
        (Cue::Condition, "si salvo"),
        (Cue::ThanIfGraded, "que"),
        (Cue::Over, "sobre ante"),
        (Cue::As, "como"),
        (
            Cue::Relief,
            "resolv/er resuelve resuelven solucion/ar elimin/ar evit/ar reduc/ir prevenir \
             previene arregl/ar quit/ar ahorr/ar libr/ar minimiz/ar despej/ar repar/ar",
        ),
        (Cue::And, "y e o u"),
    ],
    pronouns: "su sus es son el ella ellos ellas este esta estos estas esto ademas tambien ofrece \
             ofrecen tiene tienen cuenta cuentan sus usuarios clientes permite \
             fue era lo la los las le les estoy muy en ha han",
    pro_labels: "pros ventaja ventajas beneficio beneficios fortaleza fortalezas fuertes \
        favor positivo positivos positivas aciertos",
    con_labels: "contra contras desventaja desventajas inconveniente inconvenientes debilidad \
        debilidades debiles limitacion limitaciones negativo negativos negativas pegas defectos \
        desaciertos",
    triggers: words::SPANISH_TRIGGERS,
    phrases: &[
        (Cue::Tone, 8, PRAISING_PHRASES),
        (Cue::Tone, -8, BLAMING_PHRASES),
        (Cue::Tone, 0, BARE_PHRASES),
        (Cue::Beats, 6, BEATING_PHRASES),
        (
            Cue::Prefers,
            4,
            &[
                "prefiero|prefiere|prefieren|preferimos",
                "elegiria|elijo|eligen",
            ],
        ),
        (Cue::Loses, -6, LOSING_PHRASES),
        (Cue::Warning, -8, WARNING_PHRASES),
        (
            Cue::Than,
            0,
            &[
                "en lugar|vez de",
                "antes que",
                "en detrimento de",
                "por delante de",
                "por encima de",
            ],
        ),
        (
            Cue::Unlike,
            0,
            &[
                "a diferencia de",
                "en comparacion con",
                "comparado|comparada|comparados|comparadas con",
                "frente a|al",
                "en contraste con",
                "al contrario que",
                "respecto a",
            ],
        ),
        (
            Cue::Leaves,
            -4,
            &[
                "dej/ar de usar",
                "cambie|cambio|cambiaron|cambiamos|cambiar de",
                "abandon/ar",
                "me|nos fui|fuimos de",
            ],
        ),
        (
            Cue::Past,
            0,
            &[
                "antes era|eran",
                "solia|solian ser",
                "al principio",
                "en teoria",
                "sobre el papel",
            ],
        ),
        (
            Cue::Intensifier,
            0,
            &[
                "sin duda",
                "con diferencia",
                "de lejos",
                "en extremo",
                "de verdad",
            ],
        ),
        (
            Cue::Diminisher,
            0,
            &["un poco", "un tanto", "mas o menos", "hasta cierto punto"],
        ),
        (
            Cue::Hedge,
            0,
            &[
                "a veces",
                "algunos usuarios|clientes",
                "algunas personas",
                "puede ser|resultar",
                "tal vez",
            ],
        ),
        (
            Cue::But,
            0,
            &[
                "sin embargo",
                "no obstante",
                "en cambio",
                "por el contrario",
                "ahora bien",
                "aun asi",
                "por otro lado",
                "eso si",
            ],
        ),
        (
            Cue::Though,
            0,
            &[
                "a pesar de",
                "pese a",
                "aun cuando",
                "si bien",
                "mientras que",
                "por mas que",
            ],
        ),
        (
            Cue::Negation,
            0,
            &[
                "falta de",
                "carec/er de",
                "carece|carecen de",
                "libre|libres de",
                "lejos de",
                "dej/ar de",
                "ni siquiera",
                "ni un solo|una sola",
            ],
        ),
        (
            Cue::Because,
            0,
            &[
                "debido a",
                "gracias a",
                "ya que",
                "a causa de",
                "puesto que",
            ],
        ),
        (
            Cue::Plain,
            0,
            &[
                "no solo",
                "no solamente",
                "no es que",
                "nada mas",
                "no mas de",
            ],
        ),
    ],
};

const STRONG_PRAISE: &str = "excelente/s excepcional/l extraordinari/o fantastic/o maravillos/o \
    magnific/o estupend/o espectacular/l genial/l perfect/o impecable/s inmejorable/s \
    insuperable/s sobresaliente/s sobresal/ir sobresale sobresalen brillante/s formidable/s \
    fenomenal/l increible/s delicios/o exquisit/o optim/o superior/l encant/ar encantador/r \
    ador/ar recomend/ar recomiendo recomienda recomiendan recomendable/s recomendacion \
    recomendaciones favorit/o imprescindible/s ideal/l soberbi/o esplendid/o fabulos/o \
    mejor/l imbatible/s perfeccion maravilla/s ejemplar/l intachable/s buenisim/o riquisim/o \
    rapidisim/o facilisim/o comodisim/o precios/o ";

const PRAISE: &str = "buen buen/o bien bonit/o bell/o hermos/o elegante/s atractiv/o agradable/s \
    amable/s amabilidad simpatic/o cercan/o atent/o cordial/l educad/o correct/o honest/o \
    honestidad honrad/o seri/o seriedad transparente/s transparencia clar/o claridad fiable/s \
    fiabilidad confiable/s confianza confi/ar confia confian segur/o seguridad solid/o robust/o \
    resistente/s duradero duradera duraderos duraderas durabilidad estable/s rapid/o rapidez \
    agil/l agilidad puntual/l puntualidad veloz veloces eficiente/s eficiencia eficaz eficaces \
    eficazmente eficacia efectiv/o facil/l facilidad facilit/ar sencill/o sencillez simple/s \
    intuitiv/o comod/o comodidad util/l practic/o versatil/l flexible/s flexibilidad potente/s \
    complet/o precis/o precision exact/o exactitud asequible/s barat/o economic/o razonable/s \
    competitiv/o generos/o justo justa justos justas calidad limpi/o limpieza fresc/o frescura \
    sabros/o ric/o jugos/o cremos/o natural/l suave/s ligero ligera ligeros ligeras silencios/o \
    ampli/o espacios/o luminos/o acogedor/r modern/o innovador/r innovacion avanzad/o cuidad/o \
    cuidados/o pulid/o profesional/l profesionalidad competente/s expert/o cualificad/o \
    responsable/s diligente/s detallist/o satisfech/o satisfactori/o satisfaccion content/o \
    feliz felices felicidad disfrut/ar gust/ar elogi/ar elogiad/o alab/ar aplaud/ir aplaude \
    aprecia aprecian apreciad/o valorad/o prestigi/o prestigios/o reputad/o respetad/o respetuos/o \
    reconocid/o premi/o premiad/o galardonad/o lider lideres destac/ar destacad/o ventaja/s \
    ventajos/o beneficio/s beneficios/o fortaleza/s acierto/s exit/o exitos/o mejor/ar \
    mejora/s gan/ar ganador/r triunf/ar valios/o interesante/s atraer atrae enriquecedor/r divertid/o \
    inspirador/r leal/l fiel/l agradecid/o carino carinos/o paciencia paciente \
    honestamente human/o personalizad/o consolidad/o garantiza garantizan cumple cumplen cumplio \
    cumplidor/r aguant/ar ayud/ar acert/ar acierta rentable/s rendimiento rinde rinden \
    estupendamente tranquilidad tranquil/o logr/ar variad/o accesible/s entusiasm/ar \
    dispuest/o solvente/s puntualmente dedicacion entregad/o equilibrad/o \
    actualizad/o ahorr/ar refinad/o sofisticad/o esmerad/o esmero lujo lujos/o";

const MILD_PRAISE: &str = "popular/l conocid/o adecuad/o suficiente/s variedad positiv/o \
    valor/ar preferid/o notable/s interesantes funcional/l \
    apropiad/o estable";

const FAINT_PRAISE: &str = "aceptable/s correcto decente/s pasable/s suficientemente tolerable/s \
    decentemente";

const MILD_BLAME: &str = "limitad/o limitacion limitaciones basic/o mediocre/s normalit/o elevad/o \
    alt/o dificil/l dificultad dificultades complej/o complejidad complic/ar complica \
    complican estrict/o antigu/o escas/o fri/o dur/o sec/o pesad/o regular ruidos/o ruido prudente \
    engorros/o incomodidad critica criticas justit/o larg/o molest/o molestia/s viej/o rar/o \
    preocupante/s limit/ar masificad/o";

const BLAME: &str = "mal mal/o peor/l car/o carisim/o costos/o sobrevalorad/o lent/o lentitud \
    error/l erroneo erronea erroneos erroneas fallo/s fall/ar falla fallan problema/s problematic/o \
    defecto/s defectuos/o averia/s averi/ar estrope/ar romp/er roto rota rotos rotas rompio cae \
    caen cayo cuelga cuelgan bloque/ar retraso/s retras/ar tarde tard/ar tarda tardan \
    demora/s incumpl/ir incumple incumplen incumplimiento queja/s quej/ar queja quejan \
    reclamacion/l reclamaciones denuncia/s denunci/ar multa/s sancion/ar sancionad/o decepcion/ar \
    decepcion decepciones decepcionante/s frustr/ar frustrante/s frustracion confus/o confusion \
    lioso liosa liosos liosas anticuad/o obsolet/o desfasad/o desactualizad/o pobre/s debil/l \
    debilidad debilidades flojo floja flojos flojas desventaja/s inconveniente/s pega/s carencia/s \
    desorganizad/o descuidad/o dejadez negligente/s negligencia incompetente/s grosero grosera \
    groseros groseras maleducad/o antipatic/o feo fea feos feas borde/s desagradable/s arrogante/s prepotente/s fals/o \
    enganos/o engan/ar engana engano/s mentir miente mienten mintio \
    mentira/s opac/o ocult/ar oculto oculta abusiv/o abuso/s injust/o excesiv/o desconfi/ar \
    desconfia desconfianza desconten/o descontent/o insatisfech/o insatisfactori/o enfad/ar enfado/s harto \
    harta hartos hartas arrepent/ir arrepiento arrepentimiento sucio sucia sucios sucias suciedad \
    podrid/o caducad/o quemad/o rancio rancia rancios rancias contaminad/o insipid/o amarg/o \
    danad/o dan/ar perd/er pierde pierden perdid/o perdida/s \
    inestable/s inseguro insegura inseguros inseguras riesgo/s peligros/o \
    vulnerable/s imprecis/o inexact/o incorrect/o incomplet/o ineficaz ineficaces ineficiente/s \
    inutil/l incomod/o rigid/o fragil/l endeble/s chapuza/s chapucero chapucera aburrid/o tedios/o \
    insuficiente/s deficiente/s deficiencia/s inadecuad/o cancel/ar niega niegan neg/ar nego ignor/ar \
    empeor/ar deterior/ar irrit/ar alergia/s robo/s polemic/o excusa/s desordenad/o saturad/o \
    abandonad/o inaceptable/s falta faltan lamentablemente \
    inventa inventan desgracia corta cortan \
    perjudic/ar complicaciones inferior/l sufr/ir sufre sufren";

const STRONG_BLAME: &str = "pesim/o horrible/s terrible/s horroros/o nefast/o desastre/s desastros/o \
    fatal/l lamentable/s espantos/o vergonzos/o verguenza asqueros/o asco insoportable/s estafa/s \
    estaf/ar estafador/r timo/s timar fraude/s fraudulent/o pesadilla/s basura catastrof/o \
    catastrofe/s catastrofic/o odi/ar detest/ar indignante/s inadmisible/s deplorable/s repugnante/s \
    infame/s penos/o arrepentiras arrepentiran";

const PRAISING_PHRASES: &[&str] = &[
    "merece|merecen|merecio la pena",
    "vale|valen|valio la pena",
    "apuesta segura",
    "acierto seguro|total",
    "a la primera",
    "de primera",
    "de primera calidad",
    "alta calidad",
    "gran calidad",
    "de maravilla",
    "de lujo",
    "a la perfeccion",
    "relacion calidad precio",
    "gran opcion|eleccion|experiencia|ayuda|trabajo",
    "gran profesional|profesionales",
    "grandes profesionales",
    "facil|faciles de usar|manejar|aprender|montar|limpiar",
    "a tiempo",
    "sin problema|problemas|pegas|complicaciones|dudarlo",
    "la mejor|mejores",
    "me quedo con",
    "no me arrepiento",
    "volveremos",
    "volvere",
    "muy bien",
    "buena fama|reputacion",
    "nunca falla|fallan|decepciona",
    "no falla|fallan|decepciona|decepcionan",
    "gran prestigio|reputacion",
    "altamente recomendable",
    "punto fuerte",
    "puntos fuertes",
    "no hay nada mejor que",
    "nada|nadie mejor que",
    "da|dan gusto",
    "cinco estrellas",
    "al dia",
    "buen precio",
    "buenos precios",
    "precios razonables",
    "un placer",
    "salio perfecto",
    "por encima de la media",
    "aciertas con",
];

const BLAMING_PHRASES: &[&str] = &[
    "deja|dejan|dejo|dejaron mucho|bastante que desear",
    "no vale|merece la pena",
    "no valen|merecen la pena",
    "perdida de tiempo|dinero",
    "no funciona|funcionan|funciono",
    "letra pequena",
    "no cumple|cumplen|cumplio|cumplieron",
    "poco fiable|fiables|intuitiva|intuitivo|practico|practica|claro|clara|recomendable",
    "dificil|dificiles de usar|manejar|entender|aprender",
    "mala fama|reputacion|experiencia|atencion|calidad|gestion",
    "nunca mas",
    "deja|dejan|dejo|dejaron tirado|tirada|tirados|tiradas",
    "no volvere",
    "no vuelvo a",
    "no volveria",
    "brilla|brillan por su ausencia",
    "punto debil",
    "puntos debiles",
    "no recomiendo|recomendamos|recomendaria|recomiendan|recomendable",
    "cuesta|cuestan demasiado",
    "malos modos",
    "mala gana",
    "se queda|quedan corto|corta|cortos|cortas",
    "lleno|llena|llenos|llenas de errores|fallos|problemas",
    "hace|hizo|hacen caso omiso",
    "no contesta|contestan|responde|responden|coge|cogen|resuelve|resuelven|soluciona|ayuda|ayudan",
    "nadie contesta|responde|ayuda|atiende",
    "tomadura de pelo",
    "costes|gastos|comisiones ocultos|ocultas|abusivas",
    "a medias",
    "demasiado caro|cara|simple|lento|lenta|basico|basica|complejo|compleja|pequeno|pequena",
    "por debajo de la media",
    "se ha quedado anticuado|anticuada|atras",
    "no fiarte|fiarse",
    "no puedes fiarte",
];

const BARE_PHRASES: &[&str] = &[
    "seguro|seguros de",
    "mas vendido|vendida|vendidos|vendidas",
    "pros y contras",
    "plan|tarifa|version basico|basica",
    "tareas|proyectos|usos sencillas|sencillos|simples|faciles",
    "conocido|conocida|conocidos|conocidas por",
    "hace|hacen|hacer falta",
    "limitado|limitada a",
    "sus pros",
    "sus contras",
    "ventajas y inconvenientes|desventajas",
    "ventajas e inconvenientes",
    "libre de impuestos",
    "gestion de riesgos|errores|incidencias|calidad",
    "control de calidad",
    "precio justo",
    "mejor conocido|conocida",
    "bien sea",
    "si bien",
    "o bien",
    "mal que",
    "prueba gratuita",
    "plan gratuito",
    "mas tarde",
    "por la tarde",
    "tarde o temprano",
    "a la larga",
    "compania|empresa|companias de seguros",
    "alta|altas de",
    "de alta",
    "darse de alta",
    "larga distancia",
    "a favor",
    "ni bueno ni malo",
    "ni buena ni mala",
    "corto|larga|largo plazo",
    "cara a",
    "de cara",
    "a lo largo",
    "relacion con",
    "mas alla",
    "bien pueda",
    "cumple sin mas",
];

const BEATING_PHRASES: &[&str] = &[
    "super/ar a",
    "supera|superan|supero",
    "gan/ar a",
    "gana|ganan a",
    "aventaj/ar",
    "superior|superiores a",
    "derrot/ar",
    "bat/ir",
    "eclips/ar",
    "por delante de",
    "mejor que",
    "mejores que",
];

const LOSING_PHRASES: &[&str] = &[
    "se queda|quedan atras|corto|corta|cortos|cortas frente",
    "inferior|inferiores a",
    "pierde|pierden frente|ante|contra",
    "por detras de",
    "no llega|llegan a la altura",
    "no puede|pueden competir",
    "peor que",
    "peores que",
    "a la zaga de",
];

const WARNING_PHRASES: &[&str] = &[
    "evita|evite|evitar|eviten",
    "desconfia|desconfie|desconfiad",
    "cuidado con",
    "ojo con",
    "huye|huya|huid de",
    "alejate|alejese de",
    "no recomiendo",
    "no recomendaria",
    "no te recomiendo",
    "no contrates|compres|uses",
];
