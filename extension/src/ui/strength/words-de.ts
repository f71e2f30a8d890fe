/** German words for passphrases: short, pleasant, without umlauts, so that any keyboard can type them. */
export const WORDS = `
abend abfahrt acker adler ahorn album alge allee almanach alpen altar ameise ampel amsel
ananas angel anker anlauf anorak antenne anzug apfel apotheke aprikose april aquarium arbeit
arena arktis armband aroma arznei aster atlas atmen aufzug auge august ausflug ausgang
auster auto bach backen backofen bahn bahnhof balken balkon ball ballon banane band bank
barke barometer basar basilikum batterie bauer baum bausch beere beet bein beleg berg
bericht bernstein besen besteck besuch bett biber biene bilanz bild birke birne bison blatt
blau bleistift blitz block blond blume bluse boden bogen bohne bohrer boje bonbon boot brand
braten braun breit bremse brett brief brille brise brokkoli brombeere brosche brot bruder
brunnen buch buche bucht bude bummel bunt burg butter campus cello chor chrom clown comic
computer creme dach dachs damm dampf dank datei dattel dauer daumen decke deich delfin
diamant dichter diele dienstag dill distel docht dock dohle doktor donner dorf dorn dorsch
dose drache draht drama drei drossel droste druck duft dunkel dunst durst dusche ebbe ebene
eber echo ecke edel efeu ehre eiche eidechse eifer eimer einfall einhorn einkauf eisbahn
eisen elch elefant elster email ende energie engel enkel ente erbse erde erfolg erle ernte
espe essig etage eule ewig fabel fabrik fach fackel faden fahne fahrrad fahrt falke falte
familie farbe farn fasan faust feder feier feige feld felge fell fels fenchel fenster ferien
ferkel fest feuer fichte fieber figur film filter filz finale finger fink firma fisch flach
flagge flamme flanke flasche fleck flieder fliege fliese flink flocke floh flosse flotte
flug flur fluss folie forelle form forscher foto fracht frack frage freitag freude freund
frieden frisch frosch frost frucht fuchs fuder fund funk funke furche futter gabel gala
galerie gang gans garage garde garn garten gasse gast gazelle gebirge gecko gedicht gefieder
gehege geige geist gelb geld gemse genuss geranie gerste geruch gesang geschirr gesicht
gespann gestein getreide gewebe gewinn gewitter ginster gipfel giraffe gitarre gitter glanz
glas glatt glocke gold golf gondel gong gorilla grad granat granit gras grau greif grille
grimm grotte grube gruppe gurke gurt haar habicht hafen hafer hahn haifisch halle halm hals
hamster hand handel handy hanf hantel harfe harke hase hasel haube hauch haufen haus haut
hebel hecht hecke hefe heft heide heim heiter held helfer helium hell helm hemd herbst herd
herz himbeere himmel hirsch hirse hobby hobel hocker hoffnung holunder holz honig hopfen
horn hose hotel huhn hummel hummer humor hund hupe hyazinthe idee igel iltis imker indigo
ingwer insekt insel iris jacke jaguar jahr januar jasmin jawort jazz jeans jodel joghurt
jubel juli jung juni juwel kabel kabine kachel kaffee kahn kakao kaktus kalb kalender kalk
kamel kamera kamille kamin kamm kammer kanal kanne kante kanu kapelle kapitel kappe karaffe
karotte karpfen karte kasse kastanie kasten kater katze kegel kehle keil keks keller kerze
kette kiefer kiesel kilo kind kino kiosk kirche kirsche kissen kiste kitz klang klappe klar
klasse klee kleid klein klette klima klippe kloster klub knall knapp knauf knie knochen
knopf knoten koala kobold koch koffer kohl kohle kokos kolibri komet komma kompass komplott
konfekt kontakt kontrast konzert kopf koralle korb kork korn kosmos kost krabbe kraft kragen
kran kranz krater kraut kreide kreis kreuz krone krug kruste kuchen kuckuck kufe kunde kunst
kupfer kuppel kurbel kurs kurve kutsche labor lachs lack laden lager lama lamm lampe land
lang laub laube lauch lauf laune laut lavendel lawine leder leer leguan lehm lehrer leicht
leine leiter lektion lerche lesen leuchte libelle licht lied liege liga lila limette linde
lineal linie linse lippe liste liter loch locke loden logik lohn lorbeer lotse luchs luft
luke lupe lupine luxus magie magnet mais malen malve mandel mango mann mantel margerite
marke markt marmor marsch marzipan maske mast matrose matte mauer maus meer mehl meile meise
meister melone menge menthol metall meter milch mild mineral minute minze mistel mittag
mitte mittwoch mixer mobil modell mohn molch molke moment monat mond montag moor moos
morchel morgen motor mulch mulde mund munter murmel museum musik muskel muster mutter
nachbar nacht nadel nagel nahe name napf narzisse nase nashorn natur nebel neffe nelke nest
netz nische nixe nomade norden note november nudel null nummer nuss nutzen oase obst ofen
oktober olive omelett onkel opal oper orange orchidee ordner orgel osten ostern otter ozean
paar pack paddel paket palast palme panda panther papagei papier pappel paprika parade park
parkett pass pastell pate pause pavian pedal pegel pelikan pelz pendel perle person petunie
pfad pfahl pfand pfanne pfau pfeffer pfeife pfeil pferd pflanze pflaume pflock pfote piano
pilger pilot pilz pinguin pinie pinsel piste plakat plan planet planke platane platz
plaudern pokal pollen polster pony portal porto post pracht prinz probe profi programm
propeller prosa pudel puder pulli puls pult pumpe punkt puppe purpur putzen puzzle pyramide
quadrat qualle quarz quelle quer quirl quitte quiz rabatt rabe radio rahm rahmen rakete
ranke ranzen rappe rasen rast rauch raum raupe rebe rechen regal regen regie region reich
reif reifen reigen reihe reiher reim reis reise reiter rekord remise rennen rente reserve
rettich rezept rhythmus riegel riemen riese rind rinde ring rinne ritt ritter robbe robust
rock roggen rohr rolle roman rose rosine route rubin ruder ruhe ruhig rumpf rund rutsche
saal saat sache sack safran saft saga sahne saite salat salbei salz samen samstag samt sand
sandale sanft satin sattel satz sauber sauer saum schach schaf schal schale schatten schatz
schaum scheibe schere scherz scheune schiene schiff schild schilf schirm schlange schlau
schlitten schloss schmal schmuck schnabel schnecke schnee schnell schnur schote schrank
schrift schritt schuh schule schulter schuppe schwalbe schwamm schwan schwarz schwung segel
seife seil seite sekunde sellerie semmel sender senf sense sessel sieb sieben signal silbe
silber silo sirup sitz skizze socke soda sofa sohle sohn solo sommer sonne sonntag spargel
spat spatz specht speck speer speise spiegel spiel spinat spinne spirale spitze sport
sprache spritze sprung spule spur stab stachel stadt stahl stall stamm standbild star stark
start station staub steg steil stein stelze stempel steppe stern steuer stich stiefel stier
stift still stimme stirn stock stoff stolz storch strahl strand strauch strecke streif stroh
strom strudel strumpf stube student stufe stuhl stunde suche suppe symbol szene tabelle
tafel takt talent taler tango tanne tante tanz tapete tapir tasche tasse taste tatze taube
taucher taxi technik teich teig teil teller tempel tempo tennis teppich termin terrasse text
theater thema thron thymian tiefe tier tiger tinte tisch titel toast tochter tomate tonne
topas topf torf torte tracht traktor traube traum treffer treppe tresen treu trichter trick
trommel tropfen truhe trumpf tuch tugend tulpe tunnel turban turm turnen tusche ufer ulme
umhang umweg umzug unikat unruhe unterholz urlaub urwald vanille vase vater veilchen vers
vetter viel vier viola violett violine virtuos vogel vokal volk vorhang vorrat vulkan waage
wabe wach wachs wade waffel wagen wald walnuss walze wand wange wanne wappen ware warm warte
wasser watt watte weber wecker weich weide weile wein weise weit weizen welle welt werft
werk weste westen wetter wicke widder wiege wiese wild wille wimpel wind winkel winter
wipfel wirbel wirt wissen witz woche wohnung wolf wolke wolle wort wunder wunsch wurm wurst
wurzel zahl zahm zahn zander zange zapfen zart zauber zaun zebra zeder zehe zehn zeichen
zeile zeit zelt zement zentrum zepter zettel zeug ziege ziegel ziel ziffer zimmer zimt zink
zinne zirkel zirkus zitrone zone zopf zucker zukunft zweig zwerg zwiebel zwilling
`
  .trim()
  .split(/\s/);
