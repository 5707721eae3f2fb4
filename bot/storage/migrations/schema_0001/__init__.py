"""The parts of revision 0001. Frozen once released, like the revision itself."""
