import os
import time

from lxml import etree
from odoo import http

from odoo.addons.website_sale.controllers.main import WebsiteSale

CPU_MS = float(os.environ.get("PEAKPROOF_EFFECT_SHOP_CPU_MS", "0"))
WAIT_S = float(os.environ.get("PEAKPROOF_EFFECT_SHOP_WAIT_MS", "0")) / 1000


# Rendering a page uses trees, dictionaries and strings. A tight loop would fit into the processor's cache and would slow down less
# than the page on a busy machine, so its share of the work would depend on the load of the machine.
PAGE = "<table>%s</table>" % "".join("<tr class='r%d'><td>%d</td><td>a cell of a row</td></tr>" % (row, row) for row in range(400))


def burn(turns):
    for _turn in range(turns):
        tree = etree.fromstring(PAGE)
        texts = {cell.getparent().get("class"): cell.text for cell in tree.iter("td")}
        etree.tostring(tree)
    return len(texts) if turns else 0


def turns_per_ms():
    """turns_per_ms is measured once on a resting machine. On a busy machine the work takes longer, as all other work does."""
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
        """shop burns CPU time and waits before it renders the page."""
        burn(TURNS)
        time.sleep(WAIT_S)
        return super().shop(*args, **kwargs)
