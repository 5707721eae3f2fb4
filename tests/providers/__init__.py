"""Tests of the generation services: what is sent, what every answer means, how results are fetched."""
