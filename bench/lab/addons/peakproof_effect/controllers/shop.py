import os
import time

from odoo import http

from odoo.addons.website_sale.controllers.main import WebsiteSale

CPU_MS = float(os.environ.get("PEAKPROOF_EFFECT_SHOP_CPU_MS", "0"))
WAIT_S = float(os.environ.get("PEAKPROOF_EFFECT_SHOP_WAIT_MS", "0")) / 1000


def burn(turns):
    total = 0
    for turn in range(turns):
        total += turn & 7
    return total


def turns_per_ms():
    """turns_per_ms measures once, on a machine at rest: on a busy one the same work then takes longer, as all other work does."""
    turns = 200000
    best = min(timed(turns) for _time in range(9))
    return turns / (1000 * best)


def timed(turns):
    started = time.thread_time()
    burn(turns)
    return time.thread_time() - started


TURNS = int(CPU_MS * turns_per_ms()) if CPU_MS else 0


class EffectShop(WebsiteSale):
    @http.route()
    def shop(self, *args, **kwargs):
        """shop works for nothing, and waits, before it does what it always does."""
        burn(TURNS)
        time.sleep(WAIT_S)
        return super().shop(*args, **kwargs)
