"""A delivery becomes parcels; sources become layers; a report of what was found."""
