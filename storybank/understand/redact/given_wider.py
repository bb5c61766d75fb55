"""Given names of many countries that were missed in small letters.

Chosen from general knowledge, after a public list of names (not kept here) had been told in
everyday sentences to see which of them nobody had thought of. None is a word of everyday English.
"""

from storybank.understand.redact.wordlist import words

WIDER = words(
    "aashir adriano agathe agnesa akinlabi alaaddin aladin alexandr alexis alisha alister allegra "
    "alyssa amelija anatolie anders andreia andrian angelita annalisa annalise anselma antanas "
    "antons aranka ariadna arianne arijus arsenie atharv atheel atilio auguste augustina aurore "
    "austine axenia bailie benard benito birgid birthe blaine bonface branislava brayan "
    "bronach buraid cailin cailum calisto caolan caterina cathrine celestine chamali changaz "
    "chantel charlotta chatura christelle christiane christy cirino clementina collette conrado "
    "corrado cosmas csilla daiana daniele danijel dariana darina darrin demilade derick dominga "
    "domnica donatas dorina edvard eilish eliana elizabeta elizabete emilio emilis enrico erastus "
    "erland erling eshana estera evaline evance feisal ferdinando feriel fiaz floare florea "
    "floris francoise franka frederico gabriele garrett gaspare gerard gerrit giorgia girish "
    "gizella godwin graeme gunita gunvor hellen hellena heloisa henrich hezron imaran indali "
    "inese ingvar isaack isabelly jasmina jesper jillian jonathon kalina karoline kashish kasper "
    "kennet killian kornel krish krisha krister lamine lauris lilita ludger maarten maddison "
    "makori maksymilian manola marcell mareen mareks margareta margit mariane marija marijana "
    "marinus markas martine mathew mathijs mehman micheal michel milada milana mirella mislav "
    "mohamad moureen mourine murilo mwikali myrthe nadhir naiara naoise odalis oliwier orestas "
    "ottomar paride pascale pascual patrice patricie patrik pauric penina pepijn pernilla pieter "
    "pietra quinten rabecca rabi racheal rachid rachit ranieri rebeca regine rian riccardo rigmor "
    "rolands ruggero ruperto ruxanda salomea salomey sanita scarlett seanan seanna "
    "sebastiano sergej seymur shanna silvie silvija silvio skylar suleman susanne tanish teerth "
    "tereza theresia tonino uthman valary valter vedant vendula vilius wessel willem wouter "
    "yamini "
)
