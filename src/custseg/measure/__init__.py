"""What a campaign did: treated against held out, channels and campaigns of purchases, planning."""
