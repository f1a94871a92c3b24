"""What things are: records that travel or are stored, messages, errors; the lowest floor of the house."""
