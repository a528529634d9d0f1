import os
import time

from odoo import http

from odoo.addons.website_sale.controllers.main import WebsiteSale

CPU_S = float(os.environ.get("PEAKPROOF_EFFECT_SHOP_CPU_MS", "0")) / 1000
WAIT_S = float(os.environ.get("PEAKPROOF_EFFECT_SHOP_WAIT_MS", "0")) / 1000


class EffectShop(WebsiteSale):
    @http.route()
    def shop(self, *args, **kwargs):
        """shop burns CPU time of its own thread, and waits, before it does what it always does."""
        until = time.thread_time() + CPU_S
        while time.thread_time() < until:
            pass
        time.sleep(WAIT_S)
        return super().shop(*args, **kwargs)
