import type { Kind, Tone } from './pictures.ts';
import type { Text } from './words.ts';

export type Department = 'shoes' | 'clothing' | 'outdoors' | 'coffee' | 'brewing';

export type Product = {
  readonly id: string;
  readonly department: Department;
  readonly kind: Kind;
  readonly tone: Tone;
  readonly name: Text;
  readonly about: Text;
  /** Euro cents. */
  readonly price: number;
  /** EU shoe sizes in stock, smallest and largest. */
  readonly sizes?: readonly [number, number];
  /** Option id of `preference.coffee-roast`. */
  readonly roast?: string;
  /** Option ids of `preference.brew-method`. */
  readonly brew?: readonly string[];
  /** Option ids of `interest.outdoor`. */
  readonly activities?: readonly string[];
  /** Option ids of `intent.travel`. */
  readonly trips?: readonly string[];
};

type Rest = Omit<Product, 'id' | 'department' | 'kind' | 'tone' | 'name' | 'about' | 'price'>;

function product(
  department: Department,
  [id, kind, tone]: [string, Kind, Tone],
  price: number,
  [en, de]: [string, string],
  [aboutEn, aboutDe]: [string, string],
  rest: Rest = {},
): Product {
  const name = { en, de };
  return { id, department, kind, tone, price, name, about: { en: aboutEn, de: aboutDe }, ...rest };
}

const FOOT = { activities: ['hiking'], trips: ['hiking', 'trekking'] };
const CAMP = { activities: ['camping', 'hiking'], trips: ['camping', 'trekking', 'hiking'] };

/** What the shop sells. Prices and stock are invented; the weights are honest for their kind. */
export const PRODUCTS: readonly Product[] = [
  product(
    'shoes',
    ['ridge', 'boot', 'clay'],
    21900,
    ['Ridge boot', 'Bergstiefel Grat'],
    [
      'Full-grain leather, resoled in our workshop.',
      'Vollleder, in unserer Werkstatt neu besohlbar.',
    ],
    { sizes: [39, 47], activities: ['hiking', 'climbing'], trips: ['hiking', 'trekking'] },
  ),
  product(
    'shoes',
    ['fernway', 'boot', 'moss'],
    17900,
    ['Fernway boot', 'Wanderstiefel Farnweg'],
    [
      'Light, ankle-high, for long days on soft ground.',
      'Leicht, knöchelhoch, für lange Tage auf weichem Boden.',
    ],
    { sizes: [36, 41], ...FOOT },
  ),
  product(
    'shoes',
    ['scree', 'shoe', 'night'],
    14900,
    ['Scree approach shoe', 'Zustiegsschuh Geröll'],
    ['Sticky sole for the way to the rock.', 'Griffige Sohle für den Weg zum Fels.'],
    { sizes: [38, 46], activities: ['climbing', 'hiking'], trips: ['hiking'] },
  ),
  product(
    'shoes',
    ['hare', 'shoe', 'sun'],
    12900,
    ['Hare trail runner', 'Laufschuh Hase'],
    ['Four millimetres of drop, deep lugs.', 'Vier Millimeter Sprengung, tiefes Profil.'],
    { sizes: [36, 45], activities: ['trail-running'], trips: ['hiking'] },
  ),
  product(
    'shoes',
    ['swift', 'shoe', 'sky'],
    13900,
    ['Swift trail runner', 'Laufschuh Mauersegler'],
    ['A cushioned shoe for hard forest roads.', 'Gedämpft für harte Waldwege.'],
    { sizes: [40, 48], activities: ['trail-running'] },
  ),
  product(
    'shoes',
    ['cobble', 'shoe', 'sand'],
    9900,
    ['Cobble town shoe', 'Stadtschuh Pflaster'],
    [
      'Walks ten kilometres of pavement without a word.',
      'Läuft zehn Kilometer Pflaster ohne ein Wort.',
    ],
    { sizes: [37, 46], trips: ['city', 'business'] },
  ),
  product(
    'shoes',
    ['shallows', 'sandal', 'sky'],
    7900,
    ['Shallows sandal', 'Sandale Flachwasser'],
    ['Dries in an hour, holds on wet stone.', 'Trocknet in einer Stunde, hält auf nassem Stein.'],
    { sizes: [35, 41], activities: ['paddling', 'camping'], trips: ['beach', 'camping'] },
  ),
  product(
    'shoes',
    ['firn', 'boot', 'berry'],
    39900,
    ['Firn touring boot', 'Tourenstiefel Firn'],
    ['Warm and light uphill, stiff downhill.', 'Bergauf warm und leicht, bergab steif.'],
    { sizes: [43, 47], activities: ['ski-touring'], trips: ['skiing'] },
  ),
  product(
    'clothing',
    ['drizzle', 'jacket', 'moss'],
    18900,
    ['Drizzle rain jacket', 'Regenjacke Niesel'],
    ['Recycled shell without PFAS, 290 g.', 'Recycelte Hülle ohne PFAS, 290 g.'],
    {
      activities: ['hiking', 'cycling', 'trail-running'],
      trips: ['hiking', 'cycling', 'trekking', 'city'],
    },
  ),
  product(
    'clothing',
    ['down', 'jacket', 'berry'],
    24900,
    ['Embers insulated jacket', 'Isolationsjacke Glut'],
    ['Warm when wet, folds into its pocket.', 'Wärmt auch nass, passt in die eigene Tasche.'],
    { activities: ['ski-touring', 'climbing', 'camping'], trips: ['skiing', 'camping'] },
  ),
  product(
    'clothing',
    ['hearth', 'fleece', 'clay'],
    8900,
    ['Hearth wool fleece', 'Wollfleece Herd'],
    ['Swiss wool, mended for free.', 'Schweizer Wolle, Flicken kostenlos.'],
    { activities: ['camping', 'birdwatching'], trips: ['camping', 'city'] },
  ),
  product(
    'clothing',
    ['larch', 'trousers', 'bark'],
    11900,
    ['Larch trousers', 'Hose Lärche'],
    ['Tough at the knees, four pockets.', 'Feste Knie, vier Taschen.'],
    { ...FOOT },
  ),
  product(
    'clothing',
    ['path', 'sock', 'sun'],
    1900,
    ['Path merino socks', 'Merinosocken Pfad'],
    ['Three days fresh. We tried.', 'Drei Tage frisch. Wir haben es probiert.'],
    { ...FOOT },
  ),
  product(
    'clothing',
    ['wren', 'hat', 'sky'],
    2900,
    ['Wren wool hat', 'Wollmütze Zaunkönig'],
    ['Fits under a helmet.', 'Passt unter den Helm.'],
    { activities: ['ski-touring', 'cycling'], trips: ['skiing', 'cycling'] },
  ),
  product(
    'outdoors',
    ['daywalk', 'pack', 'sun'],
    8900,
    ['Daywalk 20 backpack', 'Tagesrucksack 20 Liter'],
    ['For bread, a jumper and a thermos.', 'Für Brot, Pullover und Thermoskanne.'],
    { activities: ['hiking', 'birdwatching'], trips: ['hiking', 'city'] },
  ),
  product(
    'outdoors',
    ['farwalk', 'pack', 'night'],
    22900,
    ['Farwalk 55 backpack', 'Trekkingrucksack 55 Liter'],
    [
      'Carries 15 kg on the hips, not on the shoulders.',
      'Trägt 15 kg auf der Hüfte, nicht auf den Schultern.',
    ],
    { activities: ['hiking', 'camping'], trips: ['trekking', 'camping'] },
  ),
  product(
    'outdoors',
    ['spoke', 'pack', 'berry'],
    9900,
    ['Spoke pannier pair', 'Radtaschen Speiche (Paar)'],
    ['Waterproof, on and off with one hand.', 'Wasserdicht, mit einer Hand an und ab.'],
    { activities: ['cycling'], trips: ['cycling'] },
  ),
  product(
    'outdoors',
    ['cabin', 'pack', 'sand'],
    14900,
    ['Cabin carry-on pack', 'Handgepäck-Rucksack Kabine'],
    ['Opens like a suitcase, hides its straps.', 'Öffnet wie ein Koffer, versteckt die Gurte.'],
    { trips: ['city', 'business'] },
  ),
  product(
    'outdoors',
    ['snail', 'tent', 'moss'],
    32900,
    ['Snail tent for two', 'Zelt Schnecke für zwei'],
    ['1.9 kg, stands in four minutes.', '1,9 kg, steht in vier Minuten.'],
    { ...CAMP },
  ),
  product(
    'outdoors',
    ['barn', 'tent', 'sky'],
    49900,
    ['Barn tent for four', 'Zelt Scheune für vier'],
    ['Room to sit out the rain and play cards.', 'Platz für Regen und Kartenspiel.'],
    { activities: ['camping'], trips: ['camping', 'beach'] },
  ),
  product(
    'outdoors',
    ['dormouse', 'bag', 'berry'],
    19900,
    ['Dormouse sleeping bag', 'Schlafsack Siebenschläfer'],
    ['Comfortable down to 2 °C.', 'Bequem bis 2 °C.'],
    { ...CAMP },
  ),
  product(
    'outdoors',
    ['meadow', 'mat', 'clay'],
    6900,
    ['Meadow sleeping mat', 'Isomatte Wiese'],
    ['Five centimetres between you and the root.', 'Fünf Zentimeter bis zur Wurzel.'],
    { ...CAMP },
  ),
  product(
    'outdoors',
    ['glow', 'lamp', 'sun'],
    4500,
    ['Glow-worm headlamp', 'Stirnlampe Glühwürmchen'],
    ['Red light for reading, 40 hours.', 'Rotes Licht zum Lesen, 40 Stunden.'],
    {
      activities: ['camping', 'trail-running', 'ski-touring'],
      trips: ['camping', 'trekking', 'skiing'],
    },
  ),
  product(
    'outdoors',
    ['heron', 'poles', 'night'],
    7900,
    ['Heron trekking poles', 'Wanderstöcke Reiher'],
    ['Cork grips, replaceable tips.', 'Korkgriffe, Spitzen zum Wechseln.'],
    { activities: ['hiking', 'ski-touring'], trips: ['hiking', 'trekking', 'skiing'] },
  ),
  product(
    'outdoors',
    ['siesta', 'hammock', 'sky'],
    5900,
    ['Siesta hammock', 'Hängematte Siesta'],
    ['With tree-friendly straps.', 'Mit baumschonenden Gurten.'],
    { activities: ['camping', 'birdwatching'], trips: ['beach', 'camping'] },
  ),
  product(
    'outdoors',
    ['contour', 'map', 'moss'],
    1490,
    ['Contour hiking map', 'Wanderkarte Höhenlinie'],
    ['1:25,000, on stone paper.', '1:25.000, auf Steinpapier.'],
    { activities: ['hiking', 'birdwatching', 'cycling'], trips: ['hiking', 'trekking', 'cycling'] },
  ),
  product(
    'outdoors',
    ['spirit', 'stove', 'clay'],
    5900,
    ['Ember camp stove', 'Kocher Zunder'],
    ['Boils half a litre in three minutes.', 'Kocht einen halben Liter in drei Minuten.'],
    { ...CAMP },
  ),
  product(
    'outdoors',
    ['spring', 'bottle', 'sky'],
    2900,
    ['Spring steel bottle', 'Stahlflasche Quelle'],
    ['Cold for a day, warm for a hike.', 'Einen Tag kalt, eine Wanderung lang warm.'],
    {
      activities: ['hiking', 'cycling', 'paddling'],
      trips: ['hiking', 'cycling', 'beach', 'city', 'business'],
    },
  ),
  product(
    'coffee',
    ['dawn', 'beans', 'sun'],
    1390,
    ['Dawn', 'Morgenrot'],
    [
      'Washed Ethiopian, jasmine and apricot. 250 g.',
      'Gewaschener Äthiopier, Jasmin und Aprikose. 250 g.',
    ],
    { roast: 'light', brew: ['filter', 'filter-machine'] },
  ),
  product(
    'coffee',
    ['clearing', 'beans', 'moss'],
    1290,
    ['Clearing', 'Lichtung'],
    ['Kenyan, blackcurrant and green apple. 250 g.', 'Kenianer, Cassis und grüner Apfel. 250 g.'],
    { roast: 'light', brew: ['filter', 'cold-brew'] },
  ),
  product(
    'coffee',
    ['hillside', 'beans', 'clay'],
    1190,
    ['Hillside', 'Südhang'],
    ['Guatemalan, caramel and orange. 250 g.', 'Guatemalteke, Karamell und Orange. 250 g.'],
    { roast: 'medium', brew: ['filter', 'french-press', 'filter-machine'] },
  ),
  product(
    'coffee',
    ['orchard', 'beans', 'berry'],
    1150,
    ['Orchard', 'Streuobst'],
    ['Colombian, red apple and nougat. 250 g.', 'Kolumbianer, roter Apfel und Nougat. 250 g.'],
    { roast: 'medium', brew: ['filter', 'automatic', 'french-press'] },
  ),
  product(
    'coffee',
    ['campfire', 'beans', 'night'],
    1090,
    ['Campfire', 'Lagerfeuer'],
    ['Sumatran, cocoa and cedar. 250 g.', 'Sumatra, Kakao und Zeder. 250 g.'],
    { roast: 'dark', brew: ['french-press', 'moka'], activities: ['camping'], trips: ['camping'] },
  ),
  product(
    'coffee',
    ['tunnel', 'beans', 'bark'],
    1090,
    ['Night train', 'Nachtzug'],
    ['Brazilian, dark chocolate and walnut. 250 g.', 'Brasilianer, Zartbitter und Walnuss. 250 g.'],
    { roast: 'dark', brew: ['moka', 'automatic'] },
  ),
  product(
    'coffee',
    ['piazza', 'beans', 'clay'],
    1250,
    ['Piazza', 'Piazza'],
    [
      'Blend for the espresso machine, hazelnut. 250 g.',
      'Mischung für den Siebträger, Haselnuss. 250 g.',
    ],
    { roast: 'espresso', brew: ['portafilter', 'automatic'] },
  ),
  product(
    'coffee',
    ['bluechicory', 'beans', 'sky'],
    690,
    ['Wegwarte', 'Wegwarte'],
    [
      'Roasted chicory root, no caffeine at all. 250 g.',
      'Geröstete Wegwartenwurzel, ganz ohne Koffein. 250 g.',
    ],
    { roast: 'medium', brew: ['filter', 'moka'] },
  ),
  product(
    'brewing',
    ['cone', 'dripper', 'clay'],
    2900,
    ['Cone hand filter', 'Handfilter Kegel'],
    ['Stoneware from the Westerwald.', 'Steinzeug aus dem Westerwald.'],
    { brew: ['filter'] },
  ),
  product(
    'brewing',
    ['burr', 'grinder', 'bark'],
    12900,
    ['Burr hand grinder', 'Handmühle Mahlstein'],
    ['Steel burrs, fits into a backpack.', 'Stahlmahlwerk, passt in den Rucksack.'],
    { brew: ['filter', 'french-press', 'moka', 'portafilter'], trips: ['camping', 'trekking'] },
  ),
  product(
    'brewing',
    ['herd', 'moka', 'night'],
    3900,
    ['Moka pot for three', 'Herdkännchen für drei'],
    ['Steel, also for induction and embers.', 'Edelstahl, auch für Induktion und Glut.'],
    { brew: ['moka'], activities: ['camping'], trips: ['camping'] },
  ),
  product(
    'brewing',
    ['stamp', 'press', 'sand'],
    3400,
    ['Travel press', 'Pressstempelkanne für unterwegs'],
    ['Unbreakable, drinks like a mug.', 'Unzerbrechlich, zugleich Becher.'],
    { brew: ['french-press'], activities: ['camping', 'paddling'], trips: ['camping', 'hiking'] },
  ),
  product(
    'brewing',
    ['swan', 'kettle', 'sky'],
    7900,
    ['Swan-neck kettle', 'Schwanenhalskessel'],
    ['Pours as slowly as you like.', 'Gießt so langsam wie gewünscht.'],
    { brew: ['filter'] },
  ),
  product(
    'brewing',
    ['lever', 'machine', 'berry'],
    64900,
    ['Lever espresso machine', 'Handhebelmaschine'],
    [
      'No electronics, every part can be bought.',
      'Keine Elektronik, jedes Teil einzeln erhältlich.',
    ],
    { brew: ['portafilter'] },
  ),
  product(
    'brewing',
    ['tin', 'mug', 'moss'],
    1600,
    ['Enamel mug', 'Emaillebecher'],
    ['Survives the fall and shows it.', 'Übersteht den Sturz und zeigt es.'],
    { activities: ['camping'], trips: ['camping', 'trekking', 'hiking'] },
  ),
];
