"""What authors have in hand: forms not saved yet, and which unit proves which outcome."""
