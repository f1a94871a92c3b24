"""Deliveries by other hands: programs that people use write files, and reading them ends in the right parcels or one right sentence."""
