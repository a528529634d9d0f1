import os

from odoo import models

STATEMENTS = int(os.environ.get("PEAKPROOF_EFFECT_STATEMENTS", "0"))


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def action_confirm(self):
        """action_confirm runs some additional SQL statements."""
        for _order in self:
            for _time in range(STATEMENTS):
                self.env.cr.execute("SELECT count(*) FROM res_country WHERE code = 'XX'")
        return super().action_confirm()
