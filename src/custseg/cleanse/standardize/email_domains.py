"""What is known of e-mail domains: providers, their misspellings, carriers, throw-aways.

A domain that exists is never taken for a misspelling, however near it is to a larger one:
that is why the list of real ones is longer than the list of those misspelled.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from rapidfuzz.distance import OSA

from custseg.cleanse.standardize.words import words

PROVIDERS: Final = words(
    """
    gmail.com googlemail.com yahoo.com yahoo.co.jp hotmail.com hotmail.co.jp outlook.com
    outlook.jp icloud.com docomo.ne.jp ezweb.ne.jp softbank.ne.jp i.softbank.jp vodafone.ne.jp
    biglobe.ne.jp infoseek.jp excite.co.jp hotmail.co.uk yahoo.co.uk btinternet.com comcast.net
    verizon.net sbcglobal.net bellsouth.net protonmail.com hotmail.fr hotmail.de hotmail.it
    hotmail.es yahoo.fr yahoo.de yahoo.it yahoo.es yahoo.ca yahoo.com.br yahoo.com.au bigpond.com
    hanmail.net wanadoo.fr laposte.net t-online.de rediffmail.com
    """
)
"""Large providers, whose misspellings are worth looking for."""

REAL: Final = frozenset(PROVIDERS) | frozenset(
    words(
        """
        live.com live.jp so-net.ne.jp nifty.com plala.or.jp rakuten.jp ymail.ne.jp outlook.fr
        outlook.de naver.com orange.fr web.de libero.it mail.com email.com ymail.com
        rocketmail.com aol.com aol.jp aim.com me.com mac.com msn.com gmx.com gmx.net gmx.de
        gmx.at gmx.ch fastmail.com fastmail.fm hushmail.com zoho.com zohomail.com yandex.com
        yandex.ru mail.ru inbox.ru list.ru bk.ru rambler.ru tutanota.com proton.me pm.me duck.com
        hey.com qq.com 163.com 126.com 139.com sina.com sina.cn sohu.com foxmail.com aliyun.com
        daum.net nate.com kakao.com att.net cox.net charter.net earthlink.net juno.com
        optonline.net frontier.com windstream.net roadrunner.com mindspring.com netzero.net
        excite.com lycos.com usa.com usa.net post.com live.co.uk live.fr live.de live.it live.nl
        live.ca live.com.au hotmail.nl hotmail.be hotmail.se hotmail.ca hotmail.com.au
        hotmail.com.br outlook.com.br outlook.co.jp outlook.es outlook.it outlook.co.uk
        outlook.kr outlook.cl yahoo.co.in yahoo.in yahoo.com.cn yahoo.cn yahoo.com.tw
        yahoo.com.hk yahoo.com.sg yahoo.com.mx yahoo.com.ar yahoo.com.ph yahoo.com.vn yahoo.co.id
        yahoo.co.kr yahoo.co.nz yahoo.co.th yahoo.ie yahoo.gr yahoo.se yahoo.no yahoo.dk yahoo.pl
        yahoo.ro yahoo.ne.jp ybb.ne.jp yahoo-corp.co.jp yahoo.jp ymobile.ne.jp ymobile1.ne.jp
        emnet.ne.jp willcom.com pdx.ne.jp disney.ne.jp softbank.jp bb.softbank.jp softbank.co.jp
        au.com auone.jp kddi.com ido.ne.jp uqmobile.jp uqwimax.jp docomo.co.jp nttdocomo.com
        nttdocomo.co.jp mopera.net mopera.ne.jp rakuten.com rakuten.co.jp rakuten.ne.jp rmail.jp
        linemo.jp povo.jp ahamo.jp mineo.jp nifty.ne.jp nifty.jp ocn.ne.jp ocn.jp biglobe.jp
        biglobe.com plala.jp so-net.jp so-net.com odn.ne.jp odn.ad.jp dion.ne.jp hi-ho.ne.jp
        asahi-net.or.jp asahi-net.jp dti.ne.jp iij4u.or.jp sannet.ne.jp wakwak.com tiki.ne.jp
        ccn.ne.jp catv.ne.jp jcom.home.ne.jp jcom.zaq.ne.jp zaq.ne.jp eonet.ne.jp cyberhome.ne.jp
        commufa.jp tnc.ne.jp infoweb.ne.jp fiberbit.net infoseek.co.jp excite.jp goo.jp goo.ne.jp
        livedoor.com fc2.com aol.co.jp msn.co.jp eaccess.net virgin.net ntlworld.com talktalk.net
        sky.com blueyonder.co.uk tiscali.co.uk tiscali.it btopenworld.com freeserve.co.uk
        orange.net orange.es free.fr sfr.fr neuf.fr bbox.fr alice.it virgilio.it tin.it
        freenet.de arcor.de online.de posteo.de mailbox.org bluewin.ch telenet.be skynet.be
        ziggo.nl kpnmail.nl home.nl xs4all.nl planet.nl telia.com comhem.se online.no mail.dk
        seznam.cz centrum.cz wp.pl o2.pl onet.pl interia.pl op.pl abv.bg uol.com.br bol.com.br
        terra.com.br ig.com.br globo.com shaw.ca rogers.com sympatico.ca telus.net
        optusnet.com.au iinet.net.au westnet.com.au telstra.com xtra.co.nz vodafone.com
        vodafone.it vodafone.de example.com example.org example.net example.jp example.co.jp
        mail.co.jp mail.goo.ne.jp email.ne.jp email.co.jp
        """
    )
)
"""Domains that are what they seem."""

_CERTAIN: Final = {
    "gmail.com": """
        gmial.com gmaill.com gmali.com gamil.com gnail.com gmaol.com gmaik.com gmaio.com gmailc.om
        gmsil.com ggmail.com gmmail.com gmil.com gmeil.com gmaul.com gimail.com gmail.con gmail.cmo
        gmail.ocm gmail.comm gmail.coml gmail.vom gmail.xom gmail.cim gmail.clm gmail.ckm gmail.c0m
        gmail.cpm gmail.coom gmail.ccom gmail.comn gmailcom
        """,
    "yahoo.co.jp": """
        yaho.co.jp yahooo.co.jp yhaoo.co.jp yahho.co.jp tahoo.co.jp uahoo.co.jp yahoo.co.jo
        yahoo.co.jpp yahoo.co.pj yahoo.cojp yahooco.jp yahoo.co.lp yahoo.coo.jp yaahoo.co.jp
        yaoo.co.jp yahoo.co.j yafoo.co.jp yahoo.vo.jp yahoo.xo.jp
        """,
    "yahoo.com": "yahoo.con yahoo.cmo yahooo.com yaho.com yhoo.com yahho.com yahoo.comm yahoo.vom",
    "hotmail.com": """
        hotmial.com hotmai.com hotmal.com hotmil.com hotamil.com hotmaill.com hotnail.com
        homtail.com hotmail.con hotmail.cmo hotmail.comm hotmali.com hitmail.com hotmailcom
        """,
    "outlook.com": "outlok.com outloook.com outlook.con outlook.cmo otlook.com outllook.com",
    "icloud.com": "iclould.com icloud.con icloud.cmo icoud.com iclod.com icluod.com iclaud.com",
    "docomo.ne.jp": "docomo.ne.jpp docomo.nejp docomone.jp docomo.ne.jo docomo.ne.j",
    "ezweb.ne.jp": "ezweb.nejp ezwebne.jp ezweb.ne.jpp ezweb.ne.jo ezweb.ne.j",
    "softbank.ne.jp": "softbank.nejp softbankne.jp softbank.ne.jpp softbank.ne.jo softbank.ne.j",
}
"""Misspellings that can be nothing else: no such domain takes mail, or its owner lives of them."""

TYPOS: Final = {typo: right for right, typos in _CERTAIN.items() for typo in words(typos)}

_TOP_LEVEL_MEANT: Final = {
    **dict.fromkeys(
        words("con cmo ocm comm coml comn vom xom cim clm ckm c0m cpm coom ccom"), "com"
    ),
    **dict.fromkeys(words("jpp pj jpn"), "jp"),
    **dict.fromkeys(words("ner nte"), "net"),
    "ogr": "org",
}
"""Ends that are no top-level domain, and what was meant."""

_ELSEWHERE: Final = {
    **dict.fromkeys(words("gmail.jp gmail.co.jp gmail.ne.jp gmail.com.jp g-mail.com"), "gmail.com"),
    **dict.fromkeys(words("yahoo.com.jp yahoo.or.jp"), "yahoo.co.jp"),
    **dict.fromkeys(words("docomo.com docomo.jp docomo.or.jp"), "docomo.ne.jp"),
    **dict.fromkeys(words("ezweb.jp ezweb.com ezweb.co.jp"), "ezweb.ne.jp"),
    **dict.fromkeys(words("softbank.com softbank.or.jp"), "softbank.ne.jp"),
}
"""The provider's name under an end it does not use."""

NON_RFC_CARRIERS: Final = frozenset(
    words(
        """
        docomo.ne.jp ezweb.ne.jp au.com softbank.ne.jp i.softbank.jp disney.ne.jp willcom.com
        pdx.ne.jp ymobile.ne.jp ymobile1.ne.jp emnet.ne.jp
        """
    )
)
"""Japanese carriers that once gave out addresses with dots in a row, or at the end."""

_CARRIER_PARENTS: Final = (".vodafone.ne.jp", ".pdx.ne.jp", ".ezweb.ne.jp", ".ido.ne.jp")

ROLE_ACCOUNTS: Final = frozenset(
    words(
        """
        abuse accounting accounts admin administrator billing campaign careers company contact
        customer customerservice customersupport cs dev donotreply do-not-reply enquiries enquiry
        feedback finance hello help helpdesk hostmaster hr info infomation information inquiry it
        jinji jobs keiri kouhou mail mailer-daemon marketing media news newsletter no-reply noc
        noreply office order orders otoiawase ownermail postmaster pr press privacy purchasing
        recruit recruiting reception root sales saiyo security service shop soumu staff store
        subscribe support sysadmin tech toiawase unsubscribe usenet user users webmaster www
        """
    )
)
"""Local parts that a function reads, not a person."""

_FOLDING_DOTS: Final = frozenset({"gmail.com", "googlemail.com"})
_FOLDING_PLUS: Final = _FOLDING_DOTS | frozenset(
    words(
        """
        outlook.com outlook.jp hotmail.com hotmail.co.jp live.com live.jp msn.com icloud.com
        me.com mac.com protonmail.com proton.me pm.me fastmail.com fastmail.fm yandex.com
        zoho.com
        """
    )
)


def match_key(email: str) -> str:
    """Give the loosest form of an address: one mailbox, one key.

    Case never counts; dots do not at Gmail; what follows a plus does not where the provider is
    known to ignore it.
    """
    local, _, domain = email.lower().rpartition("@")
    if domain in _FOLDING_PLUS:
        local = local.partition("+")[0] or local
    if domain in _FOLDING_DOTS:
        local, domain = local.replace(".", "") or local, "gmail.com"
    return f"{local}@{domain}"


def is_carrier(domain: str) -> bool:
    """Whether a domain is of a carrier whose older addresses break RFC 5321."""
    return domain in NON_RFC_CARRIERS or domain.endswith(_CARRIER_PARENTS)


def corrected(domain: str) -> str:
    """Give the domain that a misspelling certainly means; ``""`` for none."""
    return TYPOS.get(domain, "")


def suggested(domain: str) -> str:
    """Give the provider that a domain is one slip of the keyboard away from; ``""`` for none."""
    if domain in REAL:
        return ""
    head, _, end = domain.rpartition(".")
    if head and end in _TOP_LEVEL_MEANT:
        return f"{head}.{_TOP_LEVEL_MEANT[end]}"
    if domain in _ELSEWHERE:
        return _ELSEWHERE[domain]
    for provider in _by_initial().get(domain[:1], ()):
        if abs(len(provider) - len(domain)) <= 1 and OSA.distance(domain, provider) == 1:
            return provider
    return ""


@cache
def _by_initial() -> Mapping[str, tuple[str, ...]]:
    """Group the providers by their first letter, which a slip seldom spoils."""
    initials = sorted({provider[0] for provider in PROVIDERS})
    return {
        initial: tuple(provider for provider in PROVIDERS if provider[0] == initial)
        for initial in initials
    }
