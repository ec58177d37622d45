"""An online maturity self-assessment of innovation procurement."""
