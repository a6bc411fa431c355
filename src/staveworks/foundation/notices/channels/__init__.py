"""The ways out behind one port: a sink, SMTP, an HTTP provider of SMS, three kinds of group robots."""
