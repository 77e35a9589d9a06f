"""Phone calls over a company's own Asterisk: control by ARI, sound by AudioSocket."""
