"""From policy text to checked policies: every node knows where it stands, every problem is collected."""
