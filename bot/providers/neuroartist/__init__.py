"""NeuroArtist: requests for single results, submitted and polled."""
