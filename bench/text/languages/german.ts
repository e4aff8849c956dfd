import { type Language, lines, list } from '../language.js';

export const german: Language = {
  name: 'German',
  commonWords: list(`
    die der und in zu den das nicht von sie ist des sich mit dem dass er es ein ich auf so eine auch als an nach wie im
    für man aber aus durch wenn nur war noch werden bei hat wir was wird sein einen welche sind oder zur um haben einer
    mir über ihm diese einem ihr uns da zum kann doch vor dieser mich ihn du hatte seine mehr am denn nun unter sehr
    selbst schon hier bis habe ihre dann ihnen seiner alle wieder meine gegen vom ganz einzelne wo muss ohne eines
    können ja immer während zwischen jedoch damit deshalb außerdem vielleicht größer später früher möglich`),
  stems: list(`
    Arbeit Haus Zeit Jahr Wasser Stadt Land Weg Tag Frage Antwort Rechnung Kunde Datei Zeile Modell Wert Tabelle Bericht
    Prüfung Wort Liste Markt Name Seite Plan Schlange Rate Speicher Strom Aufgabe Nutzer Ansicht Fenster Konto Adresse
    Haushalt Änderung Kanal Wolke Farbe Befehl Kosten Lieferung Entwurf Gerät Anzeige Urkunde Antrieb Wirkung Energie
    Motor Fehler Ereignis Beispiel Erklärung Familie Merkmal Filter Schluss Kraft Garten Gesetz Gesundheit Geschichte
    Urlaub Hoffnung Gedanke Verbesserung Eingabe Insel Reise Küche Sprache Brief Stufe Bücherei Licht Grenze Maschine
    Karte Messung Mitglied Erinnerung Nachricht Verfahren Minute Geld Monat Morgen Berg Musik Natur Netz Nacht Norden
    Gegenstand Büro Regel Ordnung Muster Zahlung Zeitraum Bild Stück Pflanze Gedicht Hafen Vorgang Schutz Zweck Güte
    Regen Grund Bereich Verhältnis Rest Rückkehr Fluss Straße Raum Schule Wissenschaft Suche Dienst Größe Schlaf Boden
    Lösung Klang Quelle Sprung Stein Zucker Sommer Unterstützung Fläche Umfrage Schalter Handel Baum Vertrauen Dorf
    Stimme Wand Welle Wetter Gewicht Wind Winter Holz Welt`),
  prefixes: list('Vor Nach Über Unter Haupt Neben Zwischen Gesamt Grund Sonder Rück Mit Ab An Auf Aus Ein Um Zu'),
  suffixes: list('en es er e s n ung ungen heit keit lich liche lichen los lose bar isch ische ischen schaft'),
  syllables: list(`
    al ber dorf eck fels gar hau ing jens kall len mün nau oder pfa quel ries schwar tann ulm ver wend zell bruck hof
    heim stein burg bach wald feld mühl ried thal furt hausen leben`),
  compounds: 0.55,
  prose: lines(`
    Der letzte Zug nach Norden fährt samstags eine Stunde früher, was im Fahrplan leicht zu übersehen ist.
    Bevor Sie den Deckel öffnen, ziehen Sie bitte den Netzstecker und warten fünf Minuten.
    Ob die Änderung wirklich hilft, wissen wir erst, wenn wir vorher und nachher gemessen haben.
    Die Großmutter bewahrte die Rezepte in einer Blechdose auf, zwischen Knöpfen und alten Fahrkarten.
    Für Lieferungen außerhalb der Europäischen Union fallen gegebenenfalls Zölle an, die der Empfänger trägt.
    Wer früh pflanzt, muss abends zudecken, denn im Mai kommt der Frost gern noch einmal zurück.
    Das Gerät lässt sich nicht einschalten, obwohl die grüne Leuchte blinkt?
    Fassen Sie den folgenden Text bitte in drei Sätzen zusammen, ohne Fachwörter zu verwenden.`),
  gap: ' ',
  comma: ',',
  stops: ['.', '.', '.', '.', '?', '!'],
};
