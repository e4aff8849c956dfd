import { type Language, lines, list } from '../language.js';

export const english: Language = {
  name: 'English',
  commonWords: list(`
    the to of and a in is that for it you with on as this be are can not or have from by an if your will at we but when
    they which one more use all so has there what time their do how would about any some no than then each other only
    also may into first them most been was like need make new these its two should many way get after before where
    does just very could because over through while between both without during such even same those since until
    within every another however still well often here now why who too once again never always rather whether though`),
  stems: list(`
    work number people system water part place case week company point government group question problem fact hand
    file line model order price result value table state report test train word answer check count data field form
    graph help image issue key list market name note offer page plan queue rate scale server store stream task token
    update user view window account address balance budget cache change channel client cloud code color command
    connect contain control copy cost cover create current custom decide define delete deliver depend design detail
    device direct display document double doubt draw drive edit effect energy engine enter error event exact example
    expect explain extend fail family feature figure filter final finish fix follow force format forward friend
    garden general green grow guess happen health history holiday hope house idea improve include increase inform
    input install interest invest island journey judge keep kitchen language large law learn leave letter level
    library light limit listen load local long look loss machine main manage map mark match measure medical meet
    member memory message method middle minute mix modern money month morning mountain move music nation nature
    network night north object observe ocean office open operate option organ output owner paint paper parent pass
    patient pattern pay perform period phone photo picture piece plant play poem poet policy port power practice
    present press print process produce program project protect prove provide public purpose quality quick quiet rain
    reach react read ready reason receive reduce refer reflect region relate release remain remember remove repair
    repeat replace request require research reserve respond rest return review river road room round rule run safe
    sample save school science score screen search season second secure select send sense series serve set share ship
    short show sign simple sing single size skill sleep small social soft soil solve sort sound source space speak
    special speed spend spring stand start station stay step stone stop story street strong study style subject
    success sugar suggest summer supply support surface survey switch talk teach team term theory thing think thread
    title today tool total touch track trade travel treat tree trust turn type understand unit value village visit
    voice wait walk wall want watch wave weather weight wild wind winter wonder wood world write year young`),
  prefixes: list('re un over under out inter pre mis non co de sub counter multi semi trans super'),
  suffixes: list('s ed ing er ers ly ness able ment ments ful less ion ions al ity ive ish ward wise like ship hood'),
  syllables: list(`
    an bel cor dan el fal gar har ion jas kel lor mar nor ol per quin ros sel tar ul ven wil yor zan bra cle dri flo
    gre pli stra tri vox hal mon ter ran sid tol wick ford ton ley burn stead mere combe worth field gate`),
  compounds: 0.12,
  prose: lines(`
    The train to the coast leaves twice an hour, but the last one back is earlier than you would think.
    When a pump loses pressure overnight, check the seals first and the motor last.
    She wrote the summary before the meeting, which saved everybody an hour and one argument.
    A good error message says what was expected, what arrived instead, and where to look.
    We don't ship to islands without a customs form, and there's no way round that.
    Bread keeps longer in a cloth than in a plastic bag, though it dries a little sooner.
    It's worth asking whether the average hides two very different groups of customers.
    Take the second path on the left, cross the stream, and you'll see the old mill.
    If the invoice has already been paid, the reminder is withdrawn automatically within three working days.
    Most of the heat is lost through the roof, so that is where the insulation should go first.`),
  gap: ' ',
  comma: ',',
  stops: ['.', '.', '.', '.', '?', '!', ';'],
};
