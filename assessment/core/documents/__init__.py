"""Documents that are requested, and the codes that verify them."""
