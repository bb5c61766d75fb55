"""Given names common in the United Kingdom, of many origins.

Words that also mean other things stand apart: the sentence has to say whether those are names.

Written down from general knowledge; a floor for small letters, not a limit: names outside this
list are found by where they stand (`names.py`).
"""

from storybank.understand.redact.given_europe import CELTIC, ENGLISH, EUROPEAN
from storybank.understand.redact.given_many import GIVEN_MANY
from storybank.understand.redact.given_more_africa import EAST_AFRICAN_MORE, WEST_AFRICAN_MORE
from storybank.understand.redact.given_more_east import EAST_ASIAN_MORE, MIDDLE_EASTERN_MORE
from storybank.understand.redact.given_more_europe import (
    BRITISH_AND_IRISH,
    CARIBBEAN_MORE,
    EUROPEAN_MORE,
)
from storybank.understand.redact.given_more_south import SOUTH_ASIAN_MORE
from storybank.understand.redact.given_short import SHORT_FORMS
from storybank.understand.redact.given_too import WORDS_TOO
from storybank.understand.redact.given_wider import WIDER
from storybank.understand.redact.given_world import (
    CARIBBEAN,
    EAST_AFRICAN,
    EAST_ASIAN,
    MIDDLE_EASTERN,
    SOUTH_ASIAN,
    WEST_AFRICAN,
)
from storybank.understand.redact.wordlist import words

_COMMON = frozenset(
    words(
        "jun-jun bong-bong jean-luc mary-jane mary-ann anne-marie ellie-mae "
        "bex trish trisha debs gaz baz shaz kev trev jen jess abby deano dazza gazza shazza stevo ",
        "aaron abdi abdul abdullah abigail adam adele adrian ahmed aidan aileen aisha ayesha "
        "alan alasdair albert alejandro alex alexander alexandra alfie ali alice alison "
        "alistair amanda amara amelia amina amir amit amy ana anastasia andrea andrew andy "
        "angela anita anjali ann anna anne annie anthony antonio anwar arjun arthur asha "
        "ashraf asif audrey ayaan aziz barbara barry beatrice becky ben benjamin bernadette "
        "bernard beth bethany betty beverley bilal billy bob bobby brenda brian bridget bryan "
        "callum carl carla carlos carmel carmen caroline carys catherine cathy cecilia "
        "charles charlie charlotte chidi chloe chris christine christopher ciara claire clara "
        "clare clive colin connor craig cynthia daniel danielle danny darren dave david dawit "
        "deborah debbie declan deepa delroy denise dennis derek desmond diana diane dmitri "
        "dominic donald donna doreen doris dorothy duncan dylan eddie edith edna edward "
        "eileen elaine eleanor elena elizabeth ella ellen ellie elsie emeka emily emma "
        "emmanuel eric erica ernest esther ethan ethel eugene eunice evan evelyn ewan farah "
        "farhan fatima fatma fatou femi fiona frances francesca francis freda freddie "
        "frederick gail gareth gary gavin geoff geoffrey george gerald gemma gillian gina "
        "giovanni gladys glenda glenys gloria glyn gordon graham greg gregory gwen gwyneth "
        "habiba hamza hannah harold harriet harry haroon hassan hasan heidi helen helena "
        "henry hilary hodan howard hugh hussein ian ibrahim ifeoma imran ingrid irene isaac "
        "isabel isabella isla ismail ivan iwan jacqueline jackie jacob jake jamal james jamie "
        "jan jane janet janice jason javed jayne jean jeff jeffrey jennifer jenny jeremy "
        "jerome jerry jessica jim jimmy jo joan joanna joanne joe joel john johnny jon "
        "jonathan jose joseph josephine joshua joyce juan juanita judith judy julia julian "
        "julie karen karim kate katherine kathleen kathryn kathy katie kavita keith kelly ken "
        "kenneth kerry kevin khadija khalid kim kirsty kofi krystyna kwame kyle laila latoya "
        "laura lauren lawrence leah leanne lee leila leo leonard leroy lesley leslie lewis "
        "liam lilian linda lisa liz liza lloyd lorna lorraine louis louise lucas lucy luke "
        "lydia lynn lynne mabel mahmoud malcolm malik mandy manuel marcia marcus margaret "
        "maria mariam mariana marie mario marion marjorie marlene martha martin marvin mary "
        "maryam matthew maureen maurice mavis megan mehmet michael michelle mick mike mildred "
        "milly miriam mohamed mohammad mohammed moira molly mona monica moses muhammad muriel "
        "mustafa nadia naomi nasreen natalie natasha nathan neil nelson ngozi niamh nicholas "
        "nicola nigel nikki nina noah nora noreen norma norman nusrat obinna olga oliver "
        "olivia omar oscar owen oyin pamela patricia patrick paul paula pauline pawel pedro "
        "peggy penelope pete peter philip phillip phil phyllis pierre piotr priya rachel "
        "rafael rahim raj rajesh ralph ramona rashid raymond rebecca reginald rehana rhys "
        "ricardo richard rita robert roberta roger ron ronald ronnie rosa rosie ross roy "
        "rupert russell ruth ryan saeed sabrina sally sam samantha samir samira samuel sandra "
        "sanjay sara sarah sean selina sergei shabnam shannon sharon shaun sheila shirley "
        "siobhan simon sinead sonia sophia sophie stan stanley stella stephanie stephen steve "
        "steven stuart suleiman sunita susan susanna suzanne svetlana sylvia tamara tamsin "
        "tanya tariq teresa terence terry thelma theo theresa thomas tiffany tim timothy tina "
        "toby tomasz tony tracey tracy trevor tyrone usman uzma valerie vanessa vera veronica "
        "vikram vincent vivian vivienne walter wayne wendy wilfred william winston wojciech "
        "xavier yasmin yasmine yolanda yousef yusuf yvette yvonne zach zachary zahra zainab "
        "zara zeynep zoe zofia",
        "agata agnieszka aleksandra andrzej bartek beata bogusia dagmara dariusz dorota "
        "grzegorz jacek jadwiga jakub jolanta justyna kamil kasia katarzyna krzysztof lukasz "
        "maciej magda malgorzata marcin marek mariusz michal monika oskar patryk przemek "
        "rafal ryszard slawek stanislaw szymon teresa urszula waldek wiktoria zbigniew zosia "
        "afonso alberto alexandre armando beatriz bruno catarina diogo domingos duarte fabio "
        "fernanda fernando filipe goncalo helder ines inês isabel joao joão joaquim jorge "
        "leonor lourenco luis lurdes madalena manuela marisa mateus miguel nuno paulo renato "
        "rodrigo rui sergio susana telma tiago vasco adriana alexandru alina andrei bogdan "
        "camelia catalin ciprian claudia cosmin cristian cristina daniela dorin dumitru elena "
        "florin gabriela gheorghe ioana ionela iulia liviu lucian luminita marius mihaela "
        "mihai mircea nicoleta octavian oana ovidiu petru raluca razvan roxana simona sorin "
        "stefan tudor vasile viorel vlad aamir abida adeel afzal amjad anwara arif arshad "
        "asma ayub azhar bushra faisal fozia ghulam hafsa haleema hina humaira ifra imtiaz "
        "iqbal iram ismat jahanara jamila kashif khalida liaquat mahbub majid mehwish mohsin "
        "monira mumtaz munir nadeem naeem nargis naveed nazia nazmul parveen qasim rabia "
        "rafiq rashida razia rizwan rokeya rubina ruksana rukhsana sadia safia saima sajid "
        "salma salman samina shabana shafiq shahid shahida shakil shazia sofia tahir tahira "
        "tanvir tasleem waqar wasim yasir zafar zahid zakia zubair zulfiqar aarti ajay akash "
        "alka anil anita anju anupam arun ashok bhavna deepak dilip dinesh gita gurpreet "
        "harjit harpreet hema indira jagdish jaspreet jayesh jyoti kamla kishore kuldeep "
        "lakshmi mahesh manjit manoj meena meera mohan mukesh naresh neha nilesh nisha pankaj "
        "parminder pooja pradeep prakash pratibha preeti priti rahul rakesh ramesh ranjit "
        "ravi reena rekha rohit sachin sandeep sangeeta savita shanti simran sukhdev sunil "
        "suresh sushila swati usha vandana varsha vijay vinod abdallah abeer adnan ahlam amal "
        "ammar bashar basma dalal fadi fadia faten ghada ghassan haidar hani hanan hisham "
        "huda hussam jaber khaled lamia layla lubna mahmud majed manal marwa maysa mona "
        "mounir mousa muna musa nabil najwa nasser nour nura osama qais rami rania reem rima "
        "saad salah salim samar sami sawsan souad suad taher tarek wael walid yahya yara "
        "yazan youssef zein ziad abena abiodun abiola adeola adaeze adwoa afia afua akosua "
        "akua amaka aminat ayodele babatunde bisi bolanle bukola chiamaka chidinma chika "
        "chinedu chioma chukwudi dayo dele ebere efua ekow femi folake funmi funmilayo "
        "ifeanyi ikenna kehinde kwabena kwaku kwasi kwadwo kojo lanre modupe nkechi nneka "
        "nnamdi olu oluchi olufemi oluwaseun sade segun seun taiwo temitope tobi tolu tunde "
        "uche uchenna yaa yemi yetunde abdirahman abdullahi amina asmerom asli ayan berhane "
        "bereket biniam deqa dahir eyob fadumo faduma farhia fatuma filmon fowzia hawa hibo "
        "hirut ifrah isaias kidane liban mahad medhanie merhawi mulu najma natnael nimo robel "
        "sagal sahra samsam selam semhar senait sucdi tekle tesfay tsegay warda yonas yodit "
        "yohannes zahir zeinab chau cheng duc hien huong jing jiang khanh linh mei minh ming "
        "ngoc nguyen phuong qing quang quynh thanh thao thuy tien trang tran trung tuan tuyet "
        "wei xiao xin yan ying yuan yun zhang zhen clyde delton dionne errol garfield "
        "hyacinth icilda jermaine kezia lascelles latisha leroi linton lloyd marlon marva "
        "melvina merlene mervyn monique neville orville paulette petronella rohan rudolph "
        "shanelle shanice sherene tanisha tyrell tyrese valda verna wilbert yvonne adelina "
        "agostinho anabela armandina bendita celestina clementino delfina domingas elvio "
        "ermelinda estanislau felismina filomena florentino florindo gregorio jacinta "
        "januario juvita leopoldina lucinda luisa mariano natalino norberta olinda pascoal "
        "rosalina saturnina silvino terezinha virgilio zelia aoife bronagh bronwen cath "
        "caoimhe cerys ciaran cormac dafydd deirdre declan dilys eamon eilidh eirlys eoin "
        "fergus fionnuala geraint grainne gwenda gwyn hamish hywel iona iolo isobel kieran "
        "lachlan mairi mairead malachy morag nia nuala oisin olwen orla osian padraig rhian "
        "rhiannon rhodri roisin rory ruairi saoirse seamus shona sian sioned tegan tomos alf "
        "alfred beryl bertha bernie cedric cyril doug dougie edie elsa enid fran freya harvey "
        "hettie ivor jenna jodie kayleigh keeley kayden kyra lottie maddie marge marjory "
        "mavis millie nellie pru reece reuben rhona roz stu syd tamara tess tessa tilly viv "
        "wilf winifred winnie yasmina ",
    )
)

GIVEN = _COMMON | SHORT_FORMS | frozenset(
    (
        *ENGLISH, *CELTIC, *EUROPEAN, *WEST_AFRICAN, *EAST_AFRICAN, *SOUTH_ASIAN, *MIDDLE_EASTERN,
        *EAST_ASIAN, *CARIBBEAN, *BRITISH_AND_IRISH, *CARIBBEAN_MORE, *EUROPEAN_MORE,
        *WEST_AFRICAN_MORE, *EAST_AFRICAN_MORE, *SOUTH_ASIAN_MORE, *MIDDLE_EASTERN_MORE,
        *EAST_ASIAN_MORE, *WIDER, *GIVEN_MANY,
    )
)  # fmt: skip

_LONG_KNOWN = frozenset(
    words(
        "ada aglaia aiden aisling alan alen alexia alonso amber amin amos angel anton antony "
        "april armin arno art asher august augustas augustine autumn ava ayo bailey banu bart "
        "basil bela benn bill binh blessing bob bola boniface brad brent brigid briony brittany "
        "brogan brook bryony bunny callan caren carin carina carol casper charan charis chase "
        "cherry cheyenne christer christian clay clement clementine cleopatra cody comfort "
        "constance constantina cora coral crystal cyprian dahlia daisy dameer damon dan darpan "
        "dawn dean della demba deniz derya desta dick dietrich dita dixie dolly dominique dot "
        "dotty drew earl earnest ebony eira eli emir emmet ervin esi ester eve fabiana faith fela "
        "fern finn fletcher florence forrest fortune franck frank frazer gabrielly gene ginger "
        "glen glenn grace grant gus guy hadjer haley hank hanna happy harmony hazel heather holly "
        "honey honor hope hortensia hosea hunter ike iman inge ira iris issa ivory ivy iwo jack "
        "jackson jade jan jasmine javan jet jewel joni jordan josh joy june juniper justice "
        "kashan kaya khan kim kinga kirk kit kitty lance laurel lavender lily linnet lorcan "
        "lorelei lou lourdes lucky luna luz madge mae mahdi mai major malin malva mara maren "
        "margarita mari marian mariann marigold marina mark marshal mason max may melody mercedes "
        "mercer mercy merle merlin mia miles miller mimi mina minnie miron misty mitra mitzi "
        "moreen morgan mya myra myrtle nacer nada ned nell neve nick nigella nisha noor norm nour "
        "obi ola olive opal otto pali pam pandora pansy parker pat patience patsy pearl penny "
        "perry petter philemon pilar polly pontus poppy precious primrose prince princess "
        "prudence queenie quincy raja ram rana rani raven ray rebekah reed regina rex rich rick "
        "riley rob robin rocky rod roma roman romeo romulus rosaria rose rosemary rosita rowan "
        "ruby rudra rudy rusty saba sadeed saffron sali sally sami sanda sandy sara saul savannah "
        "scarlet sena serena severin shah sherry siegfried sienna sila silvian simas sinclair sky "
        "solomon sonny spencer stacey staffan star stellan sterling storm sue sultana summer "
        "sunny taha tammy taylor ted teddy thales tia tiger tina tito toni tori tracy treasure "
        "trinity uma una unity val valentine van velma verity verner victor victoria viola violet "
        "wade wallace will willa willow winfred winsome winter woody wyatt wyn yawer yue zaki "
        "zena zeno "
    )
)
NAMES_TOO = _LONG_KNOWN | WORDS_TOO
"""Words of everyday English that are given names too."""

SELDOM_WORDS = _LONG_KNOWN - frozenset(
    words(
        "angel april art august autumn basil bill brook bunny cherry chase christian clay comfort "
        "constance crystal dean dick earnest ebony eve faith fern fortune ginger grant guy happy "
        "harmony holly honey honor hope hunter ivory jack jet joy june justice lance "
        "lavender lucky major "
        "marina mark marshal mason max may melody mercy miles misty norm olive opal patience "
        "precious prince princess prudence raven ray reed rich rocky rod rose rusty savannah "
        "scarlet serena sky star sterling storm summer sunny tiger treasure trinity unity van "
        "verity victor violet wade willow will winter woody "
        "coral juniper "
        ""
        "roma roman valentine "
        "dot emir imam jordan khan "
        " "
        "viola"
    )
)
"""Names that are hardly ever written with a capital for anything else: "Carol", "Hazel"."""
