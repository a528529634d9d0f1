import os
import time

from lxml import etree
from odoo import http

from odoo.addons.website_sale.controllers.main import WebsiteSale

CPU_MS = float(os.environ.get("PEAKPROOF_EFFECT_SHOP_CPU_MS", "0"))
WAIT_S = float(os.environ.get("PEAKPROOF_EFFECT_SHOP_WAIT_MS", "0")) / 1000


# Pages are made of trees, dictionaries and strings. A tight loop would live in the processor's own cache and hardly notice a busy
# machine that slows everything else down, so its share would be another one whenever the machine is.
PAGE = "<table>%s</table>" % "".join("<tr class='r%d'><td>%d</td><td>a cell of a row</td></tr>" % (row, row) for row in range(400))


def burn(turns):
    for _turn in range(turns):
        tree = etree.fromstring(PAGE)
        texts = {cell.getparent().get("class"): cell.text for cell in tree.iter("td")}
        etree.tostring(tree)
    return len(texts) if turns else 0


def turns_per_ms():
    """turns_per_ms measures once, on a machine at rest: on a busy one the same work then takes longer, as all other work does."""
    turns = 40
    best = min(timed(turns) for _time in range(9))
    return turns / (1000 * best)


def timed(turns):
    started = time.thread_time()
    burn(turns)
    return time.thread_time() - started


TURNS = round(CPU_MS * turns_per_ms()) if CPU_MS else 0


class EffectShop(WebsiteSale):
    @http.route()
    def shop(self, *args, **kwargs):
        """shop works for nothing, and waits, before it does what it always does."""
        burn(TURNS)
        time.sleep(WAIT_S)
        return super().shop(*args, **kwargs)
