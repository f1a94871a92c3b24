"""Photos are read, checked and tied to parcels (照片举证)."""
