"""The word tables of places and uses; a line that begins with spaces goes on with the one before.

``KINDS``: sort of place, words that name it; the first line that fits counts. ``USES``: use, words that name it.
``SUITS``: sort of place, uses that it serves as it is or with ordinary works | uses that it could be made into.
Words are patterns over folded text (lower case, no accents), at the beginning of a word.
"""

KINDS = r"""
common_room  spazio comune|spazio polifunzionale|ex portineria|portineria
nursery      ex asilo|asilo|scuola materna|ex materna|nido|scuola dell.infanzia
school       scuola|ex scuola|istituto|plesso|collegio|liceo|educandato
sport        palestra|centro sportivo|esercizi sportivi|campo da|piscina comunale|palazzetto
kitchen      ex mensa|mensa|centro cottura|cucina
care_home    casa di cura|ospedale|rsa\b|struttura di accoglienza|poliambulatorio|docce
lodging      albergo|pensione|ostello|foresteria|alloggio per usi collettivi
hall         cinema|teatro|biblioteca|museo|auditorium|sala concerti|sala consiliare|galleria|oratorio|cappella
barracks     caserma|ex caserma
cloister     convento|monastero|seminario|chiostro
farm         cascina|granaio|fienile|rurale|casa colonica|stalla|scuderia\b|masseria|malga|baita
villa        villa|palazzo|castello|dimora|scuderie
plant        depuratore|impianto|centrale|cabina
depot        deposito|magazzino|rimessa|autorimessa dei mezzi|tettoia
garage       box\b|garage|posto auto|autorimessa
industrial   capannone|fabbrica|opificio|industrial|officin|cotonificio|macello|laboratorio per arti|filanda|
             padiglion
offices      uffic|municipio|palazzina|direzional|sede|tribunale
shop         negozio|bottega|negozi|locali commerciali|commercial|supermercato|mercato
flat         appartament|alloggi|abitazione di tipo|condominio|unita immobiliare per uso di abitazione
house        casa cantoniera|casello|abitazione indipendente|abitazione|casa\b|villetta|casetta
farmland     terreno agricolo|terreno con fabbricato rurale|podere|campo|campi
ground       area|terreno|piazzale|lotto|giardino|parco|cava|ex vivaio|vivaio
"""
USES = r"""
students     student|studentato|universitar|ricercatori|fuori sede
shelter      senza dimora|dormitor|bassa soglia|donne vittime|antiviolenza|casa rifugio|rifugio per|
             protetto, indirizzo|emergenza freddo|docce
housing      alloggi|appartament|mini alloggi|sfratt|casa popolare|case popolari|canone calmierato|
             canone sociale|residenz|emergenza abitativa|bilocal|housing
group_home   gruppo appartamento|vita indipendente|dopo di noi|comunita per|comunita alloggio|alloggi protetti|
             comunita per mamme
childcare    nido|asilo|scuola dell.infanzia|bambini da 0|0 a 3|0-6|prima infanzia
teaching     corsi di formazione|istituto tecnico|its\b|aule attrezzate|apprendisti|corsi per|formazione
day_care     centro diurno|diurno per|demenza|autismo|non autosufficien|centro per l.autismo
health       ambulator|infermier|medic[oi]\b|casa della comunita|prelievi|hospice|consultorio|poliambulatorio
study        aula studio|aule studio|sale studio|doposcuola|biblioteca|sala lettura|spazio giovani
associations associazion|sale riunioni|sala polivalente|centro civico|punto di incontro|sede per i gruppi
stage        teatr|prove musicali|sale? prova|concert|cinema|palco|spettacol|registrazione|auditorium|mostre
museum       museo|archivio storico|espo[sn]|mostre|centro visite
sport        palestra|sport|campi da|basket|pallavolo|calcio|palazzetto
workshops    laborator|officin|artigian|startup|makers|falegnameria|botteghe
coworking    coworking|scrivanie|spazi condivisi per
shop         negozio|bottega|punto vendita|vend[eo]|spaccio|mercato|alimentari
food         cucin[ae]|trasforma|confezion|agroalimentar|ristoro|caffetteria|\bbar\b|mensa
solidarity   mensa solidale|emporio|eccedenze|cibo|banco alimentare|cucina popolare
reuse        riuso|riparaz|ripara|usato|ingombranti
store        magazzino|deposito|archivio e|scaffali|cella frigorifera
vehicles     autorimessa|rimessa|protezione civile|furgoni|mezzi
exchange     velostazione|interscambio|deposito bici|parcheggio|biciclette
guests       ostello|foresteria|posti letto, deposito|qualche camera|turism|accoglienza per chi visita|ciclisti
social_farm  agricoltura sociale|fattoria|stalle|ippoterapia|orto didattico
garden       \borti\b|giardino per|giardino e|parco e|area giochi|apicoltura|arnie|verde pubblico|area verde
wood         bosco|alberi|forest|piantare|isola di calore|zona umida
energy       comunita energetica|pannelli|fotovoltaic|solare
desks        uffici|sportello unico|sede dei servizi
seized       confiscat|criminalita organizzata|mafia
remediation  bonifica|suolo|caratterizzazione
"""
SUITS = """
school       teaching study associations students day_care childcare desks | health stage workshops housing
             shelter coworking museum guests group_home solidarity sport
nursery      childcare day_care | study associations health teaching group_home solidarity desks
offices      desks coworking associations study health students | childcare day_care teaching housing shelter
             stage group_home
flat         housing group_home shelter seized students | associations health
house        housing group_home guests shelter | associations food shop health exchange seized
shop         shop solidarity associations workshops food | health coworking study stage store reuse desks
             day_care
hall         stage museum associations study | teaching coworking sport
industrial   workshops reuse stage museum sport teaching store | vehicles food solidarity coworking exchange
             students housing shop
depot        store vehicles reuse solidarity exchange workshops | sport energy teaching stage shop
kitchen      solidarity food | associations shop day_care store
farm         social_farm guests food shop museum garden | workshops housing group_home day_care associations
             stage store energy
villa        museum stage guests food garden associations | group_home day_care study coworking teaching
             housing seized shelter students
cloister     museum stage guests health study associations workshops | housing students day_care shelter
             group_home teaching desks
barracks     vehicles shelter teaching students store exchange | housing guests desks workshops reuse sport
             associations
care_home    health day_care shelter group_home | housing guests students
lodging      guests students housing shelter | group_home
sport        sport | stage associations
common_room  associations study desks coworking stage | health day_care workshops solidarity
garage       store vehicles | exchange workshops
farmland     social_farm garden wood | energy seized
ground       garden wood exchange energy sport remediation | vehicles store solidarity social_farm
plant        energy | store wood museum garden
"""


def entries(table: str) -> dict[str, str]:
    """Return name → the rest of its lines, in the order of the table."""
    found: dict[str, str] = {}
    name = ""
    for line in table.strip().splitlines():
        if line.startswith(" "):
            found[name] += ("" if found[name].endswith("|") else " ") + line.strip()
        else:
            name, rest = line.split(None, 1)
            found[name] = rest
    return found
