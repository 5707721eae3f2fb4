"""The generation services: one file each behind one seam, and the HTTP they share."""
