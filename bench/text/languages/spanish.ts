import { type Language, lines, list } from '../language.js';

export const spanish: Language = {
  name: 'Spanish',
  commonWords: list(`
    de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha me si sin sobre este
    ya entre cuando todo esta ser son dos también fue había era muy años hasta desde está mi porque qué sólo han yo hay
    vez puede todos así nos ni parte tiene él uno donde bien tiempo mismo ese ahora cada e vida otro después te otros
    aunque esa eso hace otra tan durante siempre día tanto ella tres sí dijo sido gran país según menos antes mientras`),
  stems: list(`
    trabaj cas agu ciudad camin pregunt respuest cuent client archiv líne model valor tabl inform prueb palabr list
    mercad nombr págin plan col tas memori corrient tare usuari vist ventan direcc saldo cambi canal nub color orden
    cost entreg diseñ aparat pantall document motor efect energí error event ejempl explic famili filtr final fuerz
    jardín ley salud histori vacacion esperanz ide mejor entrad isl viaj cocin idiom cart nivel bibliotec luz límit
    máquin map medid miembr recuerd mensaj métod minut diner mes mañan montañ músic natural red noch nort objet oficin
    regl patrón pag period imagen piez plant poem puert proces protecc propósit calidad lluvi razón región relación
    rest vuelt río call espaci escuel cienci búsqued servici tamañ sueñ suel solución sonid fuent salt piedr azúcar
    veran apoy superfici encuest comerci árbol confianz puebl voz pared ol clim pes vient inviern mader mund`),
  prefixes: list('re des in sobre sub inter pre con anti contra super mal bien'),
  suffixes: list(
    'o a os as ar er ir ado ada ados adas ando iendo aba aban ó aron ará arán aría mente ción ciones dad dades ito itas ero eras able ibles oso osa',
  ),
  syllables: list(`
    al ba ca do es fer gon her i jua lo ma na o pe qui ro sa te u va ya za bel cor dal guer lla men nor que ri sol tor
    ver ño rre illo gado mira monte rubia`),
  compounds: 0.04,
  prose: lines(`
    El autobús de las siete no pasa los festivos, así que conviene reservar un taxi la noche anterior.
    ¿Podría decirme por qué la factura de marzo es casi el doble que la de febrero?
    Antes de pintar, lije la madera en el sentido de la veta y quite bien el polvo.
    Mi abuela decía que la sopa sabe mejor al segundo día, y casi siempre tenía razón.
    Los datos se guardan cifrados y se borran automáticamente al cabo de noventa días.
    Si el niño tiene fiebre más de tres días, no espere: llame al centro de salud.
    Resume el párrafo siguiente en dos frases y señala la idea que te parezca más débil.
    ¡Qué lástima que el museo cierre justo cuando llegamos!`),
  gap: ' ',
  comma: ',',
  stops: ['.', '.', '.', '.', '?', '!', ';'],
};
