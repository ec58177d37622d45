"""An authority's answers in a round: checked, encoded, scored."""
