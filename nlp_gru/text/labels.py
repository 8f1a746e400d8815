"""Labels, signs and buttons, which are no sentences: a list of common ones, and the forms in which the model is asked
for others.

"Waiting room" alone is little to go by; "This is the waiting room." is a sentence like those that were learned, and
what stands behind "C'est la" is the label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

# English, French. Of several English ones (/) and French ones (|) the first is written, and each is understood.
_PAIRS = """
Save / Save it | Enregistrer | Sauvegarder
Save as | Enregistrer sous
Save all | Tout enregistrer
Save changes | Enregistrer les modifications | Sauvegarder les modifications
Cancel | Annuler
Delete | Supprimer | Effacer
Delete all | Tout supprimer | Tout effacer
Remove | Retirer | Enlever
Edit | Modifier
Add | Ajouter
New | Nouveau
Open | Ouvrir
Open file | Ouvrir un fichier
Close | Fermer
Quit | Quitter
Exit | Sortie
Print | Imprimer
Print preview | Aperçu avant impression
Copy | Copier
Paste | Coller
Cut | Couper
Undo | Annuler la dernière action
Redo | Rétablir | Refaire
Search | Rechercher | Recherche
Search results | Résultats de la recherche | Résultats de recherche
Find | Trouver
Find and replace | Rechercher et remplacer
Replace | Remplacer
Select all | Tout sélectionner
Select a file | Choisir un fichier | Sélectionner un fichier
Send | Envoyer
Reply | Répondre
Reply all | Répondre à tous
Forward | Transférer
Share | Partager
Follow | Suivre
Like | J'aime
Comment | Commenter
Comments | Commentaires
Subscribe | S'abonner
Unsubscribe | Se désabonner | Se désinscrire
Download | Télécharger
Upload | Mettre en ligne | Téléverser
Install | Installer
Uninstall | Désinstaller
Update | Mettre à jour
Refresh / Reload | Actualiser | Rafraîchir
Reset | Réinitialiser
Apply | Appliquer
Submit | Soumettre | Valider
Confirm | Confirmer
Continue | Continuer
Skip | Passer | Ignorer
Back | Retour
Next | Suivant
Previous | Précédent
Next page | Page suivante
Previous page | Page précédente
Finish | Terminer
Done | Terminé
Retry / Try again | Réessayer
Loading | Chargement | Chargement en cours
Please wait | Veuillez patienter
Help | Aide
About | À propos
About us | Qui sommes-nous | À propos de nous
Contact us | Contactez-nous | Nous contacter
Home / Home page / Homepage | Accueil | Page d'accueil
News | Actualités
Map | Plan
Site map / Sitemap | Plan du site
Settings | Paramètres | Réglages
Advanced settings | Paramètres avancés | Réglages avancés
Preferences | Préférences
Options | Options
Tools | Outils
File | Fichier
Files | Fichiers
Folder | Dossier
New folder | Nouveau dossier
View | Affichage
Insert | Insérer
Format | Format
Window | Fenêtre
Full screen | Plein écran
Zoom in | Zoom avant
Zoom out | Zoom arrière
Show more | Afficher plus | Voir plus
Show less | Afficher moins | Voir moins
Show all | Tout afficher | Afficher tout
Hide | Masquer
View all / See all | Tout voir | Voir tout
Read more | Lire la suite
Learn more | En savoir plus
Get started | Commencer
Log in / Sign in / Login | Se connecter | Connexion | Connectez-vous
Log out / Sign out / Logout | Se déconnecter | Déconnexion | Déconnectez-vous
Sign up / Register | S'inscrire | Inscription
Create an account / Create account | Créer un compte
Delete account / Delete my account | Supprimer le compte | Supprimer mon compte
My account | Mon compte
My profile | Mon profil
My orders | Mes commandes
Forgot password / Forgot your password / Forgotten password | Mot de passe oublié
Change password | Changer de mot de passe | Changer le mot de passe | Modifier le mot de passe
Remember me | Se souvenir de moi
Stay signed in | Rester connecté
Password | Mot de passe
Confirm password | Confirmer le mot de passe
User name / Username | Nom d'utilisateur | Identifiant
First name | Prénom
Last name / Surname / Family name | Nom de famille
Name | Nom
Full name | Nom complet | Nom et prénom
Address | Adresse
Street | Rue
City | Ville
Town | Ville
Country | Pays
Postal code / Postcode / Zip code | Code postal
Phone number / Telephone number | Numéro de téléphone
Phone / Telephone | Téléphone
Mobile | Portable
Email address / E-mail address | Adresse électronique | Adresse e-mail | Adresse mail | Adresse de courriel
Date of birth / Birth date | Date de naissance
Place of birth | Lieu de naissance
Gender | Sexe
Age | Âge
Occupation | Profession
Nationality | Nationalité
Marital status | État civil | Situation familiale
Signature | Signature
Required | Obligatoire
Required field | Champ obligatoire
Optional | Facultatif
Invalid password | Mot de passe incorrect | Mot de passe invalide
Invalid email address | Adresse électronique non valide
Error | Erreur
Warning | Attention | Avertissement
Page not found | Page introuvable
File not found | Fichier introuvable
No results / No results found | Aucun résultat
Access denied | Accès refusé
Connection lost | Connexion perdue
Online | En ligne
Offline | Hors ligne
Enabled | Activé
Disabled | Désactivé
Enable | Activer
Disable | Désactiver
Turn on | Allumer
Turn off | Éteindre
On | Marche
Off | Arrêt
Start | Démarrer
Stop | Arrêter
Play | Lecture
Pause | Pause
Mute | Couper le son
Volume | Volume
Language | Langue
Choose a language / Choose your language | Choisir une langue | Choisissez votre langue
Notifications | Notifications
Messages | Messages
New message | Nouveau message
Inbox | Boîte de réception
Sent | Envoyés | Messages envoyés
Drafts | Brouillons
Trash / Recycle bin | Corbeille
Spam | Indésirables
Attach a file | Joindre un fichier
Subject | Objet
Shopping cart / Cart / Shopping basket / Basket | Panier
Add to cart / Add to basket | Ajouter au panier
Add to favorites / Add to favourites | Ajouter aux favoris
Favorites / Favourites | Favoris
Wish list | Liste de souhaits
Buy now | Acheter maintenant
Checkout | Passer la commande
Place order | Passer commande
Order number | Numéro de commande
Order history | Historique des commandes
Track my order | Suivre ma commande
Payment method | Moyen de paiement | Mode de paiement
Credit card | Carte de crédit | Carte bancaire
Shipping address / Delivery address | Adresse de livraison
Billing address | Adresse de facturation
Free delivery / Free shipping | Livraison gratuite
Subtotal | Sous-total
Total | Total
Total amount | Montant total
Quantity | Quantité
Price | Prix
Discount | Réduction | Remise
Sale / Sales | Soldes
Special offer | Offre spéciale
Sold out | Épuisé
In stock | En stock
Out of stock | En rupture de stock | Rupture de stock
Receipt | Reçu
Invoice | Facture
Customer service | Service client | Service clientèle
Privacy policy | Politique de confidentialité
Terms of use / Terms of service | Conditions d'utilisation
Terms and conditions | Conditions générales
Legal notice | Mentions légales
All rights reserved | Tous droits réservés
Cookie settings | Paramètres des cookies
Accept all | Tout accepter
Reject all / Decline all | Tout refuser
I agree | J'accepte
Frequently asked questions | Questions fréquentes | Foire aux questions
Table of contents / Contents | Table des matières | Sommaire
Introduction | Introduction
Chapter | Chapitre
Appendix | Annexe
Exit / Way out | Sortie
Emergency exit / Fire exit | Sortie de secours | Issue de secours
Entrance / Way in | Entrée
No entry / Do not enter | Entrée interdite | Sens interdit | Défense d'entrer
Free admission / Free entry / Free entrance | Entrée gratuite | Entrée libre
Private property | Propriété privée
Private | Privé
Staff only / Authorized personnel only | Réservé au personnel
Push | Poussez | Pousser
Pull | Tirez | Tirer
Open | Ouvert
Closed | Fermé
Closed on Sundays / Closed on Sunday | Fermé le dimanche
Opening hours / Business hours / Opening times | Heures d'ouverture | Horaires d'ouverture | Horaires
No smoking | Défense de fumer | Interdiction de fumer | Interdit de fumer
No parking | Stationnement interdit | Défense de stationner
Parking | Stationnement
Car park / Parking lot | Parking
No photography / No photos | Photos interdites
No dogs / No dogs allowed | Chiens interdits | Interdit aux chiens
Beware of the dog / Beware of dog | Attention au chien | Chien méchant
Do not touch | Ne pas toucher
Do not disturb | Ne pas déranger
Do not walk on the grass / Keep off the grass | Pelouse interdite | Ne pas marcher sur la pelouse
Out of order | Hors service | En panne
Under construction | En construction | En travaux
Wet paint | Peinture fraîche
Wet floor / Slippery floor | Sol glissant | Attention, sol glissant
Mind the step / Watch your step | Attention à la marche
Fragile | Fragile
Handle with care | Manipuler avec précaution
Danger | Danger
Caution | Attention
High voltage | Haute tension
Drinking water | Eau potable
Not drinking water | Eau non potable
Restrooms / Toilets | Toilettes | WC
Ladies / Women | Dames | Femmes
Gentlemen / Men | Messieurs | Hommes
Elevator / Lift | Ascenseur
Stairs | Escalier | Escaliers
Reception / Front desk | Réception
Waiting room | Salle d'attente
Fitting room / Fitting rooms | Cabines d'essayage | Cabine d'essayage
Cash desk | Caisse
Ticket office / Tickets | Guichet | Billetterie
Information | Renseignements
Lost and found / Lost property | Objets trouvés
Left luggage | Consigne
Arrivals | Arrivées
Departures | Départs
Departure time | Heure de départ
Arrival time | Heure d'arrivée
Platform | Quai
Delayed | Retardé
Cancelled / Canceled | Annulé
Timetable | Horaires
One way | Sens unique
Speed limit | Limitation de vitesse | Limite de vitesse
Dead end | Voie sans issue | Cul-de-sac
Detour / Diversion | Déviation
Roadworks / Road works | Travaux
Pedestrians | Piétons
First aid | Premiers secours | Premiers soins
Emergency / Emergencies | Urgences | Urgence
For sale | À vendre
For rent / To let | À louer
Keep refrigerated | À conserver au frais
Best before | À consommer de préférence avant
Ingredients | Ingrédients
Made in France | Fabriqué en France
Today | Aujourd'hui
Tomorrow | Demain
Yesterday | Hier
Weather forecast | Prévisions météo | Météo | Prévisions météorologiques
Last update / Last updated | Dernière mise à jour
Yes | Oui
No | Non
OK | OK
None | Aucun
Other | Autre
Others | Autres
All | Tous
Main course / Main courses | Plat principal | Plats principaux
Starters / Starter | Entrées
Desserts | Desserts
Drinks | Boissons
Dish of the day / Today's special | Plat du jour
""".strip().splitlines()


def _table(source: int) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in _PAIRS:
        english, *french = (part.strip() for part in line.split("|"))
        names = [part.strip() for part in english.split("/")]
        for known in names if source == 0 else french:
            found.setdefault(known.casefold(), french[0] if source == 0 else names[0])
    return found


LABELS = {"en": _table(0), "fr": _table(1)}
_DAYS_AND_MONTHS = (
    "Monday lundi Tuesday mardi Wednesday mercredi Thursday jeudi Friday vendredi Saturday samedi Sunday dimanche "
    "January janvier February février March mars April avril May mai June juin July juillet August août September "
    "septembre October octobre November novembre December décembre"
)
_CALENDAR = _DAYS_AND_MONTHS.split()
CALENDAR = {
    "en": dict(zip(_CALENDAR[::2], _CALENDAR[1::2], strict=True)),
    "fr": dict(zip(_CALENDAR[1::2], _CALENDAR[::2], strict=True)),
}
# What a sentence has and a label has not.
_SAID = {
    "en": (
        "i|you|he|she|it|we|they|i'm|you're|he's|she's|it's|we're|they're|i'll|i've|let's|is|are|was|were|am|have|has|had|do|does|did|don't|"
        "doesn't|didn't|can|can't|could|will|won't|would|should|must|may|might|who|whom|what|when|where|why|which|how|that|this|these|those|"
        "there|yes|hello|hi|please|dear|sorry|thanks|thank"
    ),
    "fr": (
        "je|j'ai|j|tu|il|elle|on|nous|vous|ils|elles|c'est|ce|cela|ça|est|sont|suis|es|sommes|êtes|ai|as|a|avons|avez|ont|était|qui|que|quoi|"
        "quand|où|pourquoi|comment|combien|quel|quelle|ne|n'est|y|oui|salut|merci|pardon|désolé|désolée|cher|chère|voici|voilà"
    ),
}
_SENTENCE = {language: re.compile(rf"(?<![\w'’])(?:{words})(?![\w])", re.I) for language, words in _SAID.items()}
MOST_WORDS = 5
_END = re.compile(r"(?P<core>.*?\w)(?P<end> ?(?::|…|\.\.\.|\?|\*)?)", re.S)
# Verbs with which buttons begin.
_VERBS = (
    "accept activate add allow apply archive ask attach block book browse buy call cancel change check choose "
    "clear click close compare complete configure confirm connect continue convert copy create customize cut "
    "deactivate decline delete deny disable disconnect discover display donate download drag duplicate edit "
    "enable enter erase export fill filter find finish follow forward get give go hide import insert install "
    "invite join keep learn leave load lock log make manage mark merge move mute open order paste pause pay pick "
    "play post press print publish read receive record reduce refresh register reject reload remove rename repeat "
    "replace reply report request reset restart restore resume retry return rotate save search see select sell "
    "send set share show sign skip sort start stop submit subscribe switch take test translate try turn type "
    "unblock undo uninstall unlock unsubscribe update upgrade upload use verify view visit wait watch write"
)
VERBS = frozenset(_VERBS.split())
_PRONOUN = re.compile(r"\b(?:me|us|him|her|them|my|our|yourself)\b", re.I)
_NOT_A_NOUN = re.compile(
    r"(?:out|in|on|off|at|by|for|from|to|up|down|with|without|under|over|not|no|never|only|and|or|if|as|about|all|more|less|very|too|"
    r"the|a|an|your|his|their)\b",
    re.I,
)
_VERB_FRAME = "I want to {}.", re.compile(r"Je veux (?P<core>.+?)\.?")
_NOUN_FRAME = "This is the {}.", re.compile(r"C'est (?:le |la |l'|les )(?P<core>.+?)\.?")
_ARTICLE = {"en": re.compile(r"the (?=\w)", re.I), "fr": re.compile(r"(?:les? |la |l'|une? |des )(?=\w)", re.I)}
_WITH_ARTICLE = re.compile(
    r"(?:(?:the|a|an|some|any|my|your|our|his|her|their|one|no|les?|la|une?|des|du|au|aux)\b|[ld]['’])", re.I
)
_INFINITIVE = re.compile(r"(?:s'|se )?\w+(?:er|ir|re)\b")
ADDED_BY_VERB, ADDED_BY_NOUN = 3, 4  # tokens of what stands around the label
INFINITIVE_GAIN = 1.2  # of a button's likelihood


class Label(NamedTuple):
    """text: what is translated in the place of a label; frame: what the translation must match; extra: tokens of the
    translation that are not the label's."""

    text: str
    frame: re.Pattern[str] | None
    extra: int


def label(text: str, source: str, target: str) -> str | None:
    """Return the translation of one of the common labels; None for any other text. One word alone must have a
    capital."""
    if (found := _END.fullmatch(text)) is None or {source, target} != {"en", "fr"}:
        return None
    core = found["core"].replace("’", "'")
    if day := CALENDAR[source].get(core if source == "en" else core.lower()):
        return day + end(found["end"], target)
    known = LABELS[source].get(core.casefold())
    if known is None or (core[:1].islower() and " " not in core):
        return None
    if core.isupper() and len(core) > 1:
        known = known.upper()
    elif core[:1].islower():
        known = known[:1].lower() + known[1:]
    return known + end(found["end"], target)


def split(text: str, language: str) -> tuple[str, str] | None:
    """Return a label and what ends it, such as a colon; None for what is a sentence, or may be one."""
    found = _END.fullmatch(text)
    if found is None or language not in _SENTENCE or found["end"].strip() in ("?", "*"):
        return None
    words = found["core"].split()
    if not text[:1].isupper() or len(words) > MOST_WORDS or _SENTENCE[language].search(found["core"].replace("’", "'")):
        return None
    return (found["core"], found["end"]) if not re.search(r"[,;.!?:]", found["core"]) else None


def asked(core: str, source: str) -> Iterator[Label]:
    """Yield the texts of which a label's translation may come."""
    small = re.sub(r"(?<= )[A-ZÀ-Þ](?=[a-zß-ÿ])", lambda m: m[0].lower(), core)
    if small != core:
        yield Label(core, None, 0)
    yield Label(small, None, 0)
    yield Label(small + ".", None, 1)
    yield Label(small + (":" if source == "en" else " :"), None, 1)
    words = small.split()
    if len(words) == 1:
        yield Label(small + "!" if source == "en" else small + " !", None, 1)
    elif source == "en":
        first = words[0].casefold()
        framed = first + small[len(first) :]
        if first in VERBS and not _PRONOUN.search(small):
            yield Label(_VERB_FRAME[0].format(framed), _VERB_FRAME[1], ADDED_BY_VERB)
        elif first not in VERBS and not _NOT_A_NOUN.match(first):
            yield Label(_NOUN_FRAME[0].format(framed), _NOUN_FRAME[1], ADDED_BY_NOUN)


def bare(translation: str, frame: re.Pattern[str] | None) -> str:
    """Return a translation without its frame and end mark; "" where the frame is not there."""
    if frame is None:
        return re.sub(r"[.!?: ]+$", "", translation)
    found = frame.fullmatch(translation)
    if found is None:
        return ""
    core = re.sub(r"^me (?=\w)", "se ", re.sub(r"^m'(?=\w)", "s'", found["core"]))
    return core[:1].upper() + core[1:]


def finished(translation: str, core: str, target: str) -> str:
    """Return a label's translation as labels are written: without an article that its source lacks."""
    if " " in core and not _WITH_ARTICLE.match(core) and (article := _ARTICLE[target].match(translation)):
        translation = translation[article.end() :]
        translation = translation[:1].upper() + translation[1:]
    return translation


def gain(translation: str, core: str, target: str) -> float:
    """Return the factor of a translation's likelihood: French buttons have the infinitive."""
    is_button = target == "fr" and core.split()[0].casefold() in VERBS
    return INFINITIVE_GAIN if is_button and _INFINITIVE.match(translation.casefold()) else 1.0


def end(mark: str, target: str) -> str:
    """Return what ends a label as the target language writes it: French sets a blank before a colon and a question
    mark."""
    sign = mark.strip()
    return f" {sign}" if target == "fr" and sign in (":", "?") else sign
