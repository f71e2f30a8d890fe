/**
 * English words for passphrases: the most common ones of four to six letters from the EFF's long word list
 * (https://www.eff.org/dice, CC BY 3.0 US).
 */
export const WORDS = `
able abroad absurd accent acid acting action active acts affair afford afraid aged agency
agenda agent agony agreed ahead aids alarm album alias alibi aliens alike alive almost alone
always amber ambush amends amigo among amount anchor angles animal ankle anyhow anyone
anyway appear apple apply april apron area arena argue armed army around arrest arrive arson
ashes aside asleep aspect attach attic audio august author avenge avenue avoid await award
aware awhile backed backup bacon badass badge badly baked bakery baking bamboo banana banker
banner barber barge barn barrel bash basics basis basket batch bath bats battle blade blah
blame blank blast bleep blend bless blog blouse bluff blunt boat body boil bolt bonus book
booth boots boring boss both bottle bottom bounce boxer boxing breach breath breeze brick
bride bright bring brink broken broker broom brunch brush brute bubble bucket buckle buddy
budget bulb bully bunch bundle bunny bush bust buzz cable cage cake calm camera campus canal
cancel candle candy cane cannon cannot canyon cape carbon cargo caring carol carrot carry
cartel carve case cash casino cattle cause cement chain chair chance change charm chase
cheek cheer cheese cheesy chef chemo chess chest chief chili chill chip choice chop chosen
chuck chunk cinema circle circus city civil claim class claw clay clean clear clerk clever
client clinic clip cloak clock clone cloud clumsy coach coat coffee coke cold collar colony
colt come comic coming common cope copied copper copy corner cosmic cost cotton couch cough
could county cover cozy crane crank crate crazy create credit crib cried crispy crook crop
cross crowd crown crust crying cube cure curfew curry curse curve cycle dagger daily daisy
dance danger dares darn dash data dating dawn deacon dealer dealt dean debate decade decent
deck decree deed deeply defeat define defy degree delay delete delta denial dense dental
deny depth deputy detail device dial diaper diary dice dime diner dining dinner dish disk
ditch diving dizzy dock dodge doing dollar dolly donor dose douche dove down dowry drank
draw dreamt dress drew dried drift driven driver drone drove drown drum dude duke during
dust duty dwarf each eagle early easily easter eaten eating eats echo edge editor effort
either elbow eldest eleven elite email empty ended ending energy engine ensure entire entity
envy epic equal erased errand error essay estate ethics even exact excess excuse exile exit
expand expert expose extent fabric facial facing factor fade fading falcon fall false fame
family fancy fang faster feast feed feel fence ferris ferry fetch fifth fifty figure filing
filled film filter filth finale finch five flame fled flight fling flint flip flirt float
flock flying foam folk follow font food foster frame freely french fresh friday fridge fried
friend from front frozen fruit game garage garden garlic gave gear geek gender gently giant
gift given giving gladly glance glass glory glove glue goal goes going golf gone gong good
google gossip gotten gown grab grain granny grant grasp grass graves gravy gray greedy green
grew grid grief grill grip groom groove ground grudge grunt guide gulf guts hacked hacker
half halt hamlet handed happy harbor hardly hardy harsh hassle haste hasty hatred haunt
haven hazard headed heap heat helmet hence herbs hulk hull human humble hunger hungry hunter
hurry hurt hush ignore image iron issue item jacket jazz jeep jelly jersey jimmy jingle john
jolly judge juice juicy july jump june junior junkie jury karate karma keep kept kettle kick
kindly king kite kitten kitty knee kung ladder ladies lake lance landed laptop large last
late launch laurel lazy left legacy legal legend lemon lend length lens lent letter level
liable life likely liking lilly lily limb limit line lining linked lion liquid list litter
little lived lively liver living lizard lung lure luxury lying lyrics maker making mama
manly manual many march marina marine marry masses math matter maybe mayday mobile mold
monday morale morse most motion motive motor motto mouse mouth move movie moving much mule
mummy museum music mute mutual myself myth nail name nanny narrow native nature navy nearby
nearly nephew nerd nest never next niece ninja ninth number object obtain ocean okay olive
onion online only onto oops open oppose other ouch ought ounce outer outfit oven oxford
oxygen paddle palace palm panama panic pants paper parade pardon parish parlor parole parrot
partly party pasta pastor path patrol paying pencil penny perish petty phony photo phrase
plant plasma player plaza pledge plenty plot plug plus poem poet poison poker poking polar
police policy polish pond pony pope poppy pork portal posted poster pound power prayer press
pretty print prior prison prize probe proud proved proven public pull pulse punch punk pupil
puppet puppy purely purple purse puzzle quiet quit quote race racing rack radar radio raft
rage raging rally ramp ranch random ranger rare rascal rash raven reach reason rebel reborn
recall recent recess record refuse regain regime region rehab relax relay rely remedy remote
rental rented repair reply resent reset resort result resume return reveal reward rhyme
ribbon rice riches ride riding riot rise rising risk rival roast robe robin rocket rocky
rogue roman rope rotten rover royal rubber ruby ruined rule rumor runner runway rush sacred
sadly safely sage said saint sake salad salary salon saloon salt salute same sample sandy
santa savage saved savior scale scared scarf scary scheme scoop scope scored scotch scouts
scrap screen script second secret sector seduce self senate send senior series serve settle
setup shack shadow shady shaft shame shape share shed sheep sheet shelf shell sherry shield
shine shiny ship shirt shock shore shorts shout shove shower shown shrimp shrine shrink shut
sierra silent silk silly silver simple simply singer single siren sister sixth size sketch
skies skiing skinny skirt slam slate sleep sleeve slept slick slip slit sloppy slot slug
small smell smile smith smoked smooth snack snap sneak sniff snitch speak speech speed spent
spider spill spinal spoken sponge spooky spoon sports spray spring squad squash squid stable
stack staff stage stamp stand stark stash state static statue status stays steam steep stem
step stereo stew stick stinky stir stitch stock stole stood stool storm stove straw stray
streak stream street stress strict strike struck stuck studio study stunt subway such sudden
sugar suing supper supply surely survey sushi swan sway swear sweat sweep swell swept switch
swore sworn syrup system tables tablet tackle take taking tall tank target task taste tasty
tattoo thank that thee theft theme these thesis thigh thing think thirty those thread thrill
throat thud thumb thus tidy tiger till timing tiny tipped tiring tissue trace track trade
train traps trash travel tray treat tree trend trial tricky tried trophy truce truck trump
truth tummy turf turkey turtle tutor twelve twenty twice twins tying unable uncle undone
uneasy unfair union unit unless untie until unwell upbeat update upon upper upside urban
urgent used user usual utmost utter vacant valid valley value vanish vanity vegan venue
venus verify verse versus very vessel vest vice video violet violin viral visa vision voice
void voting voyage wager wages wagon wake waking walk waltz wand wanted washed watch water
waving wheat whole whoops wife willow wind wing winner winter wipe wired wisdom wise wish
wizard wolf womb wool word work worry worst wrench wrist yard yeah yield yoga yogurt yummy
zero zombie zone zoom
`
  .trim()
  .split(/\s/);
