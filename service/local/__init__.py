"""What runs on one machine only: embedded PostgreSQL, mailbox, provider, and who watches them."""
